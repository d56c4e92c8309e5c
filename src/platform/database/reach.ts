import type pg from 'pg';
import { errorCode } from '../error-code.js';

const OLDEST_MAJOR = 15;

/** The database that DATABASE_URL names cannot be used. */
export class DatabaseUnavailableError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, cause?: unknown) {
    super(`${message} ${remedy}`, cause === undefined ? undefined : { cause });
    this.name = 'DatabaseUnavailableError';
    this.remedy = remedy;
  }
}

/** What went wrong and what to do, by Node's and PostgreSQL's codes. */
const REASONS: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  ECONNREFUSED: ['nothing listens there', 'Start PostgreSQL, or correct DATABASE_URL.'],
  ENOTFOUND: ['its host is not known', 'Correct the host in DATABASE_URL.'],
  EAI_AGAIN: ['its host cannot be looked up now', 'Check the name service of this machine.'],
  ETIMEDOUT: ['it does not answer', 'Check host and port in DATABASE_URL, and the firewall between.'],
  ECONNRESET: ['it broke off the connection', 'See its log; it may want TLS (`?sslmode=require`), or none.'],
  '28P01': ['it refuses the password', 'Correct user and password in DATABASE_URL.'],
  '28000': ['it lets this user not in', 'Correct the user in DATABASE_URL, or its pg_hba.conf.'],
  '3D000': ['there is no such database', 'Make it (`createdb`), or correct the name in DATABASE_URL.'],
  '42501': ['the user may not do what is needed', 'Make the user the owner of the database.'],
  '53300': ['it has no connection left', 'Raise its max_connections, or lower RAPPORT_WORKERS.'],
  '57P03': ['it is starting or stopping', 'Try again in a moment.'],
};

/** Host and name of the database, without the password. */
function nameOf(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** Connects once, so that a wrong DATABASE_URL is told in words before anything else happens. */
export async function checkReach(pool: pg.Pool, url: string): Promise<void> {
  let major: number;
  try {
    const found = await pool.query<{ version: number }>(
      `SELECT current_setting('server_version_num')::int AS version`,
    );
    major = Math.floor((found.rows[0]?.version ?? 0) / 10_000);
  } catch (cause) {
    const code = errorCode(cause) ?? '';
    const [reason, remedy] = REASONS[code] ?? [
      'it could not be connected to',
      'See the cause, and check DATABASE_URL.',
    ];
    throw new DatabaseUnavailableError(
      `The database ${nameOf(url)} cannot be used: ${reason}.`,
      remedy,
      cause,
    );
  }
  if (major < OLDEST_MAJOR) {
    throw new DatabaseUnavailableError(
      `The database ${nameOf(url)} runs PostgreSQL ${String(major)}.`,
      `Rapport needs PostgreSQL ${String(OLDEST_MAJOR)} or later.`,
    );
  }
}
