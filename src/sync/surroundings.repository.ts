import type { JsonObject } from '../sdk/index.js';
import { fromProvenanceDocument } from '../core/survivorship/index.js';
import type { Transaction } from '../platform/database/database.js';
import { firstRow, rows, sql, type Sql } from '../platform/database/sql.js';
import { RECORD_COLUMNS } from './ingest.repository.js';
import { REFERENCE_KIND } from './references.js';
import { GOLDEN_COLUMNS, type GoldenRow } from './resolve.repository.js';
import { opened, type StoredRecord } from './source-record.js';

export interface StoredDecision {
  readonly a: string;
  readonly b: string;
  readonly verdict: 'same' | 'notSame';
}

/** Whom records may have to do with. */
export interface Vicinity {
  /** Who holds the identifiers that records share, themselves among them; nobody where more than the limit do. */
  readonly holders: readonly {
    readonly id: string | null;
    readonly kind: string;
    readonly value: string;
  }[];
  /** What people said of them. */
  readonly decisions: readonly StoredDecision[];
  /** Whether a person is being asked about any of them. */
  readonly isAsked: boolean;
}

const NOBODY: Vicinity = { holders: [], decisions: [], isAsked: false };

/**
 * Each identifier is looked up by itself: as a join the table would be read whole while its statistics are old.
 *
 * @param limit holders of one identifier at most
 */
export async function loadVicinity(
  tx: Transaction,
  recordIds: readonly string[],
  limit: number,
): Promise<Vicinity> {
  if (recordIds.length === 0) return NOBODY;
  const found = await firstRow<Vicinity>(
    tx,
    sql`with mine as materialized (
       select entity, kind, value, record_id from identifier
        where record_id = any(${recordIds}::bigint[]) and kind <> ${REFERENCE_KIND}
     ), shared as materialized (
       select distinct entity, kind, value from mine m
        where (select true from identifier i where i.entity = m.entity and i.kind = m.kind and i.value = m.value
                  and i.record_id <> m.record_id limit 1)
     ), held as materialized (
       select s.kind, s.value,
              (select array_agg(few.record_id) from (select record_id from identifier i
                                                      where i.entity = s.entity and i.kind = s.kind and i.value = s.value
                                                      limit ${limit}::int + 1) few) as holders
         from shared s
     ), holder as (
       select i.id::text as id, h.kind, h.value
         from held h
         left join lateral unnest(case when cardinality(h.holders) <= ${limit}::int then h.holders end) as i(id) on true
     )
     select (select coalesce(json_agg(h), '[]') from holder h) as holders,
            (select coalesce(json_agg(d), '[]') from (${decisionsOn(recordIds)}) d) as decisions,
            exists (select from match_candidate c where c.record_a = any(${recordIds}::bigint[])
                                                     or c.record_b = any(${recordIds}::bigint[])) as "isAsked"`,
  );
  return found ?? NOBODY;
}

function decisionsOn(recordIds: readonly string[]): Sql {
  return sql`select record_a::text as a, record_b::text as b, verdict from match_decision
              where record_a = any(${recordIds}::bigint[]) or record_b = any(${recordIds}::bigint[])`;
}

export async function loadDecisions(
  tx: Transaction,
  recordIds: readonly string[],
): Promise<StoredDecision[]> {
  return recordIds.length === 0 ? [] : rows(tx, decisionsOn(recordIds));
}

/** Records with all others of their golden records, and these as they are stored. */
export interface Family {
  readonly records: readonly StoredRecord[];
  readonly goldens: ReadonlyMap<string, GoldenRow>;
}

type FamilyRow = StoredRecord & { readonly golden: (GoldenRow & { readonly provenance: JsonObject }) | null };

export async function loadFamily(tx: Transaction, recordIds: readonly string[]): Promise<Family> {
  if (recordIds.length === 0) return { records: [], goldens: new Map() };
  const found = await rows<FamilyRow>(
    tx,
    sql`with near as materialized (
       select id, golden_id from source_record where id = any(${recordIds}::bigint[])
     ), family as materialized (
       select id from near
       union select id from source_record where golden_id = any(array(select golden_id from near))
     )
     select ${RECORD_COLUMNS},
            (select to_json(g) from (select ${GOLDEN_COLUMNS} from golden where golden.id = source_record.golden_id) g) as golden
       from source_record where id = any(array(select id from family))`,
  );
  const goldens = new Map<string, GoldenRow>();
  const records = found.map(({ golden, ...record }) => {
    if (golden !== null && !goldens.has(golden.id))
      goldens.set(golden.id, {
        ...golden,
        provenance: fromProvenanceDocument(golden.provenance, golden.fields),
      });
    return record;
  });
  return { records: opened(records), goldens };
}
