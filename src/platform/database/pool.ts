import pg from 'pg';

export interface PoolOptions {
  readonly url: string;
  readonly connections: number;
  /** Shown by PostgreSQL beside each connection. */
  readonly name: string;
  /** Told when a connection breaks, idle or in use; the pool makes another by itself. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/**
 * Compiling pays for statements of seconds; the hub's take milliseconds, and as long as big tables have no statistics
 * the planner fears seconds. https://www.postgresql.org/docs/current/jit-decision.html
 */
const NO_COMPILING = 'set jit = off';

/** A pool in which a broken connection never ends the process: whoever uses it gets the error from its query. */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections,
    application_name: options.name,
    keepAlive: true,
    // On a new connection, before it is handed out.
    verify: (client, done) => {
      client.query(NO_COMPILING).then(() => {
        done();
      }, done);
    },
  });
  const report = (error: Error): void => {
    options.onError?.(error);
  };
  pool.on('error', report);
  pool.on('connect', (client) => {
    client.on('error', report);
  });
  return pool;
}
