import type { HoldReason, WriteCounts } from '../core/breaker/index.js';
import type { Queryable, Transaction } from '../platform/database/database.js';
import { execute, firstRow, json, rows, sql } from '../platform/database/sql.js';
import type { Entity } from '../sdk/index.js';
import type { IntentWrite } from './outbox.repository.js';

/** States of a gate. What is rejected stays unwritten until somebody approves it, or the golden record says something else. */
export type GateState = 'open' | 'held' | 'approved' | 'rejected';

export type GateCounts = Readonly<Partial<Record<Entity, WriteCounts & { readonly records: number }>>>;

/** Writes of one run that wait for one connection, and may go or are still to be judged. */
export interface WaitingGroup {
  /** Null: no run caused them but a webhook, an edit, another configuration. */
  readonly runId: string | null;
  readonly entity: Entity;
  readonly kind: IntentWrite['kind'];
  readonly count: number;
  readonly gate: 'open' | 'approved' | null;
  /** Who said yes beforehand. */
  readonly approvedBy: string | null;
}

export async function waitingGroups(tx: Transaction, connectionId: string): Promise<WaitingGroup[]> {
  return rows(
    tx,
    sql`select i.run_id::text as "runId", i.entity, i.kind, count(*)::int as count, g.state as gate,
            r.approved_by as "approvedBy"
       from push_intent i
       left join run r on r.id = i.run_id
       left join run_gate g on g.run_id = i.run_id and g.connection_id = i.connection_id
      where i.connection_id = ${connectionId}::uuid and i.sent_at is null
        and (g.state is null or g.state in ('open', 'approved'))
      group by 1, 2, 3, 5, 6`,
  );
}

/** What decides whether waiting writes can be judged now, and by what they are measured. */
export interface GateFacts {
  readonly cleared: boolean;
  /** All objects of the connection were read to their end. */
  readonly objectsRead: number;
  /** Runs of those asked about that are still being read or resolved. */
  readonly unfinished: readonly string[];
  /** What waits to be resolved and belongs to no run. */
  readonly unresolved: number;
  /** Some run goes on, whichever. */
  readonly busy: boolean;
  /** The run whose writes wait for a person already. */
  readonly heldRun: string | null;
  /** Records written, by run and object; for no run those of the last hour, since the last decision. */
  readonly written: readonly {
    readonly runId: string | null;
    readonly object: string;
    readonly count: number;
  }[];
}

/** More than this is not counted: it is a lot. */
const MANY_TASKS = 100_000;

export async function gateFacts(
  tx: Transaction,
  connectionId: string,
  asked: { readonly runIds: readonly string[]; readonly withoutRun: boolean },
): Promise<GateFacts> {
  const facts = await firstRow<GateFacts>(
    tx,
    sql`select c.cleared_at is not null as cleared,
            (select count(*)::int from sync_cursor s where s.connection_id = c.id and s.complete_at is not null) as "objectsRead",
            (select coalesce(json_agg(u.id), '[]') from unnest(${asked.runIds}::uuid[]) as u(id)
              where exists (select from run_part p where p.run_id = u.id and p.state in ('queued', 'pulling'))
                 or exists (select from resolve_task t where t.run_id = u.id)) as unfinished,
            (select count(*)::int from (select from resolve_task t where t.run_id is null limit ${MANY_TASKS}) few) as unresolved,
            exists (select from run r where r.state = 'running') as busy,
            (select g.run_id::text from run_gate g where g.connection_id = c.id and g.state = 'held' limit 1) as "heldRun",
            (select coalesce(json_agg(w), '[]') from (
               select n.run_id::text as "runId", n.object, n.created + n.updated + n.archived as count
                 from run_count n where n.connection_id = c.id and n.run_id = any(${asked.runIds}::uuid[])
               union all
               select null, w.object, count(distinct w.external_id)::int from write_receipt w
                where ${asked.withoutRun}::boolean and w.connection_id = c.id and w.run_id is null
                  and w.at > greatest(now() - interval '1 hour',
                                      (select max(g.decided_at) from run_gate g where g.connection_id = c.id))
                group by w.object) w) as written
       from connection c where c.id = ${connectionId}::uuid`,
  );
  if (facts === undefined) throw new Error(`There is no connection ${connectionId}.`);
  return facts;
}

