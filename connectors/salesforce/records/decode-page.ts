import type { PullPage } from '../../../src/sdk/index.js';
import type { Row, SalesforceClient } from '../client.js';
import type { Cursor } from '../config.js';
import { decodeRecord, tombstoneOf } from './decode.js';
import { isOwner, type Column } from './describe.js';
import { ownerEmails } from './owners.js';

/** Live records and tombstones of some rows. */
export async function decodePage(
  client: SalesforceClient,
  rows: readonly Row[],
  columns: readonly Column[],
): Promise<Pick<PullPage<Cursor>, 'records' | 'tombstones'>> {
  const owned = columns.some((column) => isOwner(column.field));
  const owners = owned ? await ownerEmails(client, rows) : new Map<string, string | null>();
  const options = { columns, owners, instanceUrl: client.instanceUrl };
  const dead = rows.map(tombstoneOf);
  return {
    records: rows.filter((_row, index) => dead[index] === undefined).map((row) => decodeRecord(row, options)),
    tombstones: dead.filter((tombstone) => tombstone !== undefined),
  };
}
