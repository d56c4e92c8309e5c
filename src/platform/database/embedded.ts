/**
 * The hub's own PostgreSQL, for those who bring none. It lives in the data folder. Whoever needs it first starts it,
 * the others join, and the last to leave stops it. A process that dies just drops its connection; a server left
 * behind is adopted by the next process, or started again if it died too.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { errorCode } from '../error-code.js';
import { withFileLock } from '../file-lock.js';
import { explained, openCluster, SERVER_USER, type Cluster } from './embedded/cluster.js';
import { ensureRunning, stopServer, type StartOptions } from './embedded/server.js';

const DATABASE = 'rapport';
/** Every process that uses the server keeps one connection by this name: that is how the last one knows it is. */
const LEASE = 'rapport lease';
/** PostgreSQL's code. */
const UNKNOWN_DATABASE = '3D000';
const HOST = '127.0.0.1';

/** One process's use of the server. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** Ends the use; stops the server unless another process uses it. Close all other connections first. */
  leave(): Promise<void>;
}

export interface JoinOptions extends Pick<StartOptions, 'settings'> {
  /** Told when the server went away and could not be brought back. */
  readonly onLost?: (error: unknown) => void;
}

function connectionUrl(cluster: Cluster, port: number, database: string): string {
  return `postgresql://${SERVER_USER}:${cluster.password}@${HOST}:${String(port)}/${database}`;
}

async function createDatabase(cluster: Cluster, port: number): Promise<void> {
  const client = new pg.Client({ connectionString: connectionUrl(cluster, port, 'postgres') });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function connectLease(cluster: Cluster, port: number): Promise<pg.Client> {
  const connect = async (): Promise<pg.Client> => {
    const connectionString = connectionUrl(cluster, port, DATABASE);
    const client = new pg.Client({ connectionString, application_name: LEASE, keepAlive: true });
    await client.connect();
    return client;
  };
  try {
    return await connect();
  } catch (error) {
    if (errorCode(error) !== UNKNOWN_DATABASE) throw error;
    await createDatabase(cluster, port);
    return await connect();
  }
}

class Membership implements EmbeddedPostgres {
  private lease: pg.Client | undefined;
  private leaving = false;
  private cluster: Cluster | undefined;
  private port: number | undefined;
  private rejoining: Promise<void> = Promise.resolve();

  constructor(
    private readonly home: string,
    private readonly options: JoinOptions,
  ) {}

  get url(): string {
    if (this.cluster === undefined || this.port === undefined)
      throw new Error('The database was not joined.');
    return connectionUrl(this.cluster, this.port, DATABASE);
  }

  async join(): Promise<void> {
    await this.locked(async () => {
      const cluster = await openCluster(this.home);
      const server = await ensureRunning(cluster, { ...this.options, port: this.port });
      if (this.port !== undefined && server.port !== this.port) {
        throw new Error(`The database came back on another port (${String(server.port)}).`);
      }
      const lease = await connectLease(cluster, server.port);
      this.cluster = cluster;
      this.port = server.port;
      this.lease = lease;
      lease.on('error', () => {
        // The lease is gone, and with it the server: nobody else ends it.
        this.rejoin(lease);
      });
    });
  }

  async leave(): Promise<void> {
    this.leaving = true;
    await this.rejoining;
    const { lease, cluster } = this;
    if (lease === undefined || cluster === undefined) return;
    this.lease = undefined;
    await this.locked(async () => {
      let others: boolean;
      try {
        const found = await lease.query<{ others: boolean }>(
          `SELECT count(*) > 0 AS others FROM pg_stat_activity
            WHERE application_name = $1 AND pid <> pg_backend_pid()`,
          [LEASE],
        );
        others = found.rows[0]?.others === true;
        await lease.end();
      } catch {
        // The server went away just now. If somebody brings it back, it is theirs.
        others = true;
      }
      if (!others) await stopServer(cluster.folder);
    });
  }

  private rejoin(lost: pg.Client): void {
    if (this.leaving || this.lease !== lost) return;
    this.lease = undefined;
    this.rejoining = this.join().catch((error: unknown) => {
      this.options.onLost?.(error);
    });
  }

  private async locked(work: () => Promise<void>): Promise<void> {
    try {
      mkdirSync(this.home, { recursive: true, mode: 0o700 });
      await withFileLock(resolve(this.home, 'postgres.lock'), work);
    } catch (error) {
      throw explained(this.home, error);
    }
  }
}

/** Joins the server in the data folder `home`, starting it (and setting it up) if need be. */
export async function joinEmbeddedPostgres(
  home: string,
  options: JoinOptions = {},
): Promise<EmbeddedPostgres> {
  const membership = new Membership(resolve(home), options);
  await membership.join();
  return membership;
}
