/** A PostgreSQL of the bench's own, set up as the hub sets up its own: durable, with statements counted. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openCluster, SERVER_USER } from '../../src/platform/database/embedded/cluster.js';
import { ensureRunning, stopServer } from '../../src/platform/database/embedded/server.js';
import { familyCpuMs } from './process.js';

export interface Statement {
  readonly query: string;
  readonly calls: number;
  /** Time in the server, ms. */
  readonly ms: number;
}

export class Postgres {
  private constructor(
    private readonly home: string,
    private readonly folder: string,
    private readonly pid: number,
    private readonly urlOf: (database: string) => string,
  ) {}

  static async start(): Promise<Postgres> {
    const home = mkdtempSync(join(tmpdir(), 'rapport-bench-'));
    chmodSync(home, 0o755);
    const cluster = await openCluster(home);
    const settings = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.max': '10000' };
    const { port, pid } = await ensureRunning(cluster, { settings });
    return new Postgres(
      home,
      cluster.folder,
      pid,
      (database) => `postgresql://${SERVER_USER}:${cluster.password}@127.0.0.1:${String(port)}/${database}`,
    );
  }

  /** An empty database. */
  async createDatabase(name: string): Promise<BenchDatabase> {
    await query(this.urlOf('postgres'), `create database ${name} template template0`);
    const url = this.urlOf(name);
    await query(url, 'create extension pg_stat_statements');
    return new BenchDatabase(url);
  }

  /** Processor time of the server and all its processes so far, ms. */
  cpuMs(): number {
    return familyCpuMs(this.pid);
  }

  async stop(): Promise<void> {
    await stopServer(this.folder);
    rmSync(this.home, { recursive: true, force: true });
  }
}

export class BenchDatabase {
  readonly client: pg.Client;

  constructor(readonly url: string) {
    this.client = new pg.Client({ connectionString: url, application_name: 'bench' });
    // A server that is stopped under it fails the next query, and not the process.
    this.client.on('error', () => undefined);
  }

  async open(): Promise<this> {
    await this.client.connect();
    return this;
  }

  /** From here on statements count. */
  async resetStatements(): Promise<void> {
    await this.client.query('select pg_stat_statements_reset()');
  }

  /** The hub's statements since then, dearest first; those of the bench itself and of the job queue's clock left out. */
  async statements(): Promise<readonly Statement[]> {
    const found = await this.client.query<Statement>(
      `select query, calls::int as calls, total_exec_time + total_plan_time as ms from pg_stat_statements
        where query not like '%bench:%' and query not like '%pg_stat_statements%'
        order by total_exec_time desc`,
    );
    return found.rows;
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
