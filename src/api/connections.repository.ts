import { execute, rows, sql, type Queryable } from '../platform/database/index.js';
import type { JsonObject } from '../sdk/index.js';
import { STREAM_VIEW, type StreamView } from '../sync/streams/stream.repository.js';

/** What the tables say of a connection beside its configuration. */
export interface ConnectionFacts {
  readonly id: string;
  readonly problem: JsonObject | null;
  readonly records: number;
  readonly openIssues: number;
  readonly waitingWrites: number;
  readonly stream: StreamView | null;
  readonly cursors: readonly {
    readonly object: string;
    readonly completeAt: string | null;
    readonly startedAt: string;
  }[];
}

export async function connectionFacts(db: Queryable, ids: readonly string[]): Promise<ConnectionFacts[]> {
  return rows(
    db,
    sql`select c.id::text as id, c.problem,
            (select count(*)::int from source_record s where s.connection_id = c.id and s.deleted_at is null) as records,
            (select count(*)::int from sync_issue i where i.connection_id = c.id and i.state = 'open' and i.severity = 'error') as "openIssues",
            (select count(*)::int from push_intent p where p.connection_id = c.id) as "waitingWrites",
            ${STREAM_VIEW} as stream,
            coalesce((select json_agg(json_build_object('object', k.object, 'completeAt', k.complete_at, 'startedAt', k.started_at))
                        from sync_cursor k where k.connection_id = c.id), '[]') as cursors
       from connection c where c.id = any(${ids}::uuid[])`,
  );
}

/** Returns whether the connection was in one of the states to leave. */
export async function setConnectionState(
  db: Queryable,
  id: string,
  { from, to }: { readonly from: readonly string[]; readonly to: 'active' | 'paused' },
): Promise<boolean> {
  const changed = await execute(
    db,
    sql`update connection set state = ${to}, problem = null, updated_at = now()
      where id = ${id}::uuid and state = any(${from}::text[])`,
  );
  return changed > 0;
}
