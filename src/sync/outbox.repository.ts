import { toDocument, type FieldStates } from '../core/claims/index.js';
import type { Revert } from '../core/planning/index.js';
import type { Entity, JsonValue } from '../sdk/index.js';
import type { Queryable, Transaction } from '../platform/database/database.js';
import { execute, firstRow, json, rows, sql, type Sql } from '../platform/database/sql.js';
import type { OpenGate } from './gate.js';

export interface IntentWrite {
  readonly connectionId: string;
  readonly object: string;
  readonly entity: Entity;
  readonly goldenId: string;
  readonly recordId: string | null;
  /** `record:ID` or `create:GOLDEN`; one intent a target. */
  readonly target: string;
  readonly kind: 'create' | 'update' | 'archive';
}

export interface Intent extends IntentWrite {
  readonly id: string;
  readonly attempts: number;
  readonly revision: number;
  /** ms; a create that was sent and whose answer is not known. */
  readonly sentAt: number | null;
  readonly runId: string | null;
  /** What the write under way says; its answer is not known. */
  readonly sending: SendingPlan | null;
  /** What an undo writes back. */
  readonly revert: Revert | null;
  /** In a batch of no more than so many: a larger one broke the connector. */
  readonly atMost: number | null;
}

/** A write as it was sent, in canonical fields. */
export interface SendingPlan {
  readonly values: Readonly<Record<string, JsonValue>>;
  /** Field → digest of the golden value. */
  readonly sent: Readonly<Record<string, string>>;
  /** ms, hub's clock. */
  readonly at: number;
}

const INTENT_COLUMNS = sql`id::text as id, connection_id::text as "connectionId", object, entity, golden_id::text as "goldenId",
            record_id::text as "recordId", target, kind, attempts, revision, run_id::text as "runId",
            (extract(epoch from sent_at) * 1000)::float8 as "sentAt", sending, revert, at_most as "atMost"`;

/** Coalesced: a target that waits already is only marked as changed; one that waits for a person goes on waiting. */
export async function addIntents(
  tx: Transaction,
  intents: readonly (IntentWrite & { readonly runId: string | null })[],
): Promise<void> {
  if (intents.length === 0) return;
  await execute(
    tx,
    sql`insert into push_intent (connection_id, object, entity, golden_id, record_id, target, kind, run_id)
     select i."connectionId", i.object, i.entity, i."goldenId", i."recordId", i.target, i.kind, i."runId"
       from jsonb_to_recordset(${json(intents)}) as i("connectionId" uuid, object text, entity text, "goldenId" uuid,
                                               "recordId" bigint, target text, kind text, "runId" uuid)
      order by i.target
     on conflict (connection_id, object, target) do update
        set revision = push_intent.revision + 1, kind = excluded.kind, golden_id = excluded.golden_id,
            run_id = case when exists (select from run_gate g where g.run_id = push_intent.run_id
                                          and g.connection_id = push_intent.connection_id and g.state = 'held')
                          then push_intent.run_id else coalesce(excluded.run_id, push_intent.run_id) end`,
  );
}

/** Null lets nothing through that was not sent before. */
function passes(gate: OpenGate | null): Sql {
  if (gate === null) return sql`false`;
  return sql`case when i.run_id is null then ${gate.withoutRun}::boolean else i.run_id = any(${gate.runIds}::uuid[]) end`;
}

/**
 * Due intents of a connection: accounts before those that point at them. What still waits to be resolved is not sent:
 * it may be about to say something else; but what may have been made already is settled first, whatever the gate says.
 * Creates wait until the system was read after they were wanted: the record may have been made there meanwhile.
 */
export async function dueIntents(
  tx: Transaction,
  connectionId: string,
  options: {
    readonly limit: number;
    readonly gate: OpenGate | null;
    /** Leaves out what runs of back-fill caused. */
    readonly urgentOnly?: boolean;
  },
): Promise<Intent[]> {
  return rows(
    tx,
    sql`select ${INTENT_COLUMNS}
       from push_intent i
      where connection_id = ${connectionId}::uuid and due_at <= now()
        and (sent_at is not null or ${passes(options.gate)})
        and (not ${options.urgentOnly ?? false}::boolean
             or not exists (select from run r where r.id = i.run_id and r.backfill))
        and (kind <> 'create' or sent_at is not null or created_at <= (
              select min(c.complete_at) from sync_cursor c
               where c.connection_id = i.connection_id and c.entity = i.entity))
        and (sent_at is not null or (
              not exists (select from resolve_task t where t.kind = 'golden' and t.id = i.golden_id::text)
              and not exists (select from resolve_task t where t.kind = 'record' and t.id = i.record_id::text)
              and (kind <> 'create' or not exists (
                    select from resolve_task t join source_record s on s.id = t.id::bigint
                     where t.kind = 'record' and s.connection_id = i.connection_id and s.entity = i.entity))))
      order by entity, kind, object, i.id limit ${options.limit}::int`,
  );
}

