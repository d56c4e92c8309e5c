import { z } from 'zod';
import { rows, sql, type Queryable, type Sql } from '../platform/database/index.js';
import type { Entity } from '../sdk/index.js';
import { isUuid } from './golden.repository.js';
import { pageOf, startOf, type Page, type PageRequest } from './paging.js';
import { identifierTerms, searchWords } from './search-terms.js';

/** A golden record in a list. */
export interface CustomerSummary {
  readonly id: string;
  readonly entity: Entity;
  readonly title: string;
  readonly email: string | null;
  readonly phone: string | null;
  /** Connections that hold it. */
  readonly connections: readonly string[];
  readonly updatedAt: Date;
}

const POSITION = z.tuple([z.string(), z.uuid()]);

/** More customers than this by one identifier are a shared one; the first suffice. */
const MOST_HITS = 1_000;

/** Golden records by title; with a query, those found by an identifier or by the beginnings of their words. */
export async function searchGolden(
  db: Queryable,
  { entity, query }: { readonly entity: Entity; readonly query?: string | undefined },
  page: PageRequest,
): Promise<Page<CustomerSummary>> {
  const after = startOf(page.cursor, POSITION);
  const text = query?.trim() ?? '';
  const condition = text === '' ? sql`true` : await conditionFor(db, entity, text);
  const found = await rows<CustomerSummary>(
    db,
    sql`select g.id::text as id, g.entity, g.title, g.fields ->> 'email' as email, g.fields ->> 'phone' as phone,
            g.updated_at as "updatedAt",
            coalesce((select json_agg(distinct c.name) from source_record s join connection c on c.id = s.connection_id
                       where s.golden_id = g.id and s.deleted_at is null and c.connector <> 'hub'), '[]') as connections
       from golden g
      where g.entity = ${entity} and g.merged_into is null and ${condition}
        ${after === undefined ? sql`` : sql`and (g.title, g.id) > (${after[0]}, ${after[1]}::uuid)`}
      order by g.title, g.id limit ${page.limit + 1}::int`,
  );
  return pageOf(found, page.limit, (row) => [row.title, row.id]);
}

/** What is recognised as an identifier is that, and not also words that happen to be alike. */
async function conditionFor(db: Queryable, entity: Entity, query: string): Promise<Sql> {
  const hits = await identifiedBy(db, entity, query);
  const words = searchWords(query);
  const byId = sql`g.id = any(${hits}::uuid[])`;
  if (words.length === 0 || (hits.length > 0 && !/^[\p{L}\s]+$/u.test(query))) return byId;
  const terms = words.map((word) => `'${word}':*`).join(' & ');
  // The expression of the index `golden_search`.
  const byWords = sql`to_tsvector('simple', g.search) @@ to_tsquery('simple', ${terms})`;
  return hits.length === 0 ? byWords : sql`(${byId} or ${byWords})`;
}

/** Golden ids whose own id, or one of whose records' ids or identifiers, is the query. */
async function identifiedBy(db: Queryable, entity: Entity, query: string): Promise<string[]> {
  const terms = identifierTerms(entity, query);
  const found = await rows<{ id: string }>(
    db,
    sql`select s.golden_id::text as id from identifier i join source_record s on s.id = i.record_id
      where i.entity = ${entity} and (i.kind, i.value) in (
              select * from unnest(${terms.map((term) => term.kind)}::text[], ${terms.map((term) => term.value)}::text[]))
        and s.golden_id is not null
     union
     select s.golden_id::text from (select distinct connection_id, object from sync_cursor where entity = ${entity}) o
       join source_record s on s.connection_id = o.connection_id and s.object = o.object and s.external_id = ${query}
      where s.golden_id is not null
     union
     select id::text from (${ownId(query)}) own
     limit ${MOST_HITS}`,
  );
  return found.map((row) => row.id);
}

/** The golden record of an id, or what took it in. */
function ownId(query: string): Sql {
  if (!isUuid(query)) return sql`select null::uuid as id where false`;
  return sql`with recursive way as (
       select id, merged_into, 0 as step from golden where id = ${query}::uuid
       union all
       select g.id, g.merged_into, w.step + 1 from way w join golden g on g.id = w.merged_into where w.step < 1000
     ) select id from way where merged_into is null`;
}
