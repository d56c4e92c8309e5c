import type { JsonObject } from '../sdk/index.js';
import { firstRow, rows, sql, type Queryable } from '../platform/database/index.js';
import {
  listGates,
  type GateReport,
  type NewRun,
  type PartProgress,
  type PartState,
} from './run.repository.js';

/**
 * held      a person must approve or reject what it would write somewhere
 * rejected  somebody rejected it
 */
export type RunState = 'running' | 'held' | 'settled' | 'failed' | 'rejected';

export interface RunSummary {
  readonly id: string;
  readonly trigger: NewRun['trigger'];
  readonly full: boolean;
  readonly state: RunState;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly connections: readonly string[];
}

/** The reading of one connection. */
export interface PartReport {
  readonly connectionId: string;
  readonly connection: string;
  readonly state: PartState;
  readonly progress: PartProgress;
  /** Why it stopped: code, kind, message, remedy. */
  readonly problem: JsonObject | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** What became of one object's records, API calls included. */
export interface CountReport {
  readonly connectionId: string;
  readonly connection: string;
  readonly object: string;
  readonly read: number;
  readonly changed: number;
  readonly created: number;
  readonly updated: number;
  readonly archived: number;
  readonly skipped: number;
  readonly failed: number;
  readonly calls: number;
}

/** What a run caused and has not done yet; for progress. */
export interface WaitingReport {
  readonly resolve: number;
  /** By connection name. */
  readonly writes: Readonly<Record<string, number>>;
}

/** Work of a connection that this run needs and that waits for calls to be had again; nothing of it is lost. */
export interface WaitReport {
  readonly connection: string;
  readonly work: 'pull' | 'push';
  readonly until: Date;
}

export interface RunReport extends RunSummary {
  readonly parts: readonly PartReport[];
  readonly counts: readonly CountReport[];
  /** Whether its writes may go, by connection. */
  readonly gates: readonly GateReport[];
  readonly waiting: WaitingReport;
  readonly waits: readonly WaitReport[];
}

const SUMMARY = sql`r.id::text as id, r.trigger, r."full" as "full", r.state, r.started_at as "startedAt",
  r.finished_at as "finishedAt",
  coalesce((select json_agg(c.name order by c.position, c.name) from run_part p join connection c on c.id = p.connection_id
             where p.run_id = r.id), '[]') as connections`;

/** The newest first; those before the one given, for the next page. */
export async function listRuns(
  db: Queryable,
  page: { readonly limit: number; readonly before?: Date },
): Promise<RunSummary[]> {
  const before = page.before?.toISOString() ?? 'infinity';
  return rows(
    db,
    sql`select ${SUMMARY} from run r where r.started_at < ${before}::timestamptz
      order by r.started_at desc, r.id limit ${page.limit}::int`,
  );
}

export async function reportRun(db: Queryable, runId: string): Promise<RunReport | null> {
  const summary = await firstRow<RunSummary>(
    db,
    sql`select ${SUMMARY} from run r where r.id = ${runId}::uuid`,
  );
  if (summary === undefined) return null;
  const parts = await rows<PartReport>(
    db,
    sql`select p.connection_id::text as "connectionId", c.name as connection, p.state, p.progress, p.problem,
            p.started_at as "startedAt", p.finished_at as "finishedAt"
       from run_part p join connection c on c.id = p.connection_id
      where p.run_id = ${runId}::uuid order by c.position, c.name`,
  );
  const counts = await rows<CountReport>(
    db,
    sql`select n.connection_id::text as "connectionId", c.name as connection, n.object, n.read, n.changed, n.created,
            n.updated, n.archived, n.skipped, n.failed, n.calls
       from run_count n join connection c on c.id = n.connection_id
      where n.run_id = ${runId}::uuid order by c.position, c.name, n.object`,
  );
  return {
    ...summary,
    parts,
    counts,
    gates: await listGates(db, runId),
    waiting: await waitingFor(db, runId),
    waits: summary.state === 'running' ? await waitsOf(db, runId) : [],
  };
}

async function waitingFor(db: Queryable, runId: string): Promise<WaitingReport> {
  const tasks = await firstRow<{ count: number }>(
    db,
    sql`select count(*)::int as count from resolve_task where run_id = ${runId}::uuid`,
  );
  const writes = await rows<{ connection: string; count: number }>(
    db,
    sql`select c.name as connection, count(*)::int as count from push_intent i join connection c on c.id = i.connection_id
      where i.run_id = ${runId}::uuid group by c.name`,
  );
  return {
    resolve: tasks?.count ?? 0,
    writes: Object.fromEntries(writes.map((row) => [row.connection, row.count])),
  };
}

async function waitsOf(db: Queryable, runId: string): Promise<WaitReport[]> {
  const found = await rows<{ connection: string; work: WaitReport['work']; until: number }>(
    db,
    sql`select c.name as connection, w.work, (q.waits ->> w.work)::float8 as until
       from call_quota q join connection c on c.id = q.connection_id cross join (values ('pull'), ('push')) as w(work)
      where (q.waits ->> w.work)::float8 > extract(epoch from now()) * 1000
        and case w.work
              when 'pull' then exists (select from run_part p where p.run_id = ${runId}::uuid and p.connection_id = c.id
                                          and p.state in ('queued', 'pulling'))
              else exists (select from push_intent i where i.run_id = ${runId}::uuid and i.connection_id = c.id)
            end
      order by until, c.name`,
  );
  return found.map(({ until, ...wait }) => ({ ...wait, until: new Date(until) }));
}

/** Nobody should sit and wait for it: all that the run has to do yet waits, for more than a minute, for API calls. */
export function restsUntilLater(report: RunReport, now: number): boolean {
  const waits = (work: WaitReport['work'], connection: string): boolean =>
    report.waits.some(
      (wait) => wait.work === work && wait.connection === connection && wait.until.getTime() > now + 60_000,
    );
  const open = report.parts.filter(({ state }) => state === 'queued' || state === 'pulling');
  return (
    report.waits.length > 0 &&
    report.waiting.resolve === 0 &&
    open.every(({ connection }) => waits('pull', connection)) &&
    Object.keys(report.waiting.writes).every(
      (connection) => waits('push', connection) || waits('pull', connection),
    )
  );
}

/** What is left that does not agree: the exit code of `sync --wait`. */
export interface Unsynced {
  /** Open issues that are errors; notices and what a person chose to skip are not counted. */
  readonly issues: number;
  /** What a person rejected is not counted: an issue tells of it. */
  readonly writes: number;
  readonly events: number;
  readonly unresolved: number;
}

/** Of the connections given, or of all; those removed from the configuration are never counted. */
export async function countUnsynced(
  db: Queryable,
  connectionIds: readonly string[] | null,
): Promise<Unsynced> {
  const mine = sql`(select id from connection where state <> 'removed' and (${connectionIds}::uuid[] is null or id = any(${connectionIds}::uuid[])))`;
  const found = await firstRow<Unsynced>(
    db,
    sql`select
      (select count(*)::int from sync_issue where state = 'open' and severity = 'error' and connection_id in ${mine}) as issues,
      (select count(*)::int from push_intent i where connection_id in ${mine}
          and not exists (select from run_gate g where g.run_id = i.run_id and g.connection_id = i.connection_id
                             and g.state = 'rejected')) as writes,
      (select count(*)::int from inbox_event where done_at is null and connection_id in ${mine}) as events,
      (select count(*)::int from resolve_task) as unresolved`,
  );
  return found ?? { issues: 0, writes: 0, events: 0, unresolved: 0 };
}
