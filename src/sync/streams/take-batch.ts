import type { ActiveConnection, ObjectSetup } from '../../connections/active-connection.js';
import { objectOf } from '../../connections/active-connection.js';
import type { Transaction } from '../../platform/database/index.js';
import type { StreamBatch, StreamEvent } from '../../sdk/index.js';
import { storeEvents, type InboxEntry } from '../inbox.repository.js';
import { enqueueFetch } from '../sync-jobs.js';
import { explainedByWrites } from './own-events.repository.js';
import { advance } from './stream.repository.js';

/**
 * Stores what a batch says to look at, with its position: all or nothing with the caller's transaction. Left out is
 * what changed in no property that is synced, and what the hub itself wrote.
 *
 * @returns how many events were new
 */
export async function takeBatch(
  tx: Transaction,
  batch: StreamBatch<unknown>,
  { connection, clockOffsetMs }: { connection: ActiveConnection; clockOffsetMs: number },
): Promise<number> {
  const relevant = batch.events.flatMap((event) => {
    const setup = objectOf(connection, event.object);
    return setup === undefined || event.changed?.length === 0 ? [] : [{ event, setup }];
  });
  const own = relevant.filter(({ event }) => event.own);
  const times = own.map(({ event }) => Date.parse(event.occurredAt ?? '') - clockOffsetMs);
  const explained = await explainedByWrites(tx, connection.id, {
    events: own.map(({ event, setup }) => ({
      dedupeKey: event.dedupeKey,
      object: event.object,
      externalId: event.id,
      kind: event.kind,
      fields: fieldsOf(event, setup),
    })),
    since: Math.min(Date.now(), ...times.filter((time) => !Number.isNaN(time))),
  });
  const news = relevant.filter(({ event }) => !explained.has(event.dedupeKey));
  const stored = await storeEvents(
    tx,
    connection.id,
    news.map(({ event }) => entryOf(event)),
  );
  if (stored > 0) await enqueueFetch(tx, connection.id);
  await advance(tx, connection.id, {
    position: batch.position,
    owesRead: batch.gap !== undefined,
    heard: batch.events.length > 0,
  });
  return stored;
}

/** A write of the hub is nobody's word: its time is not kept for what changed in its wake. */
function entryOf({ dedupeKey, object, id, kind, occurredAt, changed, own }: StreamEvent): InboxEntry {
  const timed = !own && occurredAt !== undefined && changed !== undefined;
  return { dedupeKey, object, externalId: id, kind, ...(timed ? { occurredAt, changed } : {}) };
}

function fieldsOf({ changed }: StreamEvent, { mapping }: ObjectSetup): readonly string[] | null {
  if (changed === undefined) return null;
  const properties = new Set(changed);
  return [...new Set(mapping.filter((line) => properties.has(line.property)).map((line) => line.field))];
}
