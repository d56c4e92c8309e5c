import { validate as isUuid } from 'uuid';
import type { Entity, JsonObject, JsonValue } from '../sdk/index.js';
import {
  fromProvenanceDocument,
  toProvenanceDocument,
  type FieldChange,
  type Provenance,
} from '../core/survivorship/index.js';
import type { Transaction } from '../platform/database/database.js';
import { execute, firstRow, join, json, rows, sql, type Sql } from '../platform/database/sql.js';
import { RECORD_COLUMNS } from './ingest.repository.js';
import { ENTITIES } from '../core/model/fields.js';
import { REFERENCE_KIND } from './references.js';
import { opened, type StoredRecord } from './source-record.js';

export interface ResolveTask {
  readonly kind: 'record' | 'golden';
  readonly id: string;
  readonly runId: string | null;
}

/** One golden row as resolve reads and writes it. */
export interface GoldenRow {
  readonly id: string;
  readonly entity: Entity;
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly provenance: Readonly<Record<string, Provenance>>;
  readonly title: string;
  readonly version: number;
  readonly mergedInto: string | null;
  /** ms; the oldest survives a merge. */
  readonly createdAt: number;
  /** Fields that are pushed nowhere until somebody decides. */
  readonly frozen: Frozen | null;
}

/** Field → since when, ms. */
export type Frozen = Readonly<Record<string, { readonly at: number }>>;

export const GOLDEN_COLUMNS = sql`id::text as id, entity, fields, provenance, title, version, merged_into::text as "mergedInto", frozen,
  (extract(epoch from created_at) * 1000)::float8 as "createdAt"`;

/** One resolver at a time, merges by people included: two of them could make two customers of one person. */
export async function lockResolve(tx: Transaction): Promise<void> {
  await rows(tx, sql`select pg_advisory_xact_lock(727001) is null as locked`);
}

/** Takes work out of the queue; it comes back if the transaction fails. */
export async function takeTasks(tx: Transaction, limit: number): Promise<ResolveTask[]> {
  return rows(
    tx,
    sql`delete from resolve_task where (kind, id) in
       (select kind, id from resolve_task order by kind desc, id limit ${limit} for update skip locked)
     returning kind, id, run_id::text as "runId"`,
  );
}

export async function loadRecords(tx: Transaction, ids: readonly string[]): Promise<StoredRecord[]> {
  if (ids.length === 0) return [];
  return opened(
    await rows<StoredRecord>(
      tx,
      sql`select ${RECORD_COLUMNS} from source_record where id = any(${ids}::bigint[])`,
    ),
  );
}

/** Those of the records that are of one entity. */
export async function recordsOfEntity(
  tx: Transaction,
  ids: readonly string[],
  entity: Entity,
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const found = await rows<{ id: string }>(
    tx,
    sql`select id::text as id from source_record where id = any(${ids}::bigint[]) and entity = ${entity}`,
  );
  return found.map((row) => row.id);
}

export async function loadRecordsOfGolden(
  tx: Transaction,
  goldenIds: readonly string[],
): Promise<StoredRecord[]> {
  if (goldenIds.length === 0) return [];
  return opened(
    await rows<StoredRecord>(
      tx,
      sql`select ${RECORD_COLUMNS} from source_record where golden_id = any(${goldenIds}::uuid[])`,
    ),
  );
}

export async function loadGolden(tx: Transaction, ids: readonly string[]): Promise<GoldenRow[]> {
  if (ids.length === 0) return [];
  const found = await rows<Omit<GoldenRow, 'provenance'> & { readonly provenance: JsonObject }>(
    tx,
    sql`select ${GOLDEN_COLUMNS} from golden where id = any(${ids}::uuid[])`,
  );
  return found.map((row) => ({ ...row, provenance: fromProvenanceDocument(row.provenance, row.fields) }));
}

/** Golden ids of the records that references point at. */
export async function loadTargets(
  tx: Transaction,
  targets: readonly { connectionId: string; object: string; externalId: string }[],
): Promise<
  { connectionId: string; object: string; externalId: string; goldenId: string; deleted: boolean }[]
> {
  if (targets.length === 0) return [];
  return rows(
    tx,
    sql`select s.connection_id::text as "connectionId", s.object, s.external_id as "externalId",
            s.golden_id::text as "goldenId", s.deleted_at is not null and s.merged_into is null as deleted
       from jsonb_to_recordset(${json(targets)}) as r("connectionId" uuid, object text, "externalId" text)
       join source_record s on s.connection_id = r."connectionId" and s.object = r.object
                           and s.external_id = r."externalId"
      where s.golden_id is not null`,
  );
}

/** Golden ids that are in use by those given, aliases followed to their end; unknown ones are left out. */
export async function loadCurrent(
  tx: Transaction,
  goldenIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  // Some were typed by hand.
  const ids = goldenIds.filter((id) => isUuid(id));
  if (ids.length === 0) return new Map();
  const found = await rows<{ id: string; current: string }>(
    tx,
    sql`with recursive followed as (
       select id as start, id, merged_into, 0 as step from golden where id = any(${ids}::uuid[])
       union all
       select f.start, g.id, g.merged_into, f.step + 1 from followed f join golden g on g.id = f.merged_into
        where f.step < 1000
     )
     select start::text as id, id::text as current from followed where merged_into is null`,
  );
  return new Map(found.map((row) => [row.id, row.current]));
}

