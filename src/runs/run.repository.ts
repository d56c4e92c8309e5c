import type { Queryable, Transaction } from '../platform/database/database.js';
import { execute, json, rows, sql, type Sql } from '../platform/database/sql.js';
import type { HoldReason, WriteCounts } from '../core/breaker/index.js';
import type { JsonObject } from '../sdk/index.js';

/** What happened to records of one object of one connection within a run. Counts are added up. */
export interface RunCounts {
  readonly connectionId: string;
  readonly object: string;
  readonly read?: number;
  readonly changed?: number;
  readonly created?: number;
  readonly updated?: number;
  readonly archived?: number;
  readonly skipped?: number;
  readonly failed?: number;
  readonly calls?: number;
}

export async function addCounts(
  tx: Transaction,
  runId: string | null,
  counts: readonly RunCounts[],
): Promise<void> {
  if (runId === null || counts.length === 0) return;
  await execute(tx, countUp(runId, counts));
}

/** SQL: adds them up. */
export function countUp(runId: string, counts: readonly RunCounts[]): Sql {
  return sql`insert into run_count (run_id, connection_id, object, read, changed, created, updated, archived, skipped, failed, calls)
     select ${runId}::uuid, c."connectionId"::uuid, c.object, coalesce(c.read, 0), coalesce(c.changed, 0),
            coalesce(c.created, 0), coalesce(c.updated, 0), coalesce(c.archived, 0), coalesce(c.skipped, 0),
            coalesce(c.failed, 0), coalesce(c.calls, 0)
       from jsonb_to_recordset(${json(counts)}) as c("connectionId" text, object text, read int, changed int, created int,
                                               updated int, archived int, skipped int, failed int, calls int)
     on conflict (run_id, connection_id, object) do update
        set read = run_count.read + excluded.read, changed = run_count.changed + excluded.changed,
            created = run_count.created + excluded.created, updated = run_count.updated + excluded.updated,
            archived = run_count.archived + excluded.archived, skipped = run_count.skipped + excluded.skipped,
            failed = run_count.failed + excluded.failed, calls = run_count.calls + excluded.calls`;
}

export type PartState = 'queued' | 'pulling' | 'pulled' | 'failed';

export interface PartProgress {
  /** Objects read to their end. */
  readonly done: readonly string[];
  /** The object being read. */
  readonly reading?: string | null;
  /** Records expected, by object, where the system says so. */
  readonly totals: Readonly<Record<string, number>>;
  /** Live records that the hub knew, by object, when a reading of all of it began. */
  readonly known?: Readonly<Record<string, number>>;
  /** Failures in a row. */
  readonly failures?: number;
  /** It waits for the system, or for calls that may be made there. */
  readonly waiting?: { readonly until: string; readonly code: string; readonly message: string };
}

export interface RunPartRow {
  readonly runId: string;
  readonly connectionId: string;
  readonly state: PartState;
  readonly progress: PartProgress;
  readonly problem: JsonObject | null;
}

export interface NewRun {
  readonly id: string;
  readonly trigger: 'schedule' | 'manual' | 'webhook' | 'push' | 'undo' | 'stream';
  readonly full: boolean;
  readonly scheduleKey: string | null;
  /** Who says yes beforehand to whatever it would stop to ask. */
  readonly approvedBy?: string | undefined;
  readonly connectionIds: readonly string[];
}

/** False when a run with the same schedule key is there already: another process was first. */
export async function insertRun(tx: Transaction, run: NewRun): Promise<boolean> {
  const inserted = await execute(
    tx,
    sql`insert into run (id, trigger, "full", schedule_key, approved_by, backfill)
     values (${run.id}::uuid, ${run.trigger}, ${run.full}, ${run.scheduleKey}, ${run.approvedBy ?? null},
             ${run.full} or exists (select from unnest(${run.connectionIds}::uuid[]) as c(id) where not exists (
                              select from sync_cursor k where k.connection_id = c.id and k.complete_at is not null)))
     on conflict (schedule_key) do nothing`,
  );
  if (inserted === 0) return false;
  await execute(
    tx,
    sql`insert into run_part (run_id, connection_id, progress)
     select ${run.id}::uuid, id, '{"done": [], "totals": {}}' from unnest(${run.connectionIds}::uuid[]) as id`,
  );
  return true;
}

export async function findPart(
  tx: Transaction,
  runId: string,
  connectionId: string,
): Promise<(RunPartRow & { full: boolean; approved: boolean; backfill: boolean }) | null> {
  const [row] = await rows<RunPartRow & { full: boolean; approved: boolean; backfill: boolean }>(
    tx,
    sql`select p.run_id::text as "runId", p.connection_id::text as "connectionId", p.state, p.progress, p.problem,
            r."full" as "full", r.approved_by is not null as approved, r.backfill
       from run_part p join run r on r.id = p.run_id where p.run_id = ${runId}::uuid and p.connection_id = ${connectionId}::uuid`,
  );
  return row ?? null;
}

