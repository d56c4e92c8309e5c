import type pg from 'pg';

/** A job taken by nobody who is registered for this long was taken by a process that died before it registered. */
const UNREGISTERED_AFTER = '30 seconds';
/** A job whose last attempt ended with its process gets one more, after this long. */
const LAST_ATTEMPT_DELAY = '30 seconds';

/** A running job whose key was enqueued again has lost its key to the new one, and is not to be repeated. */
const REPLACED = 'key IS NULL AND task_identifier = ANY ($1::text[])';

/** What the process that looks knows itself. */
export interface Look {
  /** Workers of its own that ended without a word, and whose jobs have come to their end. */
  readonly endedWorkers: readonly string[];
  /** Names of jobs that are enqueued by key. */
  readonly keyedJobs: readonly string[];
}

interface DeadProcess {
  readonly id: string;
  readonly workerIds: readonly string[];
}

/**
 * Gives the jobs of processes that died to the living. The queue alone would keep them locked for four hours, for it
 * cannot tell a dead worker from a slow one; a lock held by a connection can.
 */
export class JobRecovery {
  /** Processes whose lock was free when last looked: a connection that broke is renewed before the second look. */
  private suspects: ReadonlySet<string> = new Set();

  constructor(private readonly pool: pg.Pool) {}

  /** One look; returns the number of jobs set free. */
  async sweep({ endedWorkers, keyedJobs }: Look): Promise<number> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const found = await client.query<DeadProcess>(
        `SELECT id::text AS id, worker_ids AS "workerIds" FROM worker_process
          WHERE pg_try_advisory_xact_lock(lock_key)`,
      );
      const dead = found.rows.filter((process) => this.suspects.has(process.id));
      this.suspects = new Set(found.rows.map((process) => process.id));
      const strangers = await client.query<{ workerId: string }>(
        `SELECT DISTINCT locked_by AS "workerId" FROM graphile_worker.jobs
          WHERE locked_at < now() - $1::interval
            AND NOT EXISTS (SELECT FROM worker_process WHERE locked_by = ANY (worker_ids))`,
        [UNREGISTERED_AFTER],
      );
      const workerIds = [
        ...endedWorkers,
        ...dead.flatMap((process) => process.workerIds),
        ...strangers.rows.map((stranger) => stranger.workerId),
      ];
      const freed = workerIds.length === 0 ? 0 : await this.free(client, workerIds, keyedJobs);
      await this.endReplaced(client, keyedJobs);
      await client.query('DELETE FROM worker_process WHERE id = ANY ($1::uuid[])', [
        dead.map(({ id }) => id),
      ]);
      await client.query('COMMIT');
      return freed;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  private async free(
    client: pg.PoolClient,
    workerIds: readonly string[],
    keyedJobs: readonly string[],
  ): Promise<number> {
    const taken = await client.query<{ id: string; spent: boolean }>(
      `SELECT id::text AS id, attempts >= max_attempts AND NOT (${REPLACED}) AS spent FROM graphile_worker.jobs
        WHERE locked_by = ANY ($2::text[])`,
      [keyedJobs, workerIds],
    );
    await client.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [workerIds]);
    const spent = taken.rows.filter((job) => job.spent).map((job) => job.id);
    if (spent.length > 0) {
      // A process that dies must not be the end of its job. The delay keeps one that kills its process from doing so
      // all the time.
      await client.query(
        `SELECT graphile_worker.reschedule_jobs(ARRAY[id], run_at => now() + $2::interval, attempts => attempts - 1)
           FROM graphile_worker.jobs WHERE id = ANY ($1::bigint[])`,
        [spent, LAST_ATTEMPT_DELAY],
      );
    }
    // Tell idle workers, who would otherwise look only at their next poll.
    await client.query(
      `SELECT pg_notify('jobs:insert', json_build_object('r', random(), 'count', $1::int)::text)`,
      [taken.rows.length],
    );
    return taken.rows.length;
  }

  /** The one that took its place does its work. Left alone, a job that failed or died after that would stay for ever. */
  private async endReplaced(client: pg.PoolClient, keyedJobs: readonly string[]): Promise<void> {
    await client.query(
      `SELECT graphile_worker.complete_jobs(array_agg(id)) FROM graphile_worker.jobs
        WHERE ${REPLACED} AND locked_at IS NULL AND attempts >= max_attempts HAVING count(*) > 0`,
      [keyedJobs],
    );
  }
}
