import pg from 'pg';
import { sql, type Sql } from '../../platform/database/index.js';
import { leaseKey } from './stream.repository.js';

/** A machine that is gone without a word is noticed after some 20 s; a process that died at once. */
const KEEPALIVE = `set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3`;

/**
 * Who listens to a connection's stream: of all processes the one that holds its advisory lock. The locks are held by a
 * session of their own; PostgreSQL frees them the moment it ends, however it ended.
 */
export class StreamLeases {
  private client: pg.Client | undefined;
  private readonly held = new Set<string>();

  constructor(
    private readonly url: string,
    /** Told when all of them are lost at once. */
    private readonly onLost: (error: unknown) => void,
  ) {}

  /** Whether the lease is ours now; false while another process has it. */
  async take(connectionId: string): Promise<boolean> {
    if (this.held.has(connectionId)) return true;
    const client = await this.connected();
    const taken = await lock(client, sql`pg_try_advisory_lock(${leaseKey(sql`${connectionId}`)})`);
    // The session may have ended with the answer on its way.
    if (!taken || this.client !== client) return false;
    this.held.add(connectionId);
    return true;
  }

  async give(connectionId: string): Promise<void> {
    if (!this.held.delete(connectionId) || this.client === undefined) return;
    await lock(this.client, sql`pg_advisory_unlock(${leaseKey(sql`${connectionId}`)})`);
  }

  async end(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.held.clear();
    await client?.end();
  }

  private async connected(): Promise<pg.Client> {
    if (this.client !== undefined) return this.client;
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'rapport streams',
      keepAlive: true,
    });
    client.on('error', (error) => {
      if (this.client !== client) return;
      this.client = undefined;
      this.held.clear();
      this.onLost(error);
    });
    await client.connect();
    await client.query(KEEPALIVE);
    this.client = client;
    return client;
  }
}

async function lock(client: pg.Client, call: Sql): Promise<boolean> {
  const statement = sql`select ${call} as done`;
  const { rows } = await client.query<{ done: boolean }>(statement.text, statement.values);
  return rows[0]?.done === true;
}