export interface RecordLink {
  readonly recordId: string;
  readonly goldenId: string;
  readonly rule: string;
}

export async function storeLinks(tx: Transaction, links: readonly RecordLink[]): Promise<void> {
  if (links.length === 0) return;
  await execute(
    tx,
    sql`update source_record s set golden_id = l."goldenId", link_rule = l.rule, linked_at = now()
       from jsonb_to_recordset(${json(links)}) as l("recordId" bigint, "goldenId" uuid, rule text) where s.id = l."recordId"`,
  );
}

export interface GoldenWrite {
  readonly id: string;
  readonly entity: Entity;
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly provenance: Readonly<Record<string, Provenance>>;
  readonly title: string;
  readonly search: string;
  readonly mergedInto: string | null;
}

function goldenWrites(entries: readonly GoldenWrite[]): Sql {
  const documents = entries.map((entry) => ({
    ...entry,
    provenance: toProvenanceDocument(entry.provenance),
  }));
  return sql`insert into golden (id, entity, fields, provenance, title, search, merged_into, version)
     select g.id, g.entity, g.fields, g.provenance, g.title, g.search, g."mergedInto", 1
       from jsonb_to_recordset(${json(documents)}) as g(id uuid, entity text, fields jsonb, provenance jsonb, title text,
                                               search text, "mergedInto" uuid)
     on conflict (id) do update
        set fields = excluded.fields, provenance = excluded.provenance, title = excluded.title,
            search = excluded.search, merged_into = excluded.merged_into, version = golden.version + 1,
            updated_at = now()`;
}

export interface ChangeWrite {
  readonly goldenId: string;
  readonly version: number;
  readonly runId: string | null;
  readonly changes: readonly FieldChange[];
}

function changeWrites(entries: readonly ChangeWrite[]): Sql {
  return sql`insert into golden_change (golden_id, version, run_id, changes)
     select c."goldenId", c.version, c."runId", c.changes
       from jsonb_to_recordset(${json(entries)}) as c("goldenId" uuid, version int, "runId" uuid, changes jsonb)`;
}

/** While no record points at any, which is asked first, nothing is looked for; in the index's order, lest the table be read. */
function referrerTasks(goldenIds: readonly string[], runId: string | null): Sql {
  return sql`insert into resolve_task (kind, id, run_id)
     select distinct 'golden', s.golden_id::text, ${runId}::uuid
       from source_record t
       join identifier i on i.entity = any(${ENTITIES}::text[]) and i.kind = ${REFERENCE_KIND}
                        and i.value = t.connection_id::text || ':' || t.object || ':' || t.external_id
       join source_record s on s.id = i.record_id
      where t.golden_id = any(${goldenIds}::uuid[]) and s.golden_id is not null
        and exists (select from unnest(${ENTITIES}::text[]) as e(entity)
                     where (select true from identifier r where r.entity = e.entity and r.kind = ${REFERENCE_KIND}
                             order by r.entity, r.kind, r.value limit 1))
     on conflict do nothing`;
}

/** What golden records come to, and their history, in one statement. Returns how many tasks are new in the queue. */
export async function storeResolved(
  tx: Transaction,
  resolved: {
    readonly golden: readonly GoldenWrite[];
    readonly changes: readonly ChangeWrite[];
    /** Those whose referrers may read differently now: see {@link addReferrers}. */
    readonly relinked: readonly string[];
    readonly runId: string | null;
  },
): Promise<number> {
  const { golden, changes, relinked, runId } = resolved;
  const parts = [
    golden.length > 0 ? [sql`stored as (${goldenWrites(golden)})`] : [],
    changes.length > 0 ? [sql`told as (${changeWrites(changes)})`] : [],
  ].flat();
  if (parts.length === 0 && relinked.length === 0) return 0;
  const all = [...parts, sql`referring as (${referrerTasks(relinked, runId)} returning 1)`];
  const found = await firstRow<{ tasks: number }>(
    tx,
    sql`with ${join(all)} select count(*)::int as tasks from referring`,
  );
  return found?.tasks ?? 0;
}

/** Golden records whose own records point at one of those given: their reference fields may read differently now. Returns how many are new in the queue. */
export async function addReferrers(
  tx: Transaction,
  goldenIds: readonly string[],
  runId: string | null,
): Promise<number> {
  return goldenIds.length === 0 ? 0 : execute(tx, referrerTasks(goldenIds, runId));
}

/** Golden ids that records are linked to now. */
export async function goldenIdsOf(tx: Transaction, recordIds: readonly string[]): Promise<string[]> {
  if (recordIds.length === 0) return [];
  const found = await rows<{ id: string }>(
    tx,
    sql`select distinct golden_id::text as id from source_record
      where id = any(${recordIds}::bigint[]) and golden_id is not null`,
  );
  return found.map((row) => row.id);
}

/** One record that speaks for each golden record: the oldest live one. */
export async function recordsOfGolden(
  tx: Transaction,
  goldenIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await rows<{ goldenId: string; id: string }>(
    tx,
    sql`select distinct on (golden_id) golden_id::text as "goldenId", id::text as id from source_record
      where golden_id = any(${goldenIds}::uuid[]) order by golden_id, deleted_at is not null, source_record.id`,
  );
  return new Map(found.map((row) => [row.goldenId, row.id]));
}
