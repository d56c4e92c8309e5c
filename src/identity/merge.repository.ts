import { ENTITIES } from '../core/model/fields.js';
import { execute, firstRow, json, rows, sql, type Transaction } from '../platform/database/index.js';
import type { Entity } from '../sdk/index.js';

/** A merge as it is kept to undo it. */
export interface StoredMerge {
  readonly id: string;
  readonly survivorId: string;
  readonly mergedId: string;
  /** Ids of the records that moved. */
  readonly records: readonly string[];
  readonly at: Date;
}

const MERGE = sql`id::text as id, survivor_id::text as "survivorId", merged_id::text as "mergedId", records, at`;

/** The newest merge in force that made an alias of the id; failing that, the newest that it took another one in by. */
export async function findMerge(tx: Transaction, goldenId: string): Promise<StoredMerge | undefined> {
  return firstRow(
    tx,
    sql`select ${MERGE} from merge
      where undone_at is null and (survivor_id = ${goldenId}::uuid or merged_id = ${goldenId}::uuid)
      order by merged_id = ${goldenId}::uuid desc, at desc, id limit 1`,
  );
}

/** Moves records as they are: why each was linked in the first place stays known. Returns the ids of those moved. */
export async function moveRecords(
  tx: Transaction,
  { from, to, only }: { readonly from: string; readonly to: string; readonly only?: readonly string[] },
): Promise<string[]> {
  const chosen = only === undefined ? sql`true` : sql`id = any(${only}::bigint[])`;
  const moved = await rows<{ id: string }>(
    tx,
    sql`update source_record set golden_id = ${to}::uuid where golden_id = ${from}::uuid and ${chosen}
     returning id::text as id`,
  );
  return moved.map((row) => row.id).sort((a, b) => Number(a) - Number(b));
}

export async function reviveAlias(tx: Transaction, goldenId: string): Promise<void> {
  await execute(
    tx,
    sql`update golden set merged_into = null, updated_at = now() where id = ${goldenId}::uuid`,
  );
}

export async function markUndone(tx: Transaction, mergeId: string): Promise<void> {
  await execute(tx, sql`update merge set undone_at = now() where id = ${mergeId}::uuid`);
}

export async function recordIdsOf(tx: Transaction, goldenId: string): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`select id::text as id from source_record where golden_id = ${goldenId}::uuid order by source_record.id`,
  );
  return found.map((row) => row.id);
}

/**
 * Records that rules linked since the merge: with the two apart again they have to be placed anew. Those that the hub
 * made stay, and so do those that another merge brought.
 */
export async function linkedSince(
  tx: Transaction,
  goldenId: string,
  merge: Pick<StoredMerge, 'id' | 'at'>,
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`select s.id::text as id from source_record s join connection c on c.id = s.connection_id
      where s.golden_id = ${goldenId}::uuid and s.linked_at > ${merge.at.toISOString()}::timestamptz and c.connector <> 'hub'
        and s.link_rule is distinct from 'made by the hub'
        and not exists (select from merge m where m.undone_at is null and m.id <> ${merge.id}::uuid
                                             and m.records @> jsonb_build_array(s.id::text))
      order by s.id`,
  );
  return found.map((row) => row.id);
}

export async function unlinkRecords(tx: Transaction, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length === 0) return;
  await execute(
    tx,
    sql`update source_record set golden_id = null, link_rule = null, linked_at = null where id = any(${recordIds}::bigint[])`,
  );
}

export interface Decision {
  readonly pairs: readonly { readonly a: string; readonly b: string }[];
  readonly verdict: 'same' | 'notSame';
  readonly by: string;
  readonly mergeId: string | null;
}

/** A person's newest word on pairs of records, in place of any earlier one. */
export async function decide(tx: Transaction, { pairs, verdict, by, mergeId }: Decision): Promise<void> {
  if (pairs.length === 0) return;
  await execute(
    tx,
    sql`insert into match_decision (record_a, record_b, verdict, by, merge_id)
     select distinct least(p.a, p.b), greatest(p.a, p.b), ${verdict}, ${by}, ${mergeId}::uuid
       from jsonb_to_recordset(${json(pairs)}) as p(a bigint, b bigint) where p.a <> p.b
     on conflict (record_a, record_b) do update
        set verdict = excluded.verdict, by = excluded.by, at = now(), merge_id = excluded.merge_id`,
  );
}

export async function dropDecisionsOf(tx: Transaction, mergeId: string): Promise<void> {
  await execute(tx, sql`delete from match_decision where merge_id = ${mergeId}::uuid and verdict = 'same'`);
}

/** What was open or said otherwise between two groups is settled by a merge. */
export async function settleBetween(
  tx: Transaction,
  a: readonly string[],
  b: readonly string[],
): Promise<void> {
  const between = sql`(record_a = any(${a}::bigint[]) and record_b = any(${b}::bigint[]))
                   or (record_a = any(${b}::bigint[]) and record_b = any(${a}::bigint[]))`;
  await execute(tx, sql`delete from match_candidate where ${between}`);
  await execute(tx, sql`delete from match_decision where verdict = 'notSame' and (${between})`);
}

/** Issues follow their records. */
export async function moveIssues(
  tx: Transaction,
  { to, records }: { readonly to: string; readonly records: readonly string[] },
): Promise<void> {
  await execute(
    tx,
    sql`update sync_issue set golden_id = ${to}::uuid
      where golden_id is not null and record_id = any(${records}::bigint[])`,
  );
}

/** Golden records that people pointed at one of these in the hub: such a reference names the golden record itself. */
export async function addHubReferrers(
  tx: Transaction,
  goldenIds: readonly string[],
  kind: string,
): Promise<void> {
  await execute(
    tx,
    sql`insert into resolve_task (kind, id)
     select distinct 'golden', s.golden_id::text
       from connection c cross join unnest(${goldenIds}::text[]) as target
       join identifier i on i.entity = any(${ENTITIES}::text[]) and i.kind = ${kind} and i.value = c.id::text || ':golden:' || target
       join source_record s on s.id = i.record_id
      where c.connector = 'hub' and s.golden_id is not null
     on conflict do nothing`,
  );
}

export interface RecordOfPair {
  readonly id: string;
  readonly entity: Entity;
  readonly goldenId: string | null;
}

export async function recordsOfPair(tx: Transaction, ids: readonly string[]): Promise<RecordOfPair[]> {
  return rows(
    tx,
    sql`select id::text as id, entity, golden_id::text as "goldenId" from source_record where id = any(${ids}::bigint[])`,
  );
}

export async function dropCandidate(tx: Transaction, a: string, b: string): Promise<void> {
  await execute(
    tx,
    sql`delete from match_candidate where record_a = least(${a}::bigint, ${b}::bigint) and record_b = greatest(${a}::bigint, ${b}::bigint)`,
  );
}
