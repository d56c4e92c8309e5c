import { json, rows, sql } from '../database/sql.js';
import type { Queryable } from '../database/database.js';
import type { JobDefinition } from './job.js';

export interface EnqueueOptions {
  /** Instead of the definition's. */
  readonly queue?: string;
  readonly key?: string;
  readonly priority?: number;
  /** Not before; now unless told. */
  readonly runAt?: Date;
  /** A waiting job of the same key keeps its time, instead of taking the new one's. */
  readonly keepRunAt?: boolean;
}

interface JobSpec {
  readonly name: string;
  readonly payload: unknown;
  readonly queue: string | null;
  readonly run_at: string | null;
  readonly max_attempts: number | null;
  readonly key: string | null;
  readonly priority: number | null;
}

function toSpec<Payload>(job: JobDefinition<Payload>, payload: Payload, options: EnqueueOptions): JobSpec {
  return {
    name: job.name,
    payload: job.payload.parse(payload),
    queue: options.queue ?? job.queue?.(payload) ?? null,
    run_at: options.runAt?.toISOString() ?? null,
    max_attempts: job.maxAttempts ?? null,
    key: options.key ?? job.key?.(payload) ?? null,
    priority: options.priority ?? job.priority ?? null,
  };
}

async function add(db: Queryable, specs: readonly JobSpec[], keepRunAt: boolean): Promise<void> {
  // One statement may not touch a key twice; and in a fixed order two transactions cannot wait for each other.
  const byKey = new Map(specs.map((spec, index) => [spec.key ?? index, spec]));
  const ordered = [...byKey.values()].sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
  await rows(
    db,
    sql`select count(*)::int from graphile_worker.add_jobs(
      array(
        select row(spec.name, spec.payload, spec.queue, spec.run_at, spec.max_attempts, spec.key, spec.priority, null)
               ::graphile_worker.job_spec
          from jsonb_to_recordset(${json(ordered)}) as spec(
            name text, payload json, queue text, run_at timestamptz, max_attempts int, key text, priority int)),
      ${keepRunAt})`,
  );
}

/**
 * Adds a job in the caller's transaction: it starts within milliseconds of the commit, and never if there is none.
 * Until then, others who enqueue the same key wait: enqueue last.
 */
export async function enqueue<Payload>(
  db: Queryable,
  job: JobDefinition<Payload>,
  payload: Payload,
  options: EnqueueOptions = {},
): Promise<void> {
  await add(db, [toSpec(job, payload, options)], options.keepRunAt ?? false);
}

/** Many of one kind, in one statement. */
export async function enqueueAll<Payload>(
  db: Queryable,
  job: JobDefinition<Payload>,
  payloads: readonly Payload[],
  options: Pick<EnqueueOptions, 'runAt' | 'keepRunAt' | 'priority'> = {},
): Promise<void> {
  if (payloads.length === 0) return;
  const specs = payloads.map((payload) => toSpec(job, payload, options));
  await add(db, specs, options.keepRunAt ?? false);
}
