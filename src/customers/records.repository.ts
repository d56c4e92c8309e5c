import { rows, sql, type Queryable } from '../platform/database/index.js';
import { RECORD_COLUMNS } from '../sync/ingest.repository.js';
import { opened, type StoredRecord } from '../sync/source-record.js';

/** A source record with what people want to know about it. */
export interface LinkedRecord extends StoredRecord {
  readonly url: string | null;
  readonly modifiedAt: Date | null;
  readonly deletedAt: Date | null;
  readonly linkRule: string | null;
  readonly linkedAt: Date | null;
}

/** The records that stand for a golden record, oldest first. */
export async function linkedRecords(db: Queryable, goldenId: string): Promise<LinkedRecord[]> {
  const found = await rows<LinkedRecord>(
    db,
    sql`select ${RECORD_COLUMNS}, url, modified_at as "modifiedAt", deleted_at as "deletedAt", link_rule as "linkRule",
            linked_at as "linkedAt"
       from source_record where golden_id = ${goldenId}::uuid order by source_record.id`,
  );
  return opened(found);
}

/** Where a record is found in its own system. */
export interface RecordPlace {
  readonly recordId: string;
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
  readonly url: string | null;
}

export async function placesOf(
  db: Queryable,
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, RecordPlace>> {
  const found = await rows<RecordPlace>(
    db,
    sql`select s.id::text as "recordId", c.name as connection, s.object, s.external_id as "externalId", s.url
       from source_record s join connection c on c.id = s.connection_id
      where s.id = any(${[...new Set(recordIds)]}::bigint[])`,
  );
  return new Map(found.map((place) => [place.recordId, place]));
}
