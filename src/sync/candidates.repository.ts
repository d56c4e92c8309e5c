import type { Entity } from '../sdk/index.js';
import type { Transaction } from '../platform/database/database.js';
import { execute, json, rows, sql } from '../platform/database/sql.js';

/** Pairs that a person should judge; one that is there already keeps its place. */
export async function storeCandidates(
  tx: Transaction,
  entries: readonly { a: string; b: string; entity: Entity; rule: string; reason: string }[],
): Promise<void> {
  if (entries.length === 0) return;
  await execute(
    tx,
    sql`insert into match_candidate (record_a, record_b, entity, rule, reason)
     select distinct on (least(c.a, c.b), greatest(c.a, c.b)) least(c.a, c.b), greatest(c.a, c.b), c.entity, c.rule, c.reason
       from jsonb_to_recordset(${json(entries)}) as c(a bigint, b bigint, entity text, rule text, reason text)
     on conflict (record_a, record_b) do update set rule = excluded.rule, reason = excluded.reason`,
  );
}

/** Candidates of the records given that the last look did not bring up again are answered or out of date: they go. */
export async function dropCandidates(
  tx: Transaction,
  recordIds: readonly string[],
  keep: readonly { a: string; b: string }[],
): Promise<{ a: string; b: string }[]> {
  if (recordIds.length === 0) return [];
  return rows(
    tx,
    sql`delete from match_candidate m
      where (m.record_a = any(${recordIds}::bigint[]) or m.record_b = any(${recordIds}::bigint[]))
        and not exists (select from jsonb_to_recordset(${json(keep)}) as k(a bigint, b bigint)
                         where least(k.a, k.b) = m.record_a and greatest(k.a, k.b) = m.record_b)
      returning m.record_a::text as a, m.record_b::text as b`,
  );
}

/** Connections in which a golden record has an open candidate: nothing is made there until a person has judged. */
export async function connectionsWithCandidates(
  tx: Transaction,
  goldenIds: readonly string[],
): Promise<{ goldenId: string; connectionId: string }[]> {
  if (goldenIds.length === 0) return [];
  return rows(
    tx,
    sql`select distinct mine.golden_id::text as "goldenId", other.connection_id::text as "connectionId"
       from source_record mine
       join match_candidate m on m.record_a = mine.id or m.record_b = mine.id
       join source_record named on named.id = case when m.record_a = mine.id then m.record_b else m.record_a end
       join source_record other on other.golden_id = named.golden_id
      where mine.golden_id = any(${goldenIds}::uuid[]) and other.deleted_at is null`,
  );
}