/** All intents of a connection in pages, due or not; for a dry run. */
export async function allIntents(
  tx: Transaction,
  connectionId: string,
  page: { readonly after: string; readonly limit: number },
): Promise<Intent[]> {
  return rows(
    tx,
    sql`select ${INTENT_COLUMNS} from push_intent i
      where connection_id = ${connectionId}::uuid and id > ${page.after}::bigint order by i.id limit ${page.limit}::int`,
  );
}

/** The first intents of a run in a connection, so many of each object and kind; what was sent is left out. */
export async function sampleIntents(
  db: Queryable,
  key: { readonly runId: string; readonly connectionId: string; readonly limit: number },
): Promise<Intent[]> {
  return rows(
    db,
    sql`select ${INTENT_COLUMNS}
       from (select *, row_number() over (partition by object, kind order by id) as place from push_intent
              where run_id = ${key.runId}::uuid and connection_id = ${key.connectionId}::uuid and sent_at is null) i
      where place <= ${key.limit}::int order by entity, kind, object, i.id`,
  );
}

/** While a first or full read goes on, what is to be made because of it waits for so many. */
const WORTH_A_REFRESH = 2_000;

/**
 * Entities of which creates wait for their system to be read. Each reading looks again at what the hub has just made
 * there: while a run of back-fill is still being read, it waits for as many creates as the run has made already, so that
 * all these looks together cost no more than one at everything.
 */
export async function entitiesToRefresh(
  tx: Transaction,
  connectionId: string,
  gate: OpenGate,
): Promise<Entity[]> {
  const found = await rows<{ entity: Entity }>(
    tx,
    sql`with wanted as (
       select i.entity, i.object, i.run_id, count(*) as creates from push_intent i
        where i.connection_id = ${connectionId}::uuid and i.kind = 'create' and i.due_at <= now() and i.sent_at is null
          and ${passes(gate)}
          and i.created_at > (select min(c.complete_at) from sync_cursor c
                               where c.connection_id = i.connection_id and c.entity = i.entity)
        group by 1, 2, 3
     ) select distinct w.entity from wanted w
        where not exists (select from run r join run_part p on p.run_id = r.id
                           where r.id = w.run_id and r.backfill and p.state in ('queued', 'pulling'))
           or w.creates >= greatest(${WORTH_A_REFRESH}::int, (
                select n.created from run_count n where n.run_id = w.run_id
                   and n.connection_id = ${connectionId}::uuid and n.object = w.object))
        order by w.entity`,
  );
  return found.map((row) => row.entity);
}

/**
 * Stored before the call: from here on the write may have happened, whatever becomes of this process. A create is
 * looked up before it is sent again; a value of an update that turns up in its record is no edit of somebody's.
 *
 * @returns the ids of the intents that are still there: an erasure may have taken some
 */
export async function markSending(
  tx: Transaction,
  writes: readonly { readonly id: string; readonly sending: SendingPlan }[],
): Promise<ReadonlySet<string>> {
  if (writes.length === 0) return new Set();
  const marked = await rows<{ id: string }>(
    tx,
    sql`update push_intent i
        set sending = w.sending,
            sent_at = case when i.kind = 'create' then to_timestamp((w.sending ->> 'at')::float8 / 1000) end
       from jsonb_to_recordset(${json(writes)}) as w(id bigint, sending jsonb) where i.id = w.id
      returning i.id::text as id`,
  );
  return new Set(marked.map((row) => row.id));
}

/** Revisions of those of the intents given that are still there, held until the transaction ends. */
export async function lockIntents(
  tx: Transaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const found = await rows<{ id: string; revision: number }>(
    tx,
    sql`select id::text as id, revision from push_intent where id = any(${ids}::bigint[]) order by push_intent.id for update`,
  );
  return new Map(found.map((row) => [row.id, row.revision]));
}

/** Done: unless the target changed again meanwhile, in which case it stays due. */
export async function finishIntents(
  tx: Transaction,
  done: readonly { readonly id: string; readonly revision: number }[],
): Promise<void> {
  if (done.length === 0) return;
  await execute(
    tx,
    sql`with d as (select * from jsonb_to_recordset(${json(done)}) as d(id bigint, revision int)),
          gone as (delete from push_intent i using d where i.id = d.id and (i.revision = d.revision or i.kind = 'create'))
     update push_intent i set attempts = 0, sent_at = null, sending = null, at_most = null, due_at = now()
       from d where i.id = d.id and i.revision <> d.revision and i.kind <> 'create'`,
  );
}

export interface Postponement {
  readonly id: string;
  /** ms, hub's clock. */
  readonly dueAt: number;
  /** A wait that the system asked for is no failed attempt. */
  readonly countAttempt: boolean;
  /** Keeps what was sent: it may have been applied. */
  readonly uncertain: boolean;
}

