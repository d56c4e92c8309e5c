/** A database of its own for each test file, cloned in milliseconds from one that has the current schema. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { openCluster, SERVER_USER, type Cluster } from '../../src/platform/database/embedded/cluster.js';
import { ensureRunning } from '../../src/platform/database/embedded/server.js';
import { Database } from '../../src/platform/database/database.js';
import { createPool } from '../../src/platform/database/pool.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { migrateJobs } from '../../src/platform/jobs/migrate.js';
import { withFileLock } from '../../src/platform/file-lock.js';

const TEMPLATE = 'rapport_template';

/** What is lost in a crash doesn't matter here. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '300',
};

export interface TestDatabase {
  /** For processes and for whoever makes a pool of their own. */
  readonly url: string;
  readonly database: Database;
  /** Closes `database` and drops it, whoever is still connected. Call it in `afterAll`. */
  drop(): Promise<void>;
  /** Keeps all it holds now, for {@link TestDatabase.restore}; whoever is connected is thrown out. */
  backUp(): Promise<void>;
  /** Makes it hold again what it held at the last {@link TestDatabase.backUp}. */
  restore(): Promise<void>;
}

function home(): string {
  const folder = process.env.RAPPORT_TEST_HOME;
  if (folder === undefined)
    throw new Error('RAPPORT_TEST_HOME is set by test/helpers/global-setup.mjs: run by jest.');
  return folder;
}

function urlOf(cluster: Cluster, port: number, database: string): string {
  return `postgresql://${SERVER_USER}:${cluster.password}@127.0.0.1:${String(port)}/${database}`;
}

async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

interface TestServer {
  readonly adminUrl: string;
  readonly urlFor: (database: string) => string;
}

/** The run's server, started by whoever needs it first. */
async function testServer(): Promise<TestServer> {
  return await withFileLock(join(home(), 'lock'), async () => {
    const cluster = await openCluster(home());
    const { port } = await ensureRunning(cluster, { settings: SETTINGS });
    const urlFor = (database: string): string => urlOf(cluster, port, database);
    return { adminUrl: urlFor('postgres'), urlFor };
  });
}

async function makeTemplate(server: TestServer): Promise<void> {
  await withFileLock(join(home(), 'template.lock'), async () => {
    await asAdmin(server.adminUrl, async (client) => {
      const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [TEMPLATE]);
      if (found.rowCount !== 0) return;
      const draft = `${TEMPLATE}_${randomBytes(4).toString('hex')}`;
      await client.query(`CREATE DATABASE ${draft}`);
      const pool = createPool({ url: server.urlFor(draft), connections: 4, name: 'template' });
      try {
        await migrate(pool);
        await migrateJobs(pool);
      } finally {
        await pool.end();
      }
      await client.query(`ALTER DATABASE ${draft} RENAME TO ${TEMPLATE}`);
    });
  });
}

type EmptyDatabase = Omit<TestDatabase, 'database'>;

/** An empty database, without the hub's schema, for what sets one up itself. */
export async function createEmptyDatabase(): Promise<EmptyDatabase> {
  const server = await testServer();
  return await create(server, 'template0');
}

async function create(server: TestServer, template: string): Promise<EmptyDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const backup = `${name}_backup`;
  const query = (text: string): Promise<void> =>
    asAdmin(server.adminUrl, async (client) => {
      await client.query(text);
    });
  await query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: server.urlFor(name),
    drop: async () => {
      await query(`DROP DATABASE IF EXISTS ${backup}`);
      await query(`DROP DATABASE ${name} WITH (FORCE)`);
    },
    backUp: async () => {
      await query(`DROP DATABASE IF EXISTS ${backup}`);
      await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      await query(`CREATE DATABASE ${backup} TEMPLATE ${name}`);
    },
    restore: async () => {
      await query(`DROP DATABASE ${name} WITH (FORCE)`);
      await query(`CREATE DATABASE ${name} TEMPLATE ${backup}`);
    },
  };
}

/** A database with the current schema and nothing in it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await testServer();
  await makeTemplate(server);
  return withPool(await create(server, TEMPLATE));
}

/** The same with a pool of connections, which ends with it. */
export function withPool(created: EmptyDatabase): TestDatabase {
  const database = new Database({ url: created.url });
  return {
    ...created,
    database,
    drop: async () => {
      await database.close();
      await created.drop();
    },
  };
}
