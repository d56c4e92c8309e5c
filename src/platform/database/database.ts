import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { type Prisma, PrismaClient } from './generated/client.js';
import { createPool } from './pool.js';

export { Prisma } from './generated/client.js';

/** The client inside a transaction. */
export type Transaction = Prisma.TransactionClient;

/** Whatever SQL can be sent through: the database itself, or a transaction on it. */
export type Queryable = Pick<Transaction, '$queryRaw' | '$executeRaw'>;

export interface DatabaseOptions {
  readonly url: string;
  /** Connections kept at most; 10 unless told. */
  readonly connections?: number;
  /** Told of connections that broke; the pool replaces them by itself. */
  readonly onConnectionError?: (error: Error) => void;
}

const DEFAULT_CONNECTIONS = 10;
const MAX_WAIT_MS = 30_000;
const TRANSACTION_TIMEOUT_MS = 120_000;

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
   * Waits up to 30 s for a connection, and rolls back what takes longer than 120 s.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return await this.prisma.$transaction(work, { maxWait: MAX_WAIT_MS, timeout: TRANSACTION_TIMEOUT_MS });
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }
}
