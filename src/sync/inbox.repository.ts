import type { Transaction } from '../platform/database/database.js';
import { enqueueFetch } from './sync-jobs.js';
import { execute, json, rows, sql } from '../platform/database/sql.js';

/** A record to look at: named by a webhook, by a stream, or by the hub itself. */
export interface InboxEntry {
  readonly dedupeKey: string;
  readonly object: string;
  readonly externalId: string;
  readonly kind: string;
  /** ISO 8601, system's clock: when the properties in `changed` changed. */
  readonly occurredAt?: string;
  readonly changed?: readonly string[];
}

/** Stores events once each; returns how many were new. Of the key only a hash: vendors put records' ids into it. */
export async function storeEvents(
  tx: Transaction,
  connectionId: string,
  entries: readonly InboxEntry[],
): Promise<number> {
  if (entries.length === 0) return 0;
  return execute(
    tx,
    sql`insert into inbox_event (connection_id, dedupe_key, object, external_id, kind, occurred_at, changed)
     select ${connectionId}::uuid, encode(sha256(convert_to(e."dedupeKey", 'UTF8')), 'base64'), e.object, e."externalId", e.kind, e."occurredAt", e.changed
       from jsonb_to_recordset(${json(entries)}) as e("dedupeKey" text, object text, "externalId" text, kind text,
                                               "occurredAt" timestamptz, changed jsonb)
     on conflict (connection_id, dedupe_key) do nothing`,
  );
}

/** Has records read again: what was read of them is older than what is stored, or they are not known yet. */
export async function lookAgain(
  tx: Transaction,
  target: { connectionId: string; object: string; externalIds: readonly string[] },
): Promise<void> {
  if (target.externalIds.length === 0) return;
  await execute(
    tx,
    sql`insert into inbox_event (connection_id, dedupe_key, object, external_id, kind)
     select ${target.connectionId}::uuid, 'hub:' || gen_random_uuid(), ${target.object}, wanted, 'changed'
       from unnest(${[...new Set(target.externalIds)]}::text[]) as wanted
      where not exists (select from inbox_event e where e.connection_id = ${target.connectionId}::uuid and e.object = ${target.object}
                           and e.external_id = wanted and e.done_at is null)`,
  );
  await enqueueFetch(tx, target.connectionId);
}

export interface PendingEvent {
  readonly id: string;
  readonly object: string;
  readonly externalId: string;
  readonly kind: string;
  /** ISO 8601, system's clock: when the properties in `changed` changed. */
  readonly occurredAt: string | null;
  readonly changed: readonly string[] | null;
}

/** The oldest events not handled yet. */
export async function pendingEvents(
  tx: Transaction,
  connectionId: string,
  limit: number,
): Promise<PendingEvent[]> {
  return rows(
    tx,
    sql`select id::text as id, object, external_id as "externalId", kind, changed,
            to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "occurredAt"
       from inbox_event
      where connection_id = ${connectionId}::uuid and done_at is null order by inbox_event.id limit ${limit}`,
  );
}

export async function markHandled(tx: Transaction, eventIds: readonly string[]): Promise<void> {
  await execute(tx, sql`update inbox_event set done_at = now() where id = any(${eventIds}::bigint[])`);
}

/** Handled events are kept for three days, longer than any vendor redelivers, to know a redelivery again. */
export async function forgetHandled(tx: Transaction): Promise<number> {
  return execute(tx, sql`delete from inbox_event where done_at < now() - interval '3 days'`);
}
