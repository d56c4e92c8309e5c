/** What the demo asks the hub's database, beyond what its services answer. */
import { rows, sql, type Queryable } from '../platform/database/index.js';
import type { Entity } from '../sdk/index.js';

export interface Link {
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
  readonly goldenId: string;
}

/** Live records and the customer or account each stands for. */
export async function links(db: Queryable): Promise<readonly Link[]> {
  return rows(
    db,
    sql`select c.name as connection, s.object, s.external_id as "externalId", s.golden_id::text as "goldenId"
       from source_record s join connection c on c.id = s.connection_id
      where s.golden_id is not null and s.deleted_at is null and s.merged_into is null`,
  );
}

export interface Issue {
  readonly connection: string;
  readonly object: string | null;
  readonly externalId: string | null;
  readonly goldenId: string | null;
  readonly severity: 'error' | 'notice';
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
  readonly remedy: string;
}

export async function openIssues(db: Queryable): Promise<readonly Issue[]> {
  return rows(
    db,
    sql`select c.name as connection, i.object, i.external_id as "externalId",
            coalesce(i.golden_id, s.golden_id)::text as "goldenId", i.severity, i.code, i.field, i.message, i.remedy
       from sync_issue i join connection c on c.id = i.connection_id left join source_record s on s.id = i.record_id
      where i.state = 'open' order by i.severity, i.code, i.field, i.id`,
  );
}

/** A field on which systems did not agree, decided. */
export interface Conflict {
  readonly goldenId: string;
  readonly entity: Entity;
  readonly title: string;
  readonly field: string;
  readonly rule: string;
  readonly winner: string;
  readonly losers: readonly string[];
}

export async function conflicts(db: Queryable, runId: string): Promise<readonly Conflict[]> {
  return rows(
    db,
    sql`select distinct on (g.id, line ->> 'field') g.id::text as "goldenId", g.entity, g.title, line ->> 'field' as field,
            line ->> 'rule' as rule, line #>> '{winner,connection}' as winner,
            (select json_agg(loser ->> 'connection') from jsonb_array_elements(line -> 'losers') as loser) as losers
       from golden_change c join golden g on g.id = c.golden_id
       cross join lateral jsonb_array_elements(c.changes) as line
      where c.run_id = ${runId}::uuid and g.merged_into is null and line ->> 'winner' is not null
        and jsonb_array_length(line -> 'losers') > 0
      order by g.id, line ->> 'field', c.id desc`,
  );
}

/** Pairs that a person should judge. */
export async function candidateCount(db: Queryable): Promise<number> {
  const [row] = await rows<{ count: number }>(db, sql`select count(*)::int as count from match_candidate`);
  return row?.count ?? 0;
}
