/** What is in every org from the beginning: its users, and the stages of its sales process. */
import { fullId } from '../api/ids.js';
import { STAGES } from './fields.js';
import type { StoredRow } from './store.js';

export const USERS = { sync: idFor('005', 1), rep: idFor('005', 2) } as const;

export const FIRST_ROWS: readonly { readonly type: string; readonly row: StoredRow }[] = [
  { type: 'User', row: user(USERS.sync, 'sync@sandbox.example') },
  { type: 'User', row: user(USERS.rep, 'rep@sandbox.example') },
  ...STAGES.map(({ name, closed, won }, index) => ({
    type: 'OpportunityStage',
    row: {
      Id: idFor('01J', index + 1),
      ApiName: name,
      MasterLabel: name,
      SortOrder: index + 1,
      IsActive: true,
      IsClosed: closed,
      IsWon: won,
    },
  })),
];

function user(id: string, email: string): StoredRow {
  return { Id: id, Username: email, Email: email, IsActive: true, UserType: 'Standard' };
}

export function idFor(prefix: string, serial: number): string {
  const id = fullId(`${prefix}SB0${serial.toString(36).toUpperCase().padStart(9, '0')}`);
  if (id === undefined) throw new Error('the id is not well-formed');
  return id;
}
