import {
  execute,
  firstRow,
  json,
  rows,
  sql,
  type Queryable,
  type Transaction,
} from '../platform/database/index.js';
import type { Removed } from './purge.repository.js';

export type ErasureAction = 'delete' | 'archive' | 'keep';
export type ErasureOutcome = 'erased' | 'archived' | 'gone' | 'kept';

/** Why an attempt came to nothing; without personal data. */
export interface ErasureProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export interface NewTask {
  readonly connectionId: string;
  readonly object: string;
  readonly action: ErasureAction;
  /** What it takes to do it, sealed; null when there is nothing to do. */
  readonly sealed: string | null;
  readonly outcome: ErasureOutcome | null;
  readonly note: string | null;
}

export interface NewErasure {
  readonly id: string;
  readonly goldenId: string;
  readonly by: string;
  readonly trigger: 'request' | 'webhook';
  readonly removed: Removed;
}

export async function storeErasure(
  tx: Transaction,
  erasure: NewErasure,
  tasks: readonly NewTask[],
): Promise<void> {
  await execute(
    tx,
    sql`insert into erasure (id, golden_id, by, trigger, removed)
     values (${erasure.id}::uuid, ${erasure.goldenId}::uuid, ${erasure.by}, ${erasure.trigger}, ${json(erasure.removed)})`,
  );
  await execute(
    tx,
    sql`insert into erasure_task (erasure_id, connection_id, object, action, sealed, outcome, note, done_at)
     select ${erasure.id}::uuid, t."connectionId", t.object, t.action, t.sealed, t.outcome, t.note,
            case when t.outcome is not null then now() end
       from jsonb_to_recordset(${json(tasks)}) as t("connectionId" uuid, object text, action text, sealed text, outcome text, note text)`,
  );
  await finishErasures(tx, [erasure.id]);
}

/** Those of which nothing is left to do are over. */
export async function finishErasures(tx: Transaction, ids: readonly string[]): Promise<void> {
  // Two connections that end at once must see each other: the later one looks after the earlier one has committed.
  await rows(
    tx,
    sql`select from erasure where id = any(${[...new Set(ids)]}::uuid[]) order by erasure.id for update`,
  );
  await execute(
    tx,
    sql`update erasure e set finished_at = now() where e.id = any(${[...new Set(ids)]}::uuid[]) and e.finished_at is null
        and not exists (select from erasure_task t where t.erasure_id = e.id and t.outcome is null)`,
  );
}

export interface DueTask {
  readonly id: string;
  readonly erasureId: string;
  readonly object: string;
  readonly action: ErasureAction;
  readonly sealed: string;
  readonly attempts: number;
}

/** The oldest due tasks of a connection. */
export async function dueTasks(db: Queryable, connectionId: string, limit: number): Promise<DueTask[]> {
  return rows(
    db,
    sql`select id::text as id, erasure_id::text as "erasureId", object, action, sealed, attempts from erasure_task
      where connection_id = ${connectionId}::uuid and outcome is null and due_at <= now() order by erasure_task.id limit ${limit}::int`,
  );
}

/** When the next task that is not due yet will be, ms; null when there is none. */
export async function nextTaskDue(db: Queryable, connectionId: string): Promise<number | null> {
  const found = await firstRow<{ dueAt: number | null }>(
    db,
    sql`select (extract(epoch from min(due_at)) * 1000)::float8 as "dueAt" from erasure_task
      where connection_id = ${connectionId}::uuid and outcome is null`,
  );
  return found?.dueAt ?? null;
}

/** What a task has come to: done, with nothing of the record kept; another step; or a later attempt. */
export type TaskResult =
  | {
      readonly id: string;
      readonly kind: 'done';
      readonly outcome: ErasureOutcome;
      readonly note: string | null;
    }
  | { readonly id: string; readonly kind: 'found'; readonly sealed: string }
  | { readonly id: string; readonly kind: 'later'; readonly dueAt: number; readonly problem: ErasureProblem };

export async function storeResults(tx: Transaction, results: readonly TaskResult[]): Promise<void> {
  const of = <K extends TaskResult['kind']>(kind: K): Extract<TaskResult, { kind: K }>[] =>
    results.filter((result): result is Extract<TaskResult, { kind: K }> => result.kind === kind);
  await execute(
    tx,
    sql`update erasure_task t set outcome = d.outcome, note = d.note, sealed = null, problem = null, done_at = now()
       from jsonb_to_recordset(${json(of('done'))}) as d(id bigint, outcome text, note text) where t.id = d.id`,
  );
  await execute(
    tx,
    sql`update erasure_task t set sealed = f.sealed, attempts = 0, problem = null
       from jsonb_to_recordset(${json(of('found'))}) as f(id bigint, sealed text) where t.id = f.id`,
  );
  await execute(
    tx,
    sql`update erasure_task t set due_at = to_timestamp(l."dueAt" / 1000), problem = l.problem, attempts = t.attempts + 1
       from jsonb_to_recordset(${json(of('later'))}) as l(id bigint, "dueAt" float8, problem jsonb) where t.id = l.id`,
  );
}

/** Everything that waits is due now; returns the connections it waits for. */
export async function retryErasures(tx: Transaction): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`with due as (update erasure_task set due_at = now() where outcome is null returning connection_id)
     select distinct connection_id::text as id from due order by id`,
  );
  return found.map((row) => row.id);
}