/** Live records of a connection. */
export async function recordCounts(
  tx: Transaction,
  connectionId: string,
): Promise<Partial<Record<Entity, number>>> {
  const found = await rows<{ entity: Entity; count: number }>(
    tx,
    sql`select entity, count(*)::int as count from source_record
      where connection_id = ${connectionId}::uuid and deleted_at is null group by entity`,
  );
  return Object.fromEntries(found.map((row) => [row.entity, row.count]));
}

/** Live records of one object. */
export async function countLive(db: Queryable, connectionId: string, object: string): Promise<number> {
  const found = await firstRow<{ count: number }>(
    db,
    sql`select count(*)::int as count from source_record
      where connection_id = ${connectionId}::uuid and object = ${object} and deleted_at is null`,
  );
  return found?.count ?? 0;
}

/** From now on these connections may be written without asking, and those that the run has read: who approved it has seen what it would do to all of them. */
export async function clearConnections(
  tx: Transaction,
  connectionIds: readonly string[],
  runId: string | null,
): Promise<void> {
  await execute(
    tx,
    sql`update connection set cleared_at = now()
      where cleared_at is null and (id = any(${connectionIds}::uuid[])
        or id in (select p.connection_id from run_part p where p.run_id = ${runId}::uuid and p.state = 'pulled'))`,
  );
}

export interface GateWrite {
  readonly runId: string;
  readonly state: GateState;
  readonly reason: HoldReason | null;
  readonly counts: GateCounts;
  readonly decidedBy: string | null;
}

export async function storeGates(
  tx: Transaction,
  connectionId: string,
  gates: readonly GateWrite[],
): Promise<void> {
  if (gates.length === 0) return;
  await execute(
    tx,
    sql`insert into run_gate (run_id, connection_id, state, reason, counts, decided_by, decided_at)
     select g."runId", ${connectionId}::uuid, g.state, g.reason, g.counts, g."decidedBy",
            case when g."decidedBy" is not null then now() end
       from jsonb_to_recordset(${json(gates)}) as g("runId" uuid, state text, reason text, counts jsonb, "decidedBy" text)
     on conflict (run_id, connection_id) do update
        set state = excluded.state, reason = coalesce(run_gate.reason, excluded.reason), counts = excluded.counts,
            judged_at = now(), decided_by = excluded.decided_by, decided_at = excluded.decided_at`,
  );
}

/** Writes of some runs, or of none, become those of another one. */
export async function moveIntents(
  tx: Transaction,
  connectionId: string,
  move: { readonly from: readonly string[]; readonly withoutRun: boolean; readonly to: string },
): Promise<void> {
  await execute(
    tx,
    sql`update push_intent set run_id = ${move.to}::uuid
      where connection_id = ${connectionId}::uuid and sent_at is null
        and (run_id = any(${move.from}::uuid[]) or (run_id is null and ${move.withoutRun}::boolean))`,
  );
}

/** A run that nobody started: what came by itself and is too much. */
export async function insertHeldRun(tx: Transaction, runId: string): Promise<void> {
  await execute(tx, sql`insert into run (id, trigger, state) values (${runId}::uuid, 'webhook', 'held')`);
}

/** A run that had settled waits for a person again; one that goes on says so when it has settled. */
export async function reopenHeld(tx: Transaction, runId: string): Promise<void> {
  await execute(
    tx,
    sql`update run set state = 'held', finished_at = null where id = ${runId}::uuid and state <> 'running'`,
  );
}

