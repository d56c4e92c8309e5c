import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import type { Queryable, Transaction } from '../platform/database/database.js';
import { execute, firstRow, json, sql, type Sql } from '../platform/database/sql.js';

/**
 * Starts or goes on with reading an object; returns the cursor to read from, null for the beginning. With another
 * mapping than the cursor was made with, fields are missing that only a full read brings. A reading that was
 * interrupted keeps the time it began.
 */
export async function begin(
  tx: Transaction,
  {
    connection,
    setup,
    full,
    resume,
  }: { connection: ActiveConnection; setup: ObjectSetup; full: boolean; resume: boolean },
): Promise<unknown> {
  const row = await firstRow<{ cursor: unknown }>(
    tx,
    sql`insert into sync_cursor (connection_id, object, entity, mapping_hash, started_at)
     values (${connection.id}::uuid, ${setup.object}, ${setup.entity}, ${setup.mappingHash}, now())
     on conflict (connection_id, object) do update
        set cursor = case when sync_cursor.mapping_hash = excluded.mapping_hash and not ${full}::boolean
                          then sync_cursor.cursor end,
            complete_at = case when sync_cursor.mapping_hash = excluded.mapping_hash then sync_cursor.complete_at end,
            started_at = case when ${resume}::boolean then sync_cursor.started_at else now() end,
            mapping_hash = excluded.mapping_hash, entity = excluded.entity
     returning cursor`,
  );
  return row?.cursor ?? null;
}

/** How far an object is read. */
export interface CursorMove {
  readonly connectionId: string;
  readonly object: string;
  readonly cursor: unknown;
}

/** In the transaction that stores the page. */
export async function advance(tx: Transaction, move: CursorMove): Promise<void> {
  await execute(tx, moveCursor(move));
}

/** SQL: the same as a part of another statement. */
export function moveCursor({ connectionId, object, cursor }: CursorMove): Sql {
  return sql`update sync_cursor set cursor = ${json(cursor)} where connection_id = ${connectionId}::uuid and object = ${object}`;
}

/** The end was reached: what changed there before this reading began is known here. Returns when it began. */
export async function complete(tx: Transaction, connectionId: string, object: string): Promise<Date | null> {
  const row = await firstRow<{ startedAt: Date }>(
    tx,
    sql`update sync_cursor set complete_at = started_at where connection_id = ${connectionId}::uuid and object = ${object}
      returning started_at as "startedAt"`,
  );
  return row?.startedAt ?? null;
}

/** The cursor a reading would start from, without starting one. */
export async function peek(db: Queryable, connectionId: string, setup: ObjectSetup): Promise<unknown> {
  const row = await firstRow<{ cursor: unknown }>(
    db,
    sql`select cursor from sync_cursor where connection_id = ${connectionId}::uuid and object = ${setup.object}
        and mapping_hash = ${setup.mappingHash}`,
  );
  return row?.cursor ?? null;
}
