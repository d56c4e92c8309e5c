/** After a write, the values as Salesforce stored them: trimmed, lower-cased, filled in by defaults and automation. */
import type { PushOutcome } from '../../../src/sdk/index.js';
import type { Row, SalesforceClient } from '../client.js';
import { codecFor, NO_CODEC } from '../records/codec.js';
import { decodeValues, modifiedAt, tombstoneOf, type Codec } from '../records/decode.js';
import type { Column } from '../records/describe.js';
import { fullId } from '../api/ids.js';
import { rowsById } from '../records/select.js';
import type { Desk } from './write.js';

/** A record that was written. */
export interface Stored {
  readonly key: string;
  readonly id: string;
  /** As sent. */
  readonly fields: Row;
  readonly sent: readonly Column[];
  /** What is to be reported. */
  readonly columns: readonly Column[];
  readonly found: boolean;
}

/** Never fails: a record whose values can't be read is stored as it was sent, as far as anyone knows. */
export async function readBack(desk: Desk, stored: readonly Stored[]): Promise<readonly PushOutcome[]> {
  if (stored.length === 0) return [];
  const { rows, codec } = await look(desk, stored);
  return stored.map((one) => outcomeOf(desk.client, one, { row: rows.get(one.id), codec }));
}

async function look(
  desk: Desk,
  stored: readonly Stored[],
): Promise<{ readonly rows: ReadonlyMap<string, Row>; readonly codec: Codec }> {
  const { client, target } = desk;
  const columns = [
    ...new Map(stored.flatMap((one) => one.columns.map((column) => [column.property, column]))).values(),
  ];
  try {
    const rows = await rowsById(client, target, { ids: stored.map((one) => one.id), columns });
    return { rows, codec: await codecFor(client, columns, [...rows.values()]) };
  } catch {
    client.ctx.log.warn('salesforce records were written but could not be read back', {
      records: stored.length,
    });
    return { rows: new Map<string, Row>(), codec: NO_CODEC };
  }
}

function outcomeOf(
  client: SalesforceClient,
  stored: Stored,
  seen: { readonly row: Row | undefined; readonly codec: Codec },
): PushOutcome {
  const { key, id, found } = stored;
  const { row, codec } = seen;
  const gone = row && tombstoneOf(row);
  if (gone !== undefined)
    return { key, status: 'gone', ...(gone.mergedInto === undefined ? {} : { mergedInto: gone.mergedInto }) };
  const mark = found ? { found } : {};
  // Somebody has changed the record since: what stands there now is their word, not what our write became.
  if (row === undefined || (!found && changedByOther(client, row)))
    return { key, status: 'stored', id, values: decodeValues(stored.fields, stored.sent, codec), ...mark };
  const values = decodeValues(row, stored.columns, codec);
  return { key, status: 'stored', id, values, modifiedAt: modifiedAt(row), ...mark };
}

function changedByOther(client: SalesforceClient, row: Row): boolean {
  const ours = fullId(client.userId ?? '');
  const last = row['LastModifiedById'];
  return ours !== undefined && typeof last === 'string' && fullId(last) !== ours;
}
