import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownRelease } from '../release.js';

const RETRY_MS = 200;

function randomLockKey(): string {
  return randomBytes(8).readBigInt64BE().toString();
}

/**
 * Tells the other processes that this one lives. It has a row that names its workers, and holds an advisory lock on a
 * connection of its own: PostgreSQL frees the lock the moment the process is gone, however it went.
 */
export class Liveness {
  private readonly id = randomUUID();
  private readonly lockKey = randomLockKey();
  private readonly release = ownRelease();
  private client: pg.Client | undefined;
  private workerIds: readonly string[] = [];
  private ended = false;
  private holding: Promise<void> = Promise.resolve();

  constructor(
    private readonly url: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Takes the lock. Call it before the first worker starts. */
  async begin(): Promise<void> {
    await this.hold();
  }

  /** Names the workers that run in this process now. */
  async setWorkers(workerIds: readonly string[]): Promise<void> {
    this.workerIds = workerIds;
    await this.holding;
    if (this.client !== undefined) await this.writeRow(this.client);
  }

  /** To be called when no worker runs any more. */
  async end(): Promise<void> {
    this.ended = true;
    await this.holding;
    const client = this.client;
    if (client === undefined) return;
    this.client = undefined;
    try {
      await client.query('DELETE FROM worker_process WHERE id = $1', [this.id]);
    } finally {
      await client.end();
    }
  }

  private async writeRow(client: pg.Client): Promise<void> {
    await client.query(
      `INSERT INTO worker_process (id, lock_key, worker_ids, release) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET worker_ids = excluded.worker_ids`,
      [this.id, this.lockKey, this.workerIds, this.release],
    );
  }

  private async hold(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'rapport liveness',
      keepAlive: true,
    });
    client.on('error', (error) => {
      if (this.client !== client) return;
      this.client = undefined;
      this.onError(error);
      this.holding = this.holdAgain();
    });
    await client.connect();
    try {
      // The row after the lock: a row whose lock is free is always one of a process that is gone.
      await client.query('SELECT pg_advisory_lock($1)', [this.lockKey]);
      await this.writeRow(client);
    } catch (error) {
      await client.end();
      throw error;
    }
    this.client = client;
  }

  private async holdAgain(): Promise<void> {
    while (!this.ended) {
      try {
        await this.hold();
        return;
      } catch {
        await sleep(RETRY_MS);
      }
    }
  }
}
