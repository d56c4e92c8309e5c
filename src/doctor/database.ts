import { firstRow, sql, type Queryable } from '../platform/database/index.js';
import { duration, failed, ok, warning, type Finding } from './finding.js';

export interface DatabaseFacts {
  /** As PostgreSQL numbers it: 180001 is 18.1. */
  readonly version: number;
  readonly maxConnections: number;
  readonly usedConnections: number;
  /** Database's clock minus this process's, ms. */
  readonly clockMs: number;
  readonly bytes: number;
  /** Seconds that the oldest open transaction has done nothing. */
  readonly idleInTransaction: number;
  readonly readOnly: boolean;
}

/** @param now ms; reads the clock, so that half the way of the question counts. */
export async function databaseFacts(db: Queryable, now: () => number): Promise<DatabaseFacts> {
  const before = now();
  const row = await firstRow<Omit<DatabaseFacts, 'clockMs'> & { readonly at: number }>(
    db,
    sql`select current_setting('server_version_num')::int as version,
            current_setting('max_connections')::int as "maxConnections",
            (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as "usedConnections",
            (extract(epoch from clock_timestamp()) * 1000)::float8 as at,
            pg_database_size(current_database())::float8 as bytes,
            coalesce((select max(extract(epoch from now() - state_change)) from pg_stat_activity
                       where state like 'idle in transaction%' and datname = current_database()), 0)::float8
              as "idleInTransaction",
            current_setting('transaction_read_only') = 'on' as "readOnly"`,
  );
  if (row === undefined) throw new Error('The database answered without a row.');
  const { at, ...facts } = row;
  return { ...facts, clockMs: at - (before + now()) / 2 };
}

const OLDEST_VERSION = 150_000;
const CLOCK_LIMIT_MS = 2_000;
const IDLE_LIMIT_SECONDS = 300;
/** Of the connections there are. */
const CROWDED = 0.9;

export function judgeDatabase(facts: DatabaseFacts): readonly Finding[] {
  return [version(facts), writable(facts), room(facts), clock(facts), transactions(facts)];
}

function version({ version: number, bytes }: DatabaseFacts): Finding {
  const shown = `PostgreSQL ${String(Math.floor(number / 10_000))}.${String(number % 10_000)}`;
  const size = `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
  return number >= OLDEST_VERSION
    ? ok('version', `${shown}, ${size}`)
    : failed('version', `${shown} is too old.`, 'Upgrade it to 15 or later.');
}

function writable({ readOnly }: DatabaseFacts): Finding {
  return readOnly
    ? failed(
        'writable',
        'The database can only be read.',
        'Point DATABASE_URL at the primary server, not at a replica.',
      )
    : ok('writable', 'it can be written');
}

function room({ usedConnections, maxConnections }: DatabaseFacts): Finding {
  const used = `${usedConnections} of ${maxConnections} connections are in use`;
  return usedConnections >= CROWDED * maxConnections
    ? warning('connections', `${used}.`, 'Raise max_connections, or lower RAPPORT_WORKERS.')
    : ok('connections', used);
}

function clock({ clockMs }: DatabaseFacts): Finding {
  const seconds = Math.abs(clockMs) / 1000;
  return Math.abs(clockMs) > CLOCK_LIMIT_MS
    ? warning(
        'clock',
        `The clocks of this machine and of the database are ${duration(seconds)} apart.`,
        'Let NTP set both: changes are dated by them, and the later one wins.',
      )
    : ok('clock', 'its clock agrees with this machine’s');
}

function transactions({ idleInTransaction }: DatabaseFacts): Finding {
  return idleInTransaction > IDLE_LIMIT_SECONDS
    ? warning(
        'transactions',
        `A transaction has stood open for ${duration(idleInTransaction)}.`,
        'Find the session that is "idle in transaction" in pg_stat_activity and end it: it keeps old rows from being cleared away.',
      )
    : ok('transactions', 'none stands open');
}
