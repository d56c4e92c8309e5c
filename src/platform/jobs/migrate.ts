import type pg from 'pg';
import { LOCKS } from '../database/locks.js';
import { errorCode } from '../error-code.js';

/** The job queue's schema that this release works with: the last migration of the graphile-worker it brings. */
export const JOB_SCHEMA_VERSION = 20;

const UNDEFINED_TABLE = '42P01';

async function version(db: pg.Pool | pg.PoolClient): Promise<number> {
  try {
    const found = await db.query<{ version: number }>(
      'SELECT coalesce(max(id), 0)::int AS version FROM graphile_worker.migrations',
    );
    return found.rows[0]?.version ?? 0;
  } catch (error) {
    if (errorCode(error) === UNDEFINED_TABLE) return 0;
    throw error;
  }
}

/** Sets up the job queue's own schema, one process at a time. Costs one small query when there is nothing to do. */
export async function migrateJobs(pool: pg.Pool): Promise<void> {
  if ((await version(pool)) >= JOB_SCHEMA_VERSION) return;
  const holder = await pool.connect();
  try {
    await holder.query('SELECT pg_advisory_lock($1)', [LOCKS.jobMigrations]);
    if ((await version(holder)) >= JOB_SCHEMA_VERSION) return;
    const { Logger, runMigrations } = await import('graphile-worker');
    const silent = new Logger(() => () => undefined);
    await runMigrations({ pgPool: pool, logger: silent });
  } finally {
    // Ending the connection gives the lock back even if it is broken.
    holder.release(true);
  }
}
