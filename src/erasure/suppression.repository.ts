import {
  execute,
  firstRow,
  json,
  rows,
  sql,
  type Queryable,
  type Transaction,
} from '../platform/database/index.js';

export interface SuppressionRow {
  readonly hash: string;
  readonly kind: string;
}

/** SQL: whether anybody is kept out at all. */
export const ANY_SUPPRESSION = sql`exists (select from suppression)`;

export async function anySuppression(db: Queryable): Promise<boolean> {
  const found = await firstRow<{ any: boolean }>(db, sql`select ${ANY_SUPPRESSION} as any`);
  return found?.any === true;
}

/** A hash that is kept already belongs to the later erasure from here on. */
export async function storeSuppressions(
  tx: Transaction,
  erasureId: string,
  entries: readonly SuppressionRow[],
): Promise<void> {
  const byHash = new Map(entries.map((entry) => [entry.hash, entry]));
  if (byHash.size === 0) return;
  await execute(
    tx,
    sql`insert into suppression (hash, erasure_id, kind)
     select s.hash, ${erasureId}::uuid, s.kind from jsonb_to_recordset(${json([...byHash.values()])}) as s(hash text, kind text)
      order by s.hash
     on conflict (hash) do update set erasure_id = excluded.erasure_id`,
  );
}

/** Those of the hashes given that are kept out. */
export async function suppressedOf(db: Queryable, hashes: readonly string[]): Promise<ReadonlySet<string>> {
  if (hashes.length === 0) return new Set();
  const found = await rows<{ hash: string }>(
    db,
    sql`select hash from suppression where hash = any(${[...new Set(hashes)]}::text[])`,
  );
  return new Set(found.map((row) => row.hash));
}

/** One more record was kept out by each of the hashes given. */
export async function countHits(tx: Transaction, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return;
  await execute(
    tx,
    sql`update suppression s set hits = s.hits + h.count, last_hit_at = now()
       from (select hash, count(*)::int as count from unnest(${hashes}::text[]) as hash group by hash order by hash) h
      where s.hash = h.hash`,
  );
}

export interface SuppressionView {
  readonly erasureId: string;
  readonly since: Date;
  readonly by: string;
  /** How many hashes of each kind are kept. */
  readonly kept: Readonly<Record<string, number>>;
  /** Records that were kept out. */
  readonly hits: number;
  readonly lastHitAt: Date | null;
}

/** By erasure, newest first. */
export async function listSuppressions(db: Queryable): Promise<SuppressionView[]> {
  return rows(
    db,
    sql`select e.id::text as "erasureId", e.requested_at as since, e.by, s.kept, s.hits, s."lastHitAt"
       from (select erasure_id, jsonb_object_agg(kind, count) as kept, sum(hits)::int as hits, max("lastHitAt") as "lastHitAt"
               from (select erasure_id, kind, count(*) as count, sum(hits) as hits, max(last_hit_at) as "lastHitAt"
                       from suppression group by erasure_id, kind) by_kind
              group by erasure_id) s
       join erasure e on e.id = s.erasure_id
      order by e.requested_at desc, e.id`,
  );
}

/** Ends the suppressions of all erasures that one of the hashes belongs to; returns those erasures. */
export async function liftSuppressions(tx: Transaction, hashes: readonly string[]): Promise<string[]> {
  const lifted = await rows<{ id: string }>(
    tx,
    sql`with lifted as (select distinct erasure_id from suppression where hash = any(${hashes}::text[])),
          gone as (delete from suppression s using lifted l where s.erasure_id = l.erasure_id)
     select erasure_id::text as id from lifted`,
  );
  return lifted.map((row) => row.id);
}
