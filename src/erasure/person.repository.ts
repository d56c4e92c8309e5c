import type { FieldStates } from '../core/claims/index.js';
import { rows, sql, type Transaction } from '../platform/database/index.js';
import type { JsonValue } from '../sdk/index.js';
import { opened } from '../sync/source-record.js';

/** A record of the person as one system holds it. */
export interface PersonRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly object: string;
  readonly externalId: string;
  readonly fields: FieldStates;
  readonly deleted: boolean;
}

/** A create for the person that may have been applied. */
export interface UncertainCreate {
  readonly connectionId: string;
  readonly object: string;
  readonly goldenId: string;
  /** ms, hub's clock. */
  readonly sentAt: number;
  /** Canonical values as they were sent. */
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** Everything the hub knows one person by. */
export interface Person {
  /** The golden record and those that were merged into it. */
  readonly goldenIds: readonly string[];
  readonly records: readonly PersonRecord[];
  readonly identifiers: readonly {
    readonly kind: string;
    readonly value: string;
    readonly shared: boolean;
  }[];
  readonly uncertain: readonly UncertainCreate[];
  /** Other golden records that were one with this one at some time. */
  readonly relatives: readonly string[];
}

/** The golden record and its aliases, however often it took others in. */
export async function familyOf(tx: Transaction, goldenId: string): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`with recursive family as (
       select id from golden where id = ${goldenId}::uuid
       union
       select g.id from golden g join family f on g.merged_into = f.id
     )
     select id::text as id from family`,
  );
  return found.map((row) => row.id);
}

/**
 * Loads and locks the person, in the order in which pushes lock: intents, then records. To be called under the lock of
 * resolve.
 */
export async function loadPerson(tx: Transaction, goldenId: string): Promise<Person> {
  const goldenIds = await familyOf(tx, goldenId);
  const intents = await rows<
    Omit<UncertainCreate, 'sentAt' | 'values'> & {
      readonly kind: string;
      readonly sentAt: number | null;
      readonly values: UncertainCreate['values'] | null;
    }
  >(
    tx,
    sql`select connection_id::text as "connectionId", object, golden_id::text as "goldenId", kind,
            (extract(epoch from sent_at) * 1000)::float8 as "sentAt", sending -> 'values' as values
       from push_intent where golden_id = any(${goldenIds}::uuid[]) order by push_intent.id for update`,
  );
  const found = await rows<PersonRecord>(
    tx,
    sql`select id::text as id, connection_id::text as "connectionId", object, external_id as "externalId", fields,
            deleted_at is not null as deleted
       from source_record where golden_id = any(${goldenIds}::uuid[]) order by source_record.id for update`,
  );
  const records = opened(found);
  return {
    goldenIds,
    records,
    identifiers: await identifiersOf(
      tx,
      records.map((record) => record.id),
    ),
    uncertain: intents.flatMap(({ kind, sentAt, values, ...rest }) =>
      kind !== 'create' || sentAt === null ? [] : [{ ...rest, sentAt, values: values ?? {} }],
    ),
    relatives: await relativesOf(tx, goldenIds),
  };
}

async function identifiersOf(tx: Transaction, recordIds: readonly string[]): Promise<Person['identifiers']> {
  return rows(
    tx,
    sql`select i.kind, i.value, exists (
              select from identifier o join source_record s on s.id = o.record_id
               where o.entity = i.entity and o.kind = i.kind and o.value = i.value
                 and not (o.record_id = any(${recordIds}::bigint[])) and s.golden_id is not null) as shared
       from (select distinct entity, kind, value from identifier
              where record_id = any(${recordIds}::bigint[]) and kind in ('email', 'phone')) i
      order by i.kind, i.value`,
  );
}

async function relativesOf(tx: Transaction, goldenIds: readonly string[]): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`select distinct other::text as id
       from merge m cross join lateral (values (m.survivor_id), (m.merged_id)) pair(other)
      where (m.survivor_id = any(${goldenIds}::uuid[]) or m.merged_id = any(${goldenIds}::uuid[]))
        and not (other = any(${goldenIds}::uuid[]))`,
  );
  return found.map((row) => row.id);
}
