import { HUB_CONNECTION } from '../connections/directory.js';
import { identityFields, toDocument, type FieldStates } from '../core/claims/index.js';
import { identityOf } from '../core/matching/index.js';
import { execute, firstRow, json, rows, sql, type Transaction } from '../platform/database/index.js';
import type { Entity } from '../sdk/index.js';
import { storeIdentifiers } from '../sync/ingest.repository.js';
import { referenceIdentifiers } from '../sync/references.js';
import { opened } from '../sync/source-record.js';

/** A record of the built-in connection: what people said of one golden record. */
export interface HubRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly entity: Entity;
  readonly fields: FieldStates;
}

const COLUMNS = sql`s.id::text as id, s.connection_id::text as "connectionId", s.entity, s.fields`;

/** The record that edits of a golden record go to, locked; made and linked if it is not there. */
export async function hubRecordOf(
  tx: Transaction,
  golden: { readonly id: string; readonly entity: Entity },
): Promise<HubRecord> {
  await execute(
    tx,
    sql`insert into source_record (connection_id, object, entity, external_id, golden_id, fields, link_rule, linked_at)
     select id, ${golden.entity}, ${golden.entity}, ${golden.id}, ${golden.id}::uuid, '{}', 'edited in the hub', now()
       from connection where name = ${HUB_CONNECTION}
     on conflict (connection_id, object, external_id) do nothing`,
  );
  const found = await firstRow<HubRecord>(
    tx,
    sql`select ${COLUMNS} from source_record s join connection c on c.id = s.connection_id
      where c.name = ${HUB_CONNECTION} and s.object = ${golden.entity} and s.external_id = ${golden.id}
        for update of s`,
  );
  const [record] = opened(found === undefined ? [] : [found]);
  if (record === undefined) throw new Error(`The hub's own record of ${golden.id} could not be made.`);
  return record;
}

/** All hub records that stand for a golden record, locked: after a merge there may be several. */
export async function hubRecordsOf(tx: Transaction, goldenId: string): Promise<HubRecord[]> {
  const found = await rows<HubRecord>(
    tx,
    sql`select ${COLUMNS} from source_record s join connection c on c.id = s.connection_id
      where s.golden_id = ${goldenId}::uuid and c.name = ${HUB_CONNECTION} order by s.id for update of s`,
  );
  return opened(found);
}

/** What people said serves to recognise records, as what systems say does. */
export async function storeHubRecord(tx: Transaction, record: HubRecord): Promise<void> {
  await execute(
    tx,
    sql`update source_record set fields = ${json(toDocument(record.fields))}, modified_at = now() where id = ${record.id}::bigint`,
  );
  const identifiers = [
    ...identityOf(record.entity, identityFields(record.fields)).identifiers,
    ...referenceIdentifiers(record.connectionId, record.fields),
  ];
  await storeIdentifiers(tx, record.entity, new Map([[record.id, identifiers]]));
}
