import type { Entity } from '../sdk/index.js';
import { fromDocument, toDocument, type FieldStates } from '../core/claims/index.js';
import type { Transaction } from '../platform/database/database.js';
import { execute, json, rows, sql, storableJson, storableText } from '../platform/database/sql.js';
import type { SendingPlan } from './outbox.repository.js';
import { opened, type StoredRecord } from './source-record.js';

/** A source record to be stored; new when it has no id. */
export interface RecordWrite {
  readonly externalId: string;
  readonly fields: FieldStates;
  readonly version: string | null;
  readonly url: string | null;
  readonly modifiedAt: number | null;
  readonly readAt: number;
  readonly identifiers: readonly { readonly kind: string; readonly value: string }[];
  /** Whether its identifiers may differ from the stored ones. */
  readonly identityChanged: boolean;
  /** Whether its customer must be looked at again. */
  readonly resolve: boolean;
  /** A new record's golden record, until it is placed otherwise in the same transaction; else null. */
  readonly goldenId: string | null;
}

export const RECORD_COLUMNS = sql`
  id::text as "id", connection_id::text as "connectionId", object, entity, external_id as "externalId",
  golden_id::text as "goldenId", fields, version, read_at::float8 as "readAt", written_at::float8 as "writtenAt",
  deleted_at is not null as "deleted", merged_into as "mergedInto", deletion_over as "deletionOver", undone`;

/** A stored record, and what is being written to it. */
export type LockedRecord = StoredRecord & { readonly sending: SendingPlan | null };

/** The stored records of a page with what is being written to them, locked in a fixed order so that two writers cannot wait for each other. */
export async function lockRecords(
  tx: Transaction,
  key: { connectionId: string; object: string; externalIds: readonly string[] },
): Promise<LockedRecord[]> {
  const found = await rows<LockedRecord>(
    tx,
    sql`select ${RECORD_COLUMNS},
            (select i.sending from push_intent i where i.connection_id = source_record.connection_id
                and i.object = source_record.object and i.target = 'record:' || source_record.id) as sending
       from source_record
      where connection_id = ${key.connectionId}::uuid and object = ${key.object} and external_id = any(${key.externalIds}::text[])
      order by source_record.id for no key update`,
  );
  return opened(found);
}

/** A record as it was stored just now. */
export interface Stored {
  readonly id: string;
  /** Set for a record that is new and was stored with the golden record given. */
  readonly goldenId: string | null;
  readonly fields: FieldStates;
}

/**
 * One statement for all records of a page; returns them by external id. A new record is linked to the golden record
 * given with it, if any; those that are known keep their links.
 */
export async function storeRecords(
  tx: Transaction,
  key: { connectionId: string; object: string; entity: Entity },
  writes: readonly RecordWrite[],
): Promise<ReadonlyMap<string, Stored>> {
  if (writes.length === 0) return new Map();
  const documents = writes.map(({ externalId, fields, version, url, modifiedAt, readAt, goldenId }) => ({
    externalId,
    fields: toDocument(fields),
    version,
    url,
    modifiedAt,
    readAt,
    goldenId,
  }));
  const { parameter, stored } = storableJson(documents);
  const found = await rows<{ id: string; externalId: string; goldenId: string | null }>(
    tx,
    sql`insert into source_record (connection_id, object, entity, external_id, fields, version, url, modified_at, read_at,
                                golden_id, link_rule, linked_at)
     select ${key.connectionId}::uuid, ${key.object}, ${key.entity}, r."externalId", r.fields, r.version, r.url,
            to_timestamp(r."modifiedAt" / 1000.0), r."readAt", r."goldenId",
            case when r."goldenId" is not null then 'new' end, case when r."goldenId" is not null then now() end
       from jsonb_to_recordset(${parameter}) as r("externalId" text, fields jsonb, version text, url text,
                                               "modifiedAt" float8, "readAt" bigint, "goldenId" uuid)
      order by r."externalId"
     on conflict (connection_id, object, external_id) do update
        set fields = excluded.fields, version = excluded.version, url = coalesce(excluded.url, source_record.url),
            modified_at = coalesce(excluded.modified_at, source_record.modified_at), read_at = excluded.read_at,
            deleted_at = null, merged_into = null, deletion_over = false,
            undone = source_record.undone and source_record.deleted_at is null
     returning id::text as id, external_id as "externalId", golden_id::text as "goldenId"`,
  );
  const isAsGiven = stored === documents;
  const given = new Map(
    stored.map((row, index) => [
      row.externalId,
      {
        goldenId: row.goldenId,
        fields: (isAsGiven ? writes[index]?.fields : undefined) ?? fromDocument(row.fields),
      },
    ]),
  );
  return new Map(
    found.map(({ id, externalId, goldenId }) => {
      const write = given.get(externalId);
      const isOwn = goldenId !== null && goldenId === write?.goldenId;
      return [externalId, { id, goldenId: isOwn ? goldenId : null, fields: write?.fields ?? {} }];
    }),
  );
}

interface IdentifierValue {
  readonly kind: string;
  readonly value: string;
}

