import type { PullPage } from '../../../src/sdk/index.js';
import type { Row, SalesforceClient } from '../client.js';
import type { Cursor } from '../config.js';
import type { SObject } from '../objects.js';
import { codecFor, sharedCurrency } from './codec.js';
import { decodeRecord, tombstoneOf } from './decode.js';
import type { Column } from './describe.js';
import { CONTACT_ROLES, withRoles } from './roles.js';

/** What is read of an object: its fields, and the properties that are shown apart. */
export interface Wanted {
  readonly target: SObject;
  readonly columns: readonly Column[];
  readonly properties: readonly string[];
}

/** Live records and tombstones of some rows. */
export async function decodePage(
  client: SalesforceClient,
  rows: readonly Row[],
  wanted: Wanted,
): Promise<Pick<PullPage<Cursor>, 'records' | 'tombstones'>> {
  const { columns, properties, target } = wanted;
  const codec = await codecFor(client, columns, rows);
  const options = { columns, codec, instanceUrl: client.instanceUrl };
  const dead = rows.map(tombstoneOf);
  const currency = await sharedCurrency(client, target, wanted);
  const records = rows
    .filter((_row, index) => dead[index] === undefined)
    .map((row) => decodeRecord(row, options))
    .map((record) => ({ ...record, values: { ...record.values, ...currency } }));
  const linked = target.object === 'opportunity' && properties.includes(CONTACT_ROLES);
  return {
    records: linked && records.length > 0 ? await withRoles(client, records) : records,
    tombstones: dead.filter((tombstone) => tombstone !== undefined),
  };
}
