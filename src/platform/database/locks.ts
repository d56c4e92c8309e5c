/** Keys of PostgreSQL advisory locks, all in one place so that no two meet. Each is "RAPP" and a number. */
const BASE = 0x52415050_0000n;

const key = (number: bigint): string => String(BASE + number);

export const LOCKS = {
  /** Held while the schema is migrated. */
  migrations: key(1n),
  /** Held while the job queue's own schema is migrated. */
  jobMigrations: key(2n),
} as const;