/** Records that a run would write in a connection and has not written yet, by entity and kind. */
export async function waitingCounts(
  db: Queryable,
  runId: string,
  connectionId: string,
): Promise<{ entity: Entity; object: string; kind: IntentWrite['kind']; count: number }[]> {
  return rows(
    db,
    sql`select entity, object, kind, count(*)::int as count from push_intent
      where run_id = ${runId}::uuid and connection_id = ${connectionId}::uuid and sent_at is null
      group by entity, object, kind order by entity, object, kind`,
  );
}

/** Decides what waits for a person, or was rejected, in the connections given or in all; returns where. */
export async function decideGates(
  tx: Transaction,
  which: { readonly runId: string | null; readonly connectionIds: readonly string[] | null },
  decision: { readonly state: 'approved' | 'rejected'; readonly by: string },
): Promise<{ runId: string; connectionId: string }[]> {
  const from = decision.state === 'approved' ? ['held', 'rejected'] : ['held'];
  const decided = await rows<{ runId: string; connectionId: string }>(
    tx,
    sql`update run_gate set state = ${decision.state}, decided_by = ${decision.by}, decided_at = now()
      where state = any(${from}::text[])
        and (${which.runId}::uuid is null or run_id = ${which.runId}::uuid)
        and (${which.connectionIds}::uuid[] is null or connection_id = any(${which.connectionIds}::uuid[]))
      returning run_id::text as "runId", connection_id::text as "connectionId"`,
  );
  await execute(
    tx,
    sql`update run set state = 'running', finished_at = null where id = any(${decided.map((row) => row.runId)}::uuid[])`,
  );
  return decided;
}

/**
 * Golden records computed anew are planned anew: what was rejected of them is over, and what waits and is not planned
 * any more would come to nothing. What is being sent stays, marked as overtaken.
 *
 * @returns connections in which something was that had been rejected
 */
export async function dropObsolete(
  tx: Transaction,
  goldenIds: readonly string[],
  planned: readonly IntentWrite[],
): Promise<string[]> {
  if (goldenIds.length === 0) return [];
  const still = planned.map(({ connectionId, object, target }) => ({ connectionId, object, target }));
  const found = await rows<{ id: string }>(
    tx,
    sql`with still as materialized (
       select p."connectionId" as connection_id, p.object, p.target
         from jsonb_to_recordset(${json(still)}) as p("connectionId" uuid, object text, target text)
     ), waiting as materialized (
       select i.id, i.connection_id, i.object, i.target, coalesce(g.state = 'rejected', false) as rejected
         from push_intent i left join run_gate g on g.run_id = i.run_id and g.connection_id = i.connection_id
        where i.golden_id = any(${goldenIds}::uuid[]) and i.sent_at is null and i.sending is null
          and i.revert is null
     ), overtaken as (
       update push_intent i set revision = i.revision + 1
        where i.golden_id = any(${goldenIds}::uuid[]) and i.kind = 'create' and i.sent_at is not null
          and not exists (select from still s where s.connection_id = i.connection_id
                             and s.object = i.object and s.target = i.target)
     ), gone as (
       delete from push_intent i using waiting w
        where i.id = w.id
          and (w.rejected or not exists (select from still s where s.connection_id = w.connection_id
                                             and s.object = w.object and s.target = w.target))
       returning i.connection_id, w.rejected
     ) select distinct connection_id::text as id from gone where rejected order by 1`,
  );
  return found.map((row) => row.id);
}

/** What of a connection waits for a person or was rejected, and how many writes that keeps back; the newest first. */
export async function undecided(
  tx: Transaction,
  connectionId: string,
): Promise<{ runId: string; state: 'held' | 'rejected'; reason: HoldReason; writes: number }[]> {
  return rows(
    tx,
    sql`select g.run_id::text as "runId", g.state, g.reason, n.writes
       from run_gate g, lateral (select count(*)::int as writes from push_intent i
                                  where i.run_id = g.run_id and i.connection_id = g.connection_id) n
      where g.connection_id = ${connectionId}::uuid and g.state in ('held', 'rejected') and n.writes > 0
      order by g.judged_at desc`,
  );
}