/** The identifiers of records that have none yet. */
export async function addIdentifiers(
  tx: Transaction,
  entity: Entity,
  byRecord: ReadonlyMap<string, readonly IdentifierValue[]>,
): Promise<void> {
  const byText = new Map(
    [...byRecord].flatMap(([recordId, list]) =>
      list.map(({ kind, value }) => {
        const text = storableText(value);
        return [`${recordId} ${kind} ${text}`, { recordId, kind, text }] as const;
      }),
    ),
  );
  if (byText.size === 0) return;
  const entries = [...byText.values()];
  await execute(
    tx,
    sql`insert into identifier (entity, kind, value, record_id)
     select ${entity}, i.kind, i.value, i.record_id
       from unnest(${entries.map((one) => one.recordId)}::bigint[], ${entries.map((one) => one.kind)}::text[],
                   ${entries.map((one) => one.text)}::text[]) as i(record_id, kind, value)`,
  );
}

/** Replaces the identifiers of the records given. */
export async function storeIdentifiers(
  tx: Transaction,
  entity: Entity,
  byRecord: ReadonlyMap<string, readonly { readonly kind: string; readonly value: string }[]>,
): Promise<void> {
  if (byRecord.size === 0) return;
  const entries = [...byRecord].flatMap(([recordId, list]) => list.map((one) => ({ recordId, ...one })));
  await execute(
    tx,
    sql`with given as (
       select distinct r."recordId"::bigint as record_id, r.kind, r.value
         from jsonb_to_recordset(${json(entries)}) as r("recordId" text, kind text, value text)
     ), gone as (
       delete from identifier i where i.record_id = any(${[...byRecord.keys()]}::bigint[]) and i.entity = ${entity}
          and not exists (select from given g where (g.record_id, g.kind, g.value) = (i.record_id, i.kind, i.value))
     )
     insert into identifier (entity, kind, value, record_id) select ${entity}, kind, value, record_id from given
     on conflict do nothing`,
  );
}

/** Marks records as gone; returns the ids of those that were live. */
export async function storeTombstones(
  tx: Transaction,
  key: { connectionId: string; object: string },
  tombstones: readonly { externalId: string; deletedAt: number; mergedInto: string | null }[],
): Promise<{ id: string; externalId: string; mergedInto: string | null }[]> {
  if (tombstones.length === 0) return [];
  return rows(
    tx,
    sql`update source_record s
        set deleted_at = coalesce(s.deleted_at, to_timestamp(t."deletedAt" / 1000.0)),
            merged_into = coalesce(t."mergedInto", s.merged_into), version = null
       from jsonb_to_recordset(${json(tombstones)}) as t("externalId" text, "deletedAt" float8, "mergedInto" text)
      where s.connection_id = ${key.connectionId}::uuid and s.object = ${key.object} and s.external_id = t."externalId"
        and (s.deleted_at is null or (t."mergedInto" is not null and s.merged_into is distinct from t."mergedInto"))
      returning s.id::text as id, s.external_id as "externalId", s.merged_into as "mergedInto"`,
  );
}

/** The hub itself deleted these records, because a person had deleted their customer elsewhere. */
export async function noteOwnDeletions(
  tx: Transaction,
  key: { connectionId: string; object: string },
  externalIds: readonly string[],
): Promise<void> {
  if (externalIds.length === 0) return;
  await execute(
    tx,
    sql`update source_record set deletion_over = true
      where connection_id = ${key.connectionId}::uuid and object = ${key.object}
        and external_id = any(${externalIds}::text[]) and deleted_at is not null`,
  );
}

/** A person brought back what the hub had deleted: the deletion it had followed is over. */
export async function endFollowedDeletions(tx: Transaction, restoredIds: readonly string[]): Promise<void> {
  if (restoredIds.length === 0) return;
  await execute(
    tx,
    sql`update source_record s set deletion_over = true
       from source_record r
      where r.id = any(${restoredIds}::bigint[]) and s.golden_id = r.golden_id and s.deleted_at is not null
        and s.merged_into is null`,
  );
}

/** Live or not, the records of a connection by external id, whatever their object. */
export async function findRecords(
  tx: Transaction,
  key: { connectionId: string; entity: Entity; externalIds: readonly string[] },
): Promise<{ id: string; externalId: string; object: string }[]> {
  return rows(
    tx,
    sql`select id::text as id, external_id as "externalId", object from source_record
      where connection_id = ${key.connectionId}::uuid and entity = ${key.entity} and external_id = any(${key.externalIds}::text[])`,
  );
}

/** Work for resolve, coalesced; inside the transaction that makes it necessary. */
export async function addResolveTasks(
  tx: Transaction,
  kind: 'record' | 'golden',
  ids: readonly string[],
  runId: string | null,
): Promise<number> {
  if (ids.length === 0) return 0;
  return execute(
    tx,
    sql`insert into resolve_task (kind, id, run_id)
     select ${kind}, id, ${runId}::uuid from unnest(${[...new Set(ids)]}::text[]) as id order by id
     on conflict (kind, id) do update set run_id = coalesce(excluded.run_id, resolve_task.run_id)`,
  );
}
