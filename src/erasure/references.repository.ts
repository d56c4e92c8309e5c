import { toDocument, type FieldStates } from '../core/claims/index.js';
import { execute, json, rows, sql, type Sql, type Transaction } from '../platform/database/index.js';
import type { JsonValue } from '../sdk/index.js';
import { REFERENCE_KIND, targetKey } from '../sync/references.js';
import { opened } from '../sync/source-record.js';
import type { RecordPlace } from './marks.js';
import { withoutReferences, withoutReferencesIn } from './references.js';

interface Holder {
  readonly id: string;
  readonly goldenId: string | null;
  readonly connectionId: string;
}

/**
 * Takes out of deals whatever points at records of an erased person: what their records say and hold, what was written
 * to them, and their history. Deals are the only ones that point at people; all of them are looked at.
 *
 * @returns golden records that were pointed from
 */
export async function dropReferences(tx: Transaction, places: readonly RecordPlace[]): Promise<string[]> {
  if (places.length === 0) return [];
  const holders = await fromRecords(tx, places);
  await fromReceipts(tx, places);
  await fromHistory(tx, places);
  return [...new Set(holders.flatMap(({ goldenId }) => goldenId ?? []))];
}

const given = (places: readonly RecordPlace[]): Sql =>
  sql`jsonb_to_recordset(${json(places.map(({ connectionId, object, externalId }) => ({ connectionId, object, externalId })))})
        as p("connectionId" uuid, object text, "externalId" text)`;

const pointsThere = (document: Sql): Sql =>
  sql`jsonb_path_exists(${document}, '$.**.ref ? (@.id == $id && @.object == $object)',
                        jsonb_build_object('id', p."externalId", 'object', p.object))`;

function targetsIn(places: readonly RecordPlace[], connectionId?: string): ReadonlySet<string> {
  const own = places.filter((place) => connectionId === undefined || place.connectionId === connectionId);
  return new Set(own.map(({ object, externalId }) => `${object} ${externalId}`));
}

async function fromRecords(tx: Transaction, places: readonly RecordPlace[]): Promise<readonly Holder[]> {
  const found = await rows<Holder & { readonly fields: FieldStates }>(
    tx,
    sql`select s.id::text as id, s.golden_id::text as "goldenId", s.connection_id::text as "connectionId", s.fields
       from source_record s
      where s.entity = 'deal' and exists (select from ${given(places)}
             where p."connectionId" = s.connection_id and ${pointsThere(sql`s.fields`)})
      order by s.id for update of s`,
  );
  const kept = opened(found).map(({ id, connectionId, fields }) => ({
    id,
    fields: toDocument(withoutReferences(fields, targetsIn(places, connectionId))),
  }));
  await execute(
    tx,
    sql`update source_record s set fields = k.fields
       from jsonb_to_recordset(${json(kept)}) as k(id bigint, fields jsonb) where s.id = k.id`,
  );
  await execute(
    tx,
    sql`delete from identifier where kind = ${REFERENCE_KIND} and value = any(${places.map(targetKey)}::text[])`,
  );
  return found;
}

async function fromReceipts(tx: Transaction, places: readonly RecordPlace[]): Promise<void> {
  const found = await rows<{ id: string; connectionId: string; fields: JsonValue }>(
    tx,
    sql`select w.id::text as id, w.connection_id::text as "connectionId", w.fields
       from write_receipt w join golden g on g.id = w.golden_id and g.entity = 'deal'
      where exists (select from ${given(places)}
             where p."connectionId" = w.connection_id and ${pointsThere(sql`w.fields`)})
      order by w.id for update of w`,
  );
  const kept = found.map(({ id, connectionId, fields }) => ({
    id,
    fields: withoutReferencesIn(fields, targetsIn(places, connectionId)),
  }));
  await execute(
    tx,
    sql`update write_receipt w set fields = k.fields
       from jsonb_to_recordset(${json(kept)}) as k(id bigint, fields jsonb) where w.id = k.id`,
  );
}

/** A change does not name the connection of what it points at. */
async function fromHistory(tx: Transaction, places: readonly RecordPlace[]): Promise<void> {
  const found = await rows<{ id: string; changes: JsonValue }>(
    tx,
    sql`select c.id::text as id, c.changes
       from golden_change c join golden g on g.id = c.golden_id and g.entity = 'deal'
      where exists (select from ${given(places)} where ${pointsThere(sql`c.changes`)})
      order by c.id for update of c`,
  );
  const targets = targetsIn(places);
  const kept = found.map(({ id, changes }) => ({ id, changes: withoutReferencesIn(changes, targets) }));
  await execute(
    tx,
    sql`update golden_change c set changes = k.changes
       from jsonb_to_recordset(${json(kept)}) as k(id bigint, changes jsonb) where c.id = k.id`,
  );
}
