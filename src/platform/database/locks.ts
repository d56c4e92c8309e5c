import { sql, type Sql } from './sql.js';

/** Keys of PostgreSQL advisory locks, all in one place so that no two meet. Each is "RAPP" and a number. */
const BASE = 0x52415050_0000n;

const key = (number: bigint): string => String(BASE + number);

export const LOCKS = {
  /** Held while the schema is migrated. */
  migrations: key(1n),
  /** Held while the job queue's own schema is migrated. */
  jobMigrations: key(2n),
} as const;

/**
 * SQL: whether some session, of whatever process, holds the advisory lock of a bigint key.
 * https://www.postgresql.org/docs/current/view-pg-locks.html
 */
export function isHeld(lockKey: Sql): Sql {
  return sql`exists (select from pg_locks l where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
                        and l.database = (select oid from pg_database where datname = current_database())
                        and l.classid = ((${lockKey} >> 32) & 4294967295)::oid
                        and l.objid = (${lockKey} & 4294967295)::oid)`;
}
