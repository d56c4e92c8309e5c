import type { CallSlot, QuotaState } from '../core/quota/budget.js';
import { execute, firstRow, json, rows, sql, type Queryable, type Sql } from '../platform/database/index.js';
import type { LimiterUse } from '../platform/http/index.js';

/** Kinds of work that wait when no call may be made. */
export type WaitingWork = 'pull' | 'push' | 'fetch';

/** Until when work waits, ms. */
export type Waits = Readonly<Partial<Record<WaitingWork, number>>>;

/** What one process adds to what all know of a connection's calls. */
export interface LedgerEntry {
  readonly connectionId: string;
  readonly processId: string;
  /** ms, hub's clock. */
  readonly now: number;
  /** Calls made since the last entry. */
  readonly slots: readonly CallSlot[];
  /** What the vendor told since then; null when nothing. */
  readonly seen: {
    readonly at: number;
    readonly limit: number | null;
    readonly others: number;
    readonly exhausted: boolean;
  } | null;
  readonly timeZone: string | null;
  readonly use: LimiterUse;
}

/** What all processes know together. */
export interface Ledger extends Omit<QuotaState, 'day'> {
  /** What other processes did in the last seconds. */
  readonly peers: readonly LimiterUse[];
  readonly waits: Waits;
}

/** A process that told nothing for so long has ended, or calls nobody. */
const PEER_MS = 30_000;
/** A day that rolls, and the day before an answer that is a day old. */
const KEPT_MS = 49 * 3_600_000;

interface LedgerRow {
  readonly limit: number | null;
  readonly others: number;
  readonly seenAt: number | null;
  readonly exhaustedAt: number | null;
  readonly timeZone: string | null;
  readonly recent: Readonly<Record<string, { readonly at: number; readonly use: LimiterUse }>>;
  readonly waits: Waits;
  /** Before this entry: [ms, urgent, backfill]. */
  readonly slots: readonly (readonly [number, number, number])[];
}

/** One statement: adds this process's part, and answers with the whole. */
export async function exchange(db: Queryable, entry: LedgerEntry): Promise<Ledger> {
  const { connectionId, processId, now, seen } = entry;
  const row = await firstRow<LedgerRow>(
    db,
    sql`with counted as (
       insert into call_count (connection_id, slot, urgent, backfill)
       select ${connectionId}::uuid, to_timestamp(s.at / 1000), s.urgent, s.backfill
         from jsonb_to_recordset(${json(entry.slots)}) as s(at float8, urgent int, backfill int) order by s.at
       on conflict (connection_id, slot) do update
          set urgent = call_count.urgent + excluded.urgent, backfill = call_count.backfill + excluded.backfill)
     insert into call_quota as q (connection_id, day_limit, others, seen_at, exhausted_at, time_zone, recent)
     values (${connectionId}::uuid, ${seen?.limit ?? null}::int, ${seen?.others ?? 0}::int,
             to_timestamp(${seen?.at ?? null}::float8 / 1000),
             case when ${seen?.exhausted ?? false}::boolean then to_timestamp(${seen?.at ?? null}::float8 / 1000) end,
             ${entry.timeZone}, ${json({ [processId]: { at: now, use: entry.use } })})
     on conflict (connection_id) do update
        set day_limit = case when q.seen_at > excluded.seen_at then q.day_limit else coalesce(excluded.day_limit, q.day_limit) end,
            others = case when excluded.seen_at is null or excluded.day_limit is null or q.seen_at > excluded.seen_at
                          then q.others else excluded.others end,
            exhausted_at = case when excluded.seen_at is null or q.seen_at > excluded.seen_at then q.exhausted_at
                                else excluded.exhausted_at end,
            seen_at = greatest(q.seen_at, excluded.seen_at),
            time_zone = coalesce(excluded.time_zone, q.time_zone),
            recent = coalesce((select jsonb_object_agg(p.key, p.value) from jsonb_each(q.recent) p
                                where (p.value ->> 'at')::float8 > ${now - PEER_MS}::float8), '{}') || excluded.recent
     returning day_limit as limit, others, recent, waits, time_zone as "timeZone",
               (extract(epoch from seen_at) * 1000)::float8 as "seenAt",
               (extract(epoch from exhausted_at) * 1000)::float8 as "exhaustedAt",
               ${slotsSince(now, sql`${connectionId}::uuid`)} as slots`,
  );
  if (row === undefined) throw new Error('An upsert returned nothing.');
  const { recent, slots, ...state } = row;
  return {
    ...state,
    slots: addSlots(slots.map(slotOf), entry.slots),
    peers: Object.entries(recent).flatMap(([id, { use }]) => (id === processId ? [] : [use])),
  };
}

/** What all processes know of some connections, without adding to it. */
export async function readLedgers(
  db: Queryable,
  connectionIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, Omit<Ledger, 'peers'>>> {
  const found = await rows<Omit<LedgerRow, 'recent'> & { id: string }>(
    db,
    sql`select q.connection_id::text as id, q.day_limit as limit, q.others, q.waits, q.time_zone as "timeZone",
               (extract(epoch from q.seen_at) * 1000)::float8 as "seenAt",
               (extract(epoch from q.exhausted_at) * 1000)::float8 as "exhaustedAt", ${slotsSince(now, sql`q.connection_id`)} as slots
          from call_quota q where q.connection_id = any(${connectionIds}::uuid[])`,
  );
  return new Map(found.map(({ id, slots, ...state }) => [id, { ...state, slots: slots.map(slotOf) }]));
}

function slotsSince(now: number, connectionId: Sql): Sql {
  return sql`coalesce((select json_agg(json_build_array((extract(epoch from c.slot) * 1000)::float8, c.urgent, c.backfill))
                         from call_count c where c.connection_id = ${connectionId}
                          and c.slot > to_timestamp(${now - KEPT_MS}::float8 / 1000)), '[]')`;
}

function slotOf([at, urgent, backfill]: LedgerRow['slots'][number]): CallSlot {
  return { at, urgent, backfill };
}

/** Calls that count no more, whatever way a vendor counts. */
export async function forgetCounts(db: Queryable): Promise<void> {
  await execute(
    db,
    sql`delete from call_count where slot < now() - make_interval(secs => ${(2 * KEPT_MS) / 1000}::float8)`,
  );
}

/** Until when a kind of work waits; null when it goes on. */
export async function setWait(
  db: Queryable,
  connectionId: string,
  work: WaitingWork,
  until: number | null,
): Promise<void> {
  await execute(
    db,
    sql`insert into call_quota as q (connection_id, waits) values (${connectionId}::uuid, ${json(until === null ? {} : { [work]: until })})
     on conflict (connection_id) do update set waits = (q.waits - ${work}::text) || excluded.waits`,
  );
}

export function addSlots(some: readonly CallSlot[], more: readonly CallSlot[]): readonly CallSlot[] {
  if (more.length === 0) return some;
  const slots = new Map(some.map((slot) => [slot.at, slot]));
  for (const { at, urgent, backfill } of more) {
    const known = slots.get(at) ?? { urgent: 0, backfill: 0 };
    slots.set(at, { at, urgent: known.urgent + urgent, backfill: known.backfill + backfill });
  }
  return [...slots.values()];
}