export async function updatePart(
  tx: Transaction,
  part: Pick<RunPartRow, 'runId' | 'connectionId' | 'state' | 'progress'> & {
    readonly problem?: JsonObject | null;
  },
): Promise<void> {
  await execute(
    tx,
    sql`update run_part set state = ${part.state}, progress = ${json(part.progress)}, problem = ${part.problem == null ? sql`null` : json(part.problem)},
            started_at = coalesce(started_at, now()),
            finished_at = case when ${part.state} in ('pulled', 'failed') then now() end
      where run_id = ${part.runId}::uuid and connection_id = ${part.connectionId}::uuid`,
  );
}

/** What became of a run's writes to one connection, and who decided when. */
export interface GateReport {
  readonly runId: string;
  readonly connectionId: string;
  readonly connection: string;
  readonly state: 'open' | 'held' | 'approved' | 'rejected';
  readonly reason: HoldReason | null;
  /** Entity → what was counted when it was judged. */
  readonly counts: Readonly<Record<string, WriteCounts & { readonly records: number }>>;
  readonly judgedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

/** Of one run; with null those of all runs that are held. */
export async function listGates(db: Queryable, runId: string | null): Promise<GateReport[]> {
  return rows(
    db,
    sql`select g.run_id::text as "runId", c.id::text as "connectionId", c.name as connection, g.state, g.reason, g.counts,
            g.judged_at as "judgedAt", g.decided_by as "decidedBy", g.decided_at as "decidedAt"
       from run_gate g join connection c on c.id = g.connection_id
      where case when ${runId}::uuid is null then g.state = 'held' else g.run_id = ${runId}::uuid end
      order by c.position, c.name, g.judged_at`,
  );
}

/** Whether a connection is being read, or about to be, by some run. */
export async function isBeingPulled(tx: Transaction, connectionId: string): Promise<boolean> {
  const [row] = await rows<{ busy: boolean }>(
    tx,
    sql`select exists (select from run_part p join run r on r.id = p.run_id
                     where p.connection_id = ${connectionId}::uuid and p.state in ('queued', 'pulling') and r.state = 'running') as busy`,
  );
  return row?.busy ?? false;
}

/**
 * A create waits until its system was read once, however long that takes: as long as nobody syncs that connection, no
 * run can wait for it.
 */
const waitsForFirstRead = sql`(i.kind = 'create' and i.sent_at is null and not exists (
  select from sync_cursor c where c.connection_id = i.connection_id and c.entity = i.entity and c.complete_at is not null))`;

/** What a person has not approved goes nowhere, and is waited for by nobody. */
const waitsForPerson = sql`exists (select from run_gate g where g.run_id = i.run_id
  and g.connection_id = i.connection_id and g.state in ('held', 'rejected'))`;

const isHeld = sql`exists (select from run_gate g where g.run_id = r.id and g.state = 'held')`;

/**
 * A run has settled when its connections are read, nothing it caused waits to be resolved, and every write it caused
 * is done or waits for a later try or for a person. Marks those that have; returns their ids. One that waits for a
 * person's word is held.
 */
export async function settleRuns(tx: Transaction): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`update run r
        set finished_at = case when ${isHeld} then null else now() end,
            state = case when ${isHeld} then 'held'
                         when exists (select from run_gate g where g.run_id = r.id and g.state = 'rejected') then 'rejected'
                         when exists (select from run_part p where p.run_id = r.id and p.state = 'failed') then 'failed'
                         else 'settled' end
      where r.state = 'running'
        and not exists (select from run_part p where p.run_id = r.id and p.state in ('queued', 'pulling'))
        and not exists (select from resolve_task t where t.run_id = r.id)
        and not exists (select from push_intent i join connection c on c.id = i.connection_id
                         where i.run_id = r.id and c.state = 'active'
                           and i.due_at < now() + interval '60 seconds' and not ${waitsForFirstRead}
                           and not ${waitsForPerson})
        and not exists (select from inbox_event e join run_part p on p.connection_id = e.connection_id
                         where p.run_id = r.id and e.done_at is null)
      returning r.id::text as id`,
  );
  return found.map((row) => row.id);
}

/**
 * Whether nothing more comes by itself within a minute: no webhook event of these connections waits, nothing waits to
 * be resolved, and no write that is due can be sent, to whichever connection it goes.
 */
export async function isQuiet(db: Queryable, connectionIds: readonly string[]): Promise<boolean> {
  const [row] = await rows<{ quiet: boolean }>(
    db,
    sql`select not exists (select from inbox_event e join connection c on c.id = e.connection_id
                       where e.done_at is null and c.state = 'active' and c.id = any(${connectionIds}::uuid[]))
           and not exists (select from resolve_task)
           and not exists (select from push_intent i join connection c on c.id = i.connection_id
                            where c.state = 'active' and i.due_at < now() + interval '60 seconds'
                              and not ${waitsForFirstRead} and not ${waitsForPerson}) as quiet`,
  );
  return row?.quiet ?? true;
}
