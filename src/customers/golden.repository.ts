import { fromProvenanceDocument, type Provenance } from '../core/survivorship/index.js';
import { firstRow, rows, sql, type Queryable } from '../platform/database/index.js';
import type { Entity, JsonObject, JsonValue } from '../sdk/index.js';
import { RequestError } from './request-error.js';

/** A golden record as it is read by those who show it. */
export interface GoldenRecord {
  readonly id: string;
  readonly entity: Entity;
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly provenance: Readonly<Record<string, Provenance>>;
  readonly title: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The golden record of an id, or the one that took it in; undefined when there is none. */
export async function findGolden(db: Queryable, id: string): Promise<GoldenRecord | undefined> {
  if (!isUuid(id)) return undefined;
  const row = await firstRow<Omit<GoldenRecord, 'provenance'> & { readonly provenance: JsonObject }>(
    db,
    sql`with recursive way as (
       select id, merged_into, 0 as step from golden where id = ${id}::uuid
       union all
       select g.id, g.merged_into, w.step + 1 from way w join golden g on g.id = w.merged_into where w.step < 1000
     )
     select id::text as id, entity, fields, provenance, title, version, created_at as "createdAt", updated_at as "updatedAt"
       from golden where id = (select id from way where merged_into is null)`,
  );
  return row && { ...row, provenance: fromProvenanceDocument(row.provenance, row.fields) };
}

/**
 * The same, for callers who cannot go on without.
 *
 * @throws RequestError of kind unknown
 */
export async function needGolden(db: Queryable, id: string, entity?: Entity): Promise<GoldenRecord> {
  const found = await findGolden(db, id);
  if (found !== undefined && (entity === undefined || found.entity === entity)) return found;
  throw new RequestError({
    kind: 'unknown',
    message: isUuid(id)
      ? `There is no ${entity ?? 'customer, account or deal'} ${id}.`
      : `That is no id of the hub.`,
    remedy: 'Search by e-mail, phone, name or external id to find the id.',
  });
}

/**
 * Ids that were taken in by this golden record, directly or through others. By `union all`: a `union` lays out a
 * hash table for as many rows as the planner fears, 25 ms of it where a big table has no statistics yet.
 */
export async function aliasesOf(db: Queryable, id: string): Promise<string[]> {
  const found = await rows<{ id: string }>(
    db,
    sql`with recursive taken as (
       select id, 0 as step from golden where merged_into = ${id}::uuid
       union all
       select g.id, t.step + 1 from taken t join golden g on g.merged_into = t.id where t.step < 1000
     ) select id::text as id from taken order by id`,
  );
  return found.map((row) => row.id);
}

export async function titlesOf(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const known = ids.filter(isUuid);
  if (known.length === 0) return new Map();
  const found = await rows<{ id: string; title: string }>(
    db,
    sql`select id::text as id, title from golden where id = any(${known}::uuid[])`,
  );
  return new Map(found.map((row) => [row.id, row.title]));
}