export async function postponeIntents(tx: Transaction, list: readonly Postponement[]): Promise<void> {
  if (list.length === 0) return;
  await execute(
    tx,
    sql`update push_intent i
        set due_at = to_timestamp(p."dueAt" / 1000), attempts = i.attempts + p."countAttempt"::int,
            sent_at = case when p.uncertain then i.sent_at end,
            sending = case when p.uncertain then i.sending end
       from jsonb_to_recordset(${json(list)}) as p(id bigint, "dueAt" float8, "countAttempt" boolean, uncertain boolean)
      where i.id = p.id`,
  );
}

/**
 * The system answers again, whatever it had asked to wait for: writes that were put off, such as to the end of a daily
 * limit, are due. Creates whose answer was lost wait for the time at which they can be looked up.
 */
export async function bringForward(tx: Transaction, connectionId: string): Promise<void> {
  await execute(
    tx,
    sql`update push_intent set due_at = now()
      where connection_id = ${connectionId}::uuid and due_at > now() and sent_at is null`,
  );
}

/** When the next intent that is not due yet will be, ms; null when there is none. */
export async function nextDue(tx: Transaction, connectionId: string): Promise<number | null> {
  const found = await firstRow<{ dueAt: number | null }>(
    tx,
    sql`select (extract(epoch from min(due_at)) * 1000)::float8 as "dueAt" from push_intent
      where connection_id = ${connectionId}::uuid and due_at > now()`,
  );
  return found?.dueAt ?? null;
}

export interface ReceiptWrite {
  readonly goldenId: string;
  readonly recordId: string | null;
  readonly connectionId: string;
  readonly object: string;
  readonly externalId: string | null;
  /** `found`: a record that was there was taken instead of making one. */
  readonly operation: 'create' | 'found' | 'update' | 'archive';
  readonly fields: Readonly<
    Record<string, { readonly before: JsonValue; readonly sent: JsonValue; readonly stored: JsonValue }>
  >;
  readonly goldenVersion: number;
  readonly runId: string | null;
}

export async function storeReceipts(tx: Transaction, receipts: readonly ReceiptWrite[]): Promise<void> {
  if (receipts.length === 0) return;
  await execute(
    tx,
    sql`insert into write_receipt (golden_id, record_id, connection_id, object, external_id, operation, fields, golden_version, run_id)
     select r."goldenId", r."recordId", r."connectionId", r.object, r."externalId", r.operation, r.fields,
            r."goldenVersion", r."runId"
       from jsonb_to_recordset(${json(receipts)}) as r("goldenId" uuid, "recordId" bigint, "connectionId" uuid, object text,
            "externalId" text, operation text, fields jsonb, "goldenVersion" int, "runId" uuid)`,
  );
}

/** What a push made of records: held values and marks of what was sent, never claims. */
export async function storeSettled(
  tx: Transaction,
  entries: readonly {
    readonly recordId: string;
    readonly fields: FieldStates;
    readonly version: string | null;
    readonly modifiedAt: number | null;
    readonly writtenAt: number;
  }[],
): Promise<void> {
  if (entries.length === 0) return;
  await execute(
    tx,
    sql`update source_record s
        set fields = r.fields, version = r.version, written_at = r."writtenAt",
            modified_at = coalesce(to_timestamp(r."modifiedAt" / 1000), s.modified_at)
       from jsonb_to_recordset(${json(withDocuments(entries))}) as r("recordId" bigint, fields jsonb, version text, "modifiedAt" float8,
                                               "writtenAt" bigint)
      where s.id = r."recordId"`,
  );
}

/** Records that a push made, linked to the golden record they were made for. */
export async function storeCreated(
  tx: Transaction,
  entries: readonly {
    readonly connectionId: string;
    readonly object: string;
    readonly entity: Entity;
    readonly externalId: string;
    readonly goldenId: string;
    readonly fields: FieldStates;
    readonly version: string | null;
    readonly modifiedAt: number | null;
    readonly writtenAt: number;
  }[],
): Promise<{ id: string; externalId: string; goldenId: string; isNew: boolean }[]> {
  if (entries.length === 0) return [];
  return rows(
    tx,
    sql`insert into source_record (connection_id, object, entity, external_id, golden_id, fields, version, modified_at,
                                written_at, link_rule, linked_at)
     select r."connectionId", r.object, r.entity, r."externalId", r."goldenId", r.fields, r.version,
            to_timestamp(r."modifiedAt" / 1000), r."writtenAt", 'made by the hub', now()
       from jsonb_to_recordset(${json(withDocuments(entries))}) as r("connectionId" uuid, object text, entity text, "externalId" text,
            "goldenId" uuid, fields jsonb, version text, "modifiedAt" float8, "writtenAt" bigint)
     on conflict (connection_id, object, external_id) do nothing
     returning id::text as id, external_id as "externalId", golden_id::text as "goldenId", true as "isNew"`,
  );
}

function withDocuments(entries: readonly { readonly fields: FieldStates }[]): readonly object[] {
  return entries.map((entry) => ({ ...entry, fields: toDocument(entry.fields) }));
}
