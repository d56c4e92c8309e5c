import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openCluster, SERVER_USER, type Cluster } from '../../src/platform/database/embedded/cluster.js';
import {
  isServerOf,
  readPostmaster,
  waitUntilGone,
} from '../../src/platform/database/embedded/postmaster.js';
import { ensureRunning, stopServer } from '../../src/platform/database/embedded/server.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { createPool } from '../../src/platform/database/pool.js';
import { migrateJobs } from '../../src/platform/jobs/migrate.js';

/** A crash of the machine is not part of the play: what the server wrote, the system keeps. */
const SETTINGS = { fsync: 'off', shared_buffers: '64MB', max_connections: '150' };
const GONE_MS = 30_000;
const TEMPLATE = 'chaos_template';

/** The PostgreSQL of a whole chaos run; each seed has a database of its own. */
export class Postgres {
  private constructor(
    private readonly cluster: Cluster,
    private readonly port: number,
  ) {}

  static async start(home: string): Promise<Postgres> {
    const cluster = await openCluster(home);
    const { port } = await ensureRunning(cluster, { settings: SETTINGS });
    const postgres = new Postgres(cluster, port);
    await postgres.makeTemplate();
    return postgres;
  }

  url(database: string): string {
    return `postgresql://${SERVER_USER}:${this.cluster.password}@127.0.0.1:${String(this.port)}/${database}`;
  }

  async createDatabase(name: string): Promise<string> {
    await this.asAdmin(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
    return this.url(name);
  }

  async dropDatabase(name: string): Promise<void> {
    await this.asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  /** Without a word (`kill`: the server's own process gets SIGKILL), or as `pg_ctl restart -m fast` does; then up again. */
  async goDown(how: 'kill' | 'restart', downMs: number, onDown: () => void): Promise<void> {
    if (how === 'restart') await stopServer(this.cluster.folder);
    else await this.kill();
    onDown();
    await sleep(downMs);
    await this.bringUp();
  }

  async bringUp(): Promise<void> {
    const giveUpAt = Date.now() + GONE_MS;
    for (;;) {
      const { port } = await ensureRunning(this.cluster, { port: this.port, settings: SETTINGS });
      if (port === this.port) return;
      // Children of the killed server hold its port for a moment.
      await stopServer(this.cluster.folder);
      if (Date.now() > giveUpAt) throw new Error('PostgreSQL did not get its port back.');
    }
  }

  async stop(): Promise<void> {
    await stopServer(this.cluster.folder);
  }

  private async kill(): Promise<void> {
    const postmaster = await readPostmaster(this.cluster.folder);
    if (postmaster === undefined || !isServerOf(this.cluster.folder, postmaster.pid)) return;
    process.kill(postmaster.pid, 'SIGKILL');
    await waitUntilGone(this.cluster.folder, postmaster.pid, GONE_MS);
  }

  private async makeTemplate(): Promise<void> {
    await this.asAdmin(`CREATE DATABASE ${TEMPLATE}`);
    const pool = createPool({ url: this.url(TEMPLATE), connections: 2, name: 'chaos template' });
    try {
      await migrate(pool);
      await migrateJobs(pool);
    } finally {
      await pool.end();
    }
  }

  private async asAdmin(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('postgres') });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
}
