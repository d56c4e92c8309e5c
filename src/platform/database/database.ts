import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from './generated/client.js';
import { createPool } from './pool.js';
import {
  runTransaction,
  statementsOn,
  type Queryable,
  type Transaction,
  type TransactionOptions,
} from './transaction.js';
import type { Sql } from './sql.js';

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

/** One pool of connections: statements straight through the driver, and Prisma's model API over the same. */
export class Database implements Queryable {
  readonly pool: pg.Pool;
  private readonly statements: Queryable;
  private models: PrismaClient | undefined;

  constructor(readonly options: DatabaseOptions) {
    this.pool = createPool({
      url: options.url,
      connections: options.connections ?? DEFAULT_CONNECTIONS,
      name: 'rapport',
      onError: options.onConnectionError,
    });
    this.statements = statementsOn(this.pool);
  }

  /** Prisma's model API. Made when it is first asked for: its query compiler takes some 70 MiB. */
  get prisma(): PrismaClient {
    this.models ??= new PrismaClient({ adapter: new PrismaPg(this.pool) });
    return this.models;
  }

  /** A statement on its own, outside of a transaction. */
  $queryRaw<Rows>(statement: Sql): PromiseLike<Rows> {
    return this.statements.$queryRaw<Rows>(statement);
  }

  $executeRaw(statement: Sql): PromiseLike<number> {
    return this.statements.$executeRaw(statement);
  }

  /**
   * Runs `work` in one transaction: everything or nothing. Jobs enqueued with the same `tx` start only if it commits.
   * A statement that takes longer than 120 s fails; `work` runs again after a deadlock.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return runTransaction(this.pool, work, options);
  }

  async close(): Promise<void> {
    await this.models?.$disconnect();
    await this.pool.end();
  }
}
