import pg from 'pg';
import type { Sql } from './sql.js';

/** Whatever statements can be sent through: the database itself, or a transaction on it. */
export interface Queryable {
  $queryRaw<Rows = unknown>(statement: Sql): PromiseLike<Rows>;
  $executeRaw(statement: Sql): PromiseLike<number>;
}

/** The statements of one transaction. Reading functions take it too, and work as well outside of one. */
export type Transaction = Queryable;

export interface TransactionOptions {
  /**
   * False: the commit does not wait for the disk. If the database's machine dies, the last half second of such commits is
   * gone, always the latest ones, never a part of one; and any later commit that does wait takes them to the disk with it.
   * For work that is done again from the tables, up to the last durable commit before something leaves the hub.
   */
  readonly durable?: boolean;
}

const LIMITS = `set local statement_timeout = '120s'; set local idle_in_transaction_session_timeout = '10min'`;
const BEGIN = `begin; ${LIMITS}`;
const BEGIN_UNAWAITED = `${BEGIN}; set local synchronous_commit = off`;

/** Deadlock, serialization failure: another transaction won, the same work again succeeds. */
const TRY_AGAIN = new Set(['40P01', '40001']);
const TRIES = 5;

/**
 * Runs `work` in one transaction on a connection of the pool, straight through the driver: Prisma's way of raw
 * statements copies every parameter twice, which for a page of records is as dear as the database's own work.
 * `work` is run again when another transaction was in the way.
 */
export async function runTransaction<T>(
  pool: pg.Pool,
  work: (tx: Transaction) => Promise<T>,
  { durable = true }: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptTransaction(pool, work, durable ? BEGIN : BEGIN_UNAWAITED);
    } catch (error) {
      const again = error instanceof pg.DatabaseError && TRY_AGAIN.has(error.code ?? '');
      if (!again || attempt >= TRIES) throw error;
    }
  }
}

async function attemptTransaction<T>(
  pool: pg.Pool,
  work: (tx: Transaction) => Promise<T>,
  begin: string,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(statementsOn(client));
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => {
      // A connection that cannot even roll back is of no more use; the server ends its transaction with it.
      broken = failure instanceof Error ? failure : new Error('The connection broke in a transaction.');
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Statements through the driver: each on its own on a pool, all in one session on a connection of it. */
export function statementsOn(client: pg.Pool | pg.PoolClient): Queryable {
  return {
    $queryRaw: async <Rows>(statement: Sql) => {
      const { rows } = await client.query<Record<string, unknown>>(statement.text, statement.values);
      return rows as Rows;
    },
    $executeRaw: async (statement) => (await client.query(statement.text, statement.values)).rowCount ?? 0,
  };
}
