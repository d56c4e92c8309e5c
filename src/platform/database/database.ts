import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from './generated/client.js';
import { createPool } from './pool.js';
import { runTransaction, type Transaction } from './transaction.js';

export { Prisma } from './generated/client.js';

export type { Queryable, Transaction } from './transaction.js';

export interface DatabaseOptions {
  readonly url: string;
  /** Connections kept at most; 10 unless told. */
  readonly connections?: number;
  /** Told of connections that broke; the pool replaces them by itself. */
  readonly onConnectionError?: (error: Error) => void;
}

const DEFAULT_CONNECTIONS = 10;
/** One pool of connections, and Prisma's model API over it. */
export class Database {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;

  constructor(readonly options: DatabaseOptions) {
    this.pool = createPool({
      url: options.url,
      connections: options.connections ?? DEFAULT_CONNECTIONS,
      name: 'rapport',
      onError: options.onConnectionError,
    });
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool) });
  }

  /**
   * Runs `work` in one transaction: everything or nothing. Jobs enqueued with the same `tx` start only if it commits.
   * A statement that takes longer than 120 s fails; `work` runs again after a deadlock.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return runTransaction(this.pool, work);
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }
}
