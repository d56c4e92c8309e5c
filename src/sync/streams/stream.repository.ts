import {
  execute,
  firstRow,
  isHeld,
  json,
  rows,
  sql,
  type Queryable,
  type Sql,
  type Transaction,
} from '../../platform/database/index.js';
import type { JsonObject, Unheard } from '../../sdk/index.js';

/** Key of the advisory lock that whoever listens to a connection holds; `id` is SQL for the connection's id. */
export function leaseKey(id: Sql): Sql {
  return sql`hashtextextended('rapport stream ' || ${id}::text, 0)`;
}

/** Listening to one connection, as people see it. */
export interface StreamView {
  /** `live`: changes come as they happen. `polling`: they are found by reading. */
  readonly state: 'live' | 'polling';
  /** null while no process listens. */
  readonly since: string | null;
  /** Why it polls: code, kind, message, remedy. */
  readonly problem: JsonObject | null;
  /** Objects that are polled while the others are live: object, message, remedy. */
  readonly unheard: readonly JsonObject[];
  /** When the last event came. */
  readonly heardAt: string | null;
}

/** SQL: the {@link StreamView} of the connection row `c` as JSON; null where nobody ever listened. */
export const STREAM_VIEW = sql`(
  select case when ${isHeld(leaseKey(sql`s.connection_id`))}
         then json_build_object('state', s.state, 'since', s.since, 'problem', s.problem, 'unheard', s.unheard, 'heardAt', s.heard_at)
         else json_build_object('state', 'polling', 'since', null, 'problem', null, 'unheard', '[]'::json, 'heardAt', s.heard_at) end
    from stream s where s.connection_id = c.id)`;

/** Where to go on; null begins. */
export async function positionOf(db: Queryable, connectionId: string): Promise<unknown> {
  const row = await firstRow<{ position: unknown }>(
    db,
    sql`select position from stream where connection_id = ${connectionId}::uuid`,
  );
  return row?.position ?? null;
}

/** With the events of the batch, in one transaction. */
export async function advance(
  tx: Transaction,
  connectionId: string,
  batch: { readonly position: unknown; readonly owesRead: boolean; readonly heard: boolean },
): Promise<void> {
  const { position, owesRead, heard } = batch;
  await execute(
    tx,
    sql`insert into stream (connection_id, state, position, owes_read, heard_at)
     values (${connectionId}::uuid, 'live', ${json(position)}, ${owesRead}, case when ${heard}::boolean then now() end)
     on conflict (connection_id) do update
        set position = excluded.position, owes_read = stream.owes_read or excluded.owes_read,
            heard_at = coalesce(excluded.heard_at, stream.heard_at)`,
  );
}

/** `since` is kept while the state stays the same. */
export async function setState(
  db: Queryable,
  connectionId: string,
  now:
    | { readonly state: 'live'; readonly unheard: readonly Unheard[] }
    | { readonly state: 'polling'; readonly problem: JsonObject | null },
): Promise<void> {
  const problem = now.state === 'polling' && now.problem !== null ? json(now.problem) : sql`null::jsonb`;
  const unheard = json(now.state === 'live' ? now.unheard : []);
  await execute(
    db,
    sql`insert into stream (connection_id, state, problem, unheard)
     values (${connectionId}::uuid, ${now.state}, ${problem}, ${unheard})
     on conflict (connection_id) do update
        set state = excluded.state, problem = excluded.problem, unheard = excluded.unheard,
            since = case when stream.state = excluded.state then stream.since else now() end`,
  );
}

/** One that was never live misses nothing that the schedule would not find anyway. */
export async function oweWhereLiveBefore(db: Queryable, connectionId: string): Promise<void> {
  await execute(
    db,
    sql`update stream set owes_read = true where connection_id = ${connectionId}::uuid and position is not null`,
  );
}

/** False when none was owed. */
export async function clearOwed(tx: Transaction, connectionId: string): Promise<boolean> {
  const cleared = await execute(
    tx,
    sql`update stream set owes_read = false where connection_id = ${connectionId}::uuid and owes_read`,
  );
  return cleared > 0;
}

/** Objects of each connection that were read to their end once. */
export async function objectsRead(db: Queryable): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = await rows<{ id: string; objects: string[] }>(
    db,
    sql`select connection_id::text as id, array_agg(object) as objects from sync_cursor
      where complete_at is not null group by connection_id`,
  );
  return new Map(found.map((row) => [row.id, new Set(row.objects)]));
}
