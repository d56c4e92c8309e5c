import type { RecordRef } from '../sdk/index.js';
import { rows, sql, type Queryable, type Transaction } from '../platform/database/index.js';
import { RECORD_COLUMNS } from '../sync/ingest.repository.js';
import { loadPresence, referencedBy } from '../sync/push-facts.js';
import { loadGolden } from '../sync/resolve.repository.js';
import { opened, type StoredRecord } from '../sync/source-record.js';
import type { PageFacts } from './compare.js';

/** What the hub knows of the records named, in a handful of statements; nothing is locked. */
export async function loadPageFacts(
  tx: Transaction,
  key: { readonly connectionId: string; readonly object: string },
  externalIds: readonly string[],
): Promise<PageFacts> {
  const stored = opened(
    await rows<StoredRecord>(
      tx,
      sql`select ${RECORD_COLUMNS} from source_record
        where connection_id = ${key.connectionId}::uuid and object = ${key.object} and external_id = any(${externalIds}::text[])`,
    ),
  );
  const golden = await loadGolden(tx, [...new Set(stored.flatMap((record) => record.goldenId ?? []))]);
  const targets = referencedBy(golden);
  const presence = targets.length === 0 ? new Map() : await loadPresence(tx, key.connectionId, targets);
  return {
    stored: new Map(stored.map((record) => [record.externalId, record])),
    golden: new Map(golden.map((row) => [row.id, row])),
    recordsOf: (_, goldenId): readonly RecordRef[] =>
      (presence as Awaited<ReturnType<typeof loadPresence>>).get(goldenId)?.live ?? [],
    waiting: await waitingFor(tx, stored),
    troubled: await troubledOf(tx, stored),
  };
}

async function waitingFor(tx: Transaction, stored: readonly StoredRecord[]): Promise<ReadonlySet<string>> {
  const records = stored.map((record) => record.id);
  const golden = stored.flatMap((record) => record.goldenId ?? []);
  const found = await rows<{ id: string }>(
    tx,
    sql`select record_id::text as id from push_intent where record_id = any(${records}::bigint[])
     union select id from resolve_task where (kind = 'record' and id = any(${records}::text[]))
                                          or (kind = 'golden' and id = any(${golden}::text[]))`,
  );
  return new Set(found.map((row) => row.id));
}

async function troubledOf(tx: Transaction, stored: readonly StoredRecord[]): Promise<ReadonlySet<string>> {
  const found = await rows<{ id: string }>(
    tx,
    sql`select distinct record_id::text as id from sync_issue
      where record_id = any(${stored.map((record) => record.id)}::bigint[]) and operation = 'write'`,
  );
  return new Set(found.map((row) => row.id));
}

export interface HeldRecord {
  readonly id: string;
  readonly externalId: string;
  readonly goldenId: string | null;
}

/** Records that the hub believes to be there since before an instant, by id in pages. */
export async function heldRecords(
  db: Queryable,
  key: { readonly connectionId: string; readonly object: string },
  page: { readonly after: string; readonly before: Date; readonly limit: number },
): Promise<HeldRecord[]> {
  return rows(
    db,
    sql`select id::text as id, external_id as "externalId", golden_id::text as "goldenId" from source_record
      where connection_id = ${key.connectionId}::uuid and object = ${key.object} and deleted_at is null
        and created_at < ${page.before} and id > ${page.after}::bigint order by source_record.id limit ${page.limit}::int`,
  );
}

/** When the last reading that reached its end began, ms; 0 when there was none. */
export async function knownUpTo(
  db: Queryable,
  key: { readonly connectionId: string; readonly object: string },
): Promise<number> {
  const found = await rows<{ at: number | null }>(
    db,
    sql`select (extract(epoch from complete_at) * 1000)::float8 as at from sync_cursor
      where connection_id = ${key.connectionId}::uuid and object = ${key.object}`,
  );
  return found[0]?.at ?? 0;
}
