import type { Entity } from '../sdk/index.js';
import type { Transaction } from '../platform/database/database.js';
import { addResolveTasks, type RecordWrite, type Stored } from './ingest.repository.js';
import type { ResolveTask } from './resolve.repository.js';
import type { StoredRecord } from './source-record.js';

/** A record stored just now for the first time: all there is to know of it is at hand. */
export interface FreshRecord {
  /** Linked to nobody yet, as far as matching is concerned. */
  readonly record: StoredRecord;
  /** The golden record it was stored with; its own unless it turns out to be somebody known. */
  readonly goldenId: string;
}

/** What is to be placed and computed again after records were taken in. */
export interface ResolveWork {
  /** Ids of records whose place or claims may have changed. */
  readonly records: readonly string[];
  /** Ids of golden records to be computed again whatever their records say. */
  readonly golden: readonly string[];
  /** By id; those of `records` that are new. */
  readonly fresh: ReadonlyMap<string, FreshRecord>;
  /** Of all the records, where it is known. */
  readonly entity?: Entity;
  /** Of everything, unless `tasks` say otherwise. */
  readonly runId: string | null;
  /** What it comes from, each for a run of its own. */
  readonly tasks?: readonly ResolveTask[];
}

export const NOTHING_FRESH: ResolveWork['fresh'] = new Map();

export function isNothing({ records, golden }: ResolveWork): boolean {
  return records.length === 0 && golden.length === 0;
}

/** Leaves the work to the resolver, inside the transaction that makes it necessary. */
export async function postpone(tx: Transaction, { records, golden, runId }: ResolveWork): Promise<void> {
  await addResolveTasks(tx, 'record', records, runId);
  await addResolveTasks(tx, 'golden', golden, runId);
}

/** New records as they would be read back. */
export function freshOf(
  writes: readonly RecordWrite[],
  written: ReadonlyMap<string, Stored>,
  key: Pick<StoredRecord, 'connectionId' | 'object' | 'entity'>,
): ResolveWork['fresh'] {
  return new Map(
    writes.flatMap(({ externalId, version, readAt }): [string, FreshRecord][] => {
      const stored = written.get(externalId);
      if (stored === undefined || stored.goldenId === null) return [];
      const { id, goldenId, fields } = stored;
      const record: StoredRecord = {
        ...key,
        id,
        externalId,
        goldenId: null,
        fields,
        version,
        readAt,
        writtenAt: 0,
        deleted: false,
        mergedInto: null,
        deletionOver: false,
        undone: false,
      };
      return [[id, { record, goldenId }]];
    }),
  );
}
