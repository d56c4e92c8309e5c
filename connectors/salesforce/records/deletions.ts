/**
 * Deletions by the delete log, for objects whose recycle bin makes a query over deleted records too dear. REST API
 * Developer Guide, "Get Deleted Records": fifteen days back; merges look like deletions, so those still in the bin
 * are read by id.
 */
import type { Tombstone } from '../../../src/sdk/index.js';
import { isObject, unreadableAnswer } from '../api/api-failure.js';
import { patiently } from '../api/patience.js';
import type { SalesforceClient } from '../client.js';
import type { SObject } from '../objects.js';
import { tombstoneOf, utc } from './decode.js';
import { rowsById } from './select.js';

export interface Deletions {
  readonly tombstones: readonly Tombstone[];
  /** The log is complete up to here, ISO 8601; later deletions may still come into it. */
  readonly coveredTo: string;
}

const DAY_MS = 86_400_000;
/** An hour short of what the log keeps, for clocks that differ. */
const REACH_MS = 15 * DAY_MS - 3_600_000;
const SHORTEST_MS = 60_000;

/** What was deleted since `from` (ms, system's clock) and does not live again; no further back than the log. */
export async function deletionsSince(
  client: SalesforceClient,
  target: SObject,
  from: number,
): Promise<Deletions> {
  const now = client.ctx.http.serverTime(client.ctx.clock.now());
  const end = now + SHORTEST_MS;
  const start = Math.min(Math.max(from, now - REACH_MS), end - 2 * SHORTEST_MS);
  const query = new URLSearchParams({ start: minute(start), end: minute(end) });
  const path = `/sobjects/${target.type}/deleted/?${query.toString()}`;
  const answer = await patiently(client.ctx, () => client.json({ method: 'GET', path }));
  if (!isObject(answer) || !Array.isArray(answer['deletedRecords'])) throw unreadableAnswer(200);
  const logged = answer['deletedRecords'].filter(isObject).flatMap(({ id, deletedDate }) => {
    const deletedAt = utc(deletedDate);
    return typeof id === 'string' && deletedAt !== undefined ? [{ id, deletedAt }] : [];
  });
  const rows = await rowsById(client, target, { ids: logged.map(({ id }) => id), columns: [] });
  return {
    tombstones: logged.flatMap((tombstone): readonly Tombstone[] => {
      const row = rows.get(tombstone.id);
      if (row === undefined) return [tombstone];
      const found = tombstoneOf(row);
      return found === undefined ? [] : [found];
    }),
    coveredTo: utc(answer['latestDateCovered']) ?? new Date(start).toISOString(),
  };
}

/** The call ignores seconds. */
function minute(at: number): string {
  return new Date(Math.floor(at / SHORTEST_MS) * SHORTEST_MS).toISOString().replace('.000Z', '+00:00');
}
