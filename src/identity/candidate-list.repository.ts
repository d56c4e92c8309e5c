import { fromDocument, identityFields } from '../core/claims/index.js';
import { FIELDS, type FieldType } from '../core/model/fields.js';
import { rows, sql, type Queryable, type Sql } from '../platform/database/index.js';
import type { Entity, JsonObject, JsonValue } from '../sdk/index.js';

/** One side of a candidate, with what it can be told by. */
export interface CandidateRecord {
  readonly recordId: string;
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
  readonly url: string | null;
  readonly customerId: string | null;
  readonly customerTitle: string | null;
  /** Names, e-mails, phones, handles, domains and the like. */
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** A pair that a person should judge. */
export interface CandidateView {
  readonly entity: Entity;
  readonly rule: string;
  readonly reason: string;
  readonly at: Date;
  readonly a: CandidateRecord;
  readonly b: CandidateRecord;
}

interface Row {
  readonly entity: Entity;
  readonly rule: string;
  readonly reason: string;
  readonly at: Date;
  readonly a: Side;
  readonly b: Side;
}

type Side = Omit<CandidateRecord, 'values'> & { readonly fields: JsonObject };

const TELLING: readonly FieldType[] = [
  'name',
  'email',
  'emails',
  'phone',
  'phones',
  'handle',
  'domain',
  'domains',
];
const ALSO_TELLING = ['jobTitle', 'birthday', 'name', 'website', 'address.city', 'address.country'];

const TELLING_FIELDS: Readonly<Record<Entity, readonly string[]>> = {
  customer: tellingFields('customer'),
  account: tellingFields('account'),
  deal: ['name', 'amount', 'currency', 'closeDate', 'stage'],
};

function tellingFields(entity: Entity): string[] {
  return FIELDS[entity]
    .filter(({ name, type }) => (TELLING.includes(type) && name !== 'owner') || ALSO_TELLING.includes(name))
    .map((field) => field.name);
}

const SIDES = {
  a: { record: sql`a`, connection: sql`ca`, golden: sql`ga` },
  b: { record: sql`b`, connection: sql`cb`, golden: sql`gb` },
};

function side({ record, connection, golden }: (typeof SIDES)['a']): Sql {
  return sql`jsonb_build_object('recordId', ${record}.id::text, 'connection', ${connection}.name, 'object', ${record}.object,
    'externalId', ${record}.external_id, 'url', ${record}.url, 'customerId', ${golden}.id::text,
    'customerTitle', ${golden}.title, 'fields', ${record}.fields)`;
}

/** By the records' ids, from after the pair given. */
export async function listCandidates(
  db: Queryable,
  page: {
    readonly entity: Entity | null;
    readonly after: readonly [string, string] | null;
    readonly limit: number;
  },
): Promise<CandidateView[]> {
  const found = await rows<Row>(
    db,
    sql`select m.entity, m.rule, m.reason, m.at, ${side(SIDES.a)} as a, ${side(SIDES.b)} as b
       from match_candidate m
       join source_record a on a.id = m.record_a join connection ca on ca.id = a.connection_id
       join source_record b on b.id = m.record_b join connection cb on cb.id = b.connection_id
       left join golden ga on ga.id = a.golden_id left join golden gb on gb.id = b.golden_id
      where (${page.entity}::text is null or m.entity = ${page.entity})
        ${page.after === null ? sql`` : sql`and (m.record_a, m.record_b) > (${page.after[0]}::bigint, ${page.after[1]}::bigint)`}
      order by m.record_a, m.record_b limit ${page.limit}::int`,
  );
  return found.map((row) => ({
    ...row,
    a: candidateRecord(row.entity, row.a),
    b: candidateRecord(row.entity, row.b),
  }));
}

function candidateRecord(entity: Entity, { fields, ...place }: Side): CandidateRecord {
  const said = identityFields(fromDocument(fields));
  const values = TELLING_FIELDS[entity].flatMap((field) => {
    const value = said[field] ?? null;
    return value === null ? [] : [[field, value] as const];
  });
  return { ...place, values: Object.fromEntries(values) };
}
