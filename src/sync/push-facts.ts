import type { JsonValue, RecordRef } from '../sdk/index.js';
import type { ActiveConnection } from '../connections/active-connection.js';
import { refusedByRecord, refusedCreates, writeIssues } from '../issues/issue.repository.js';
import type { Transaction } from '../platform/database/database.js';
import { rows, sql } from '../platform/database/sql.js';
import type { Intent } from './outbox.repository.js';
import { loadCurrent, loadGolden, loadRecords, type GoldenRow } from './resolve.repository.js';
import { connectionsWithCandidates } from './candidates.repository.js';
import { GOLDEN_REFERENCE_FIELDS } from './references.js';
import type { StoredRecord } from './source-record.js';

/** Everything that decides what a batch of intents comes to, loaded at once when it is about to be sent. */
export interface PushFacts {
  readonly records: ReadonlyMap<string, StoredRecord>;
  /** By the id that an intent names; an alias leads to the one that took it in. */
  readonly golden: ReadonlyMap<string, GoldenRow>;
  readonly recordsOf: (connectionId: string, goldenId: string) => readonly RecordRef[];
  /** Whether any record of the connection stands for the golden record, those that people deleted included. */
  readonly hasRecord: (connectionId: string, goldenId: string) => boolean;
  readonly refusedUpdates: (recordId: string) => ReadonlyMap<string, string>;
  readonly refusedCreates: (connectionId: string, goldenId: string) => ReadonlyMap<string, string>;
  /** Whether a record of the connection may be the same one, and nobody has said so yet. */
  readonly isUndecided: (connectionId: string, goldenId: string) => boolean;
}

const NONE: ReadonlyMap<string, string> = new Map();

export async function loadPushFacts(
  tx: Transaction,
  connection: ActiveConnection,
  intents: readonly Intent[],
): Promise<PushFacts> {
  const recordIds = intents.flatMap((intent) => intent.recordId ?? []);
  const records = new Map((await loadRecords(tx, recordIds)).map((record) => [record.id, record]));
  const goldenIds = new Set(
    intents.map((intent) => records.get(intent.recordId ?? '')?.goldenId ?? intent.goldenId),
  );
  // An intent may name a golden record that another has taken in since.
  const current = await loadCurrent(tx, [...goldenIds]);
  const rowsById = new Map(
    (await loadGolden(tx, [...new Set(current.values())])).map((row) => [row.id, row]),
  );
  const golden = new Map(
    [...current].flatMap(([id, now]) => {
      const row = rowsById.get(now);
      return row === undefined ? [] : [[id, row] as const];
    }),
  );
  const present = await loadPresence(tx, connection.id, [
    ...goldenIds,
    ...rowsById.keys(),
    ...referencedBy([...golden.values()]),
  ]);
  const updates = refusedByRecord(await writeIssues(tx, recordIds));
  const creates = await refusedCreates(tx, [...goldenIds]);
  const toMake = intents.flatMap((intent) => (intent.kind === 'create' ? [intent.goldenId] : []));
  const undecided = await connectionsWithCandidates(tx, toMake);
  const undecidedIn = new Set(undecided.map((pair) => `${pair.connectionId}|${pair.goldenId}`));
  return {
    records,
    golden,
    recordsOf: (_, goldenId) => present.get(goldenId)?.live ?? [],
    hasRecord: (_, goldenId) => present.has(goldenId),
    refusedUpdates: (recordId) => updates.get(recordId) ?? NONE,
    refusedCreates: (connectionId, goldenId) => creates.get(`${connectionId}|${goldenId}`) ?? NONE,
    isUndecided: (connectionId, goldenId) => undecidedIn.has(`${connectionId}|${goldenId}`),
  };
}

/** Golden ids that the reference fields of golden records hold, and those that were taken out of them. */
export function referencedBy(
  golden: readonly Pick<GoldenRow, 'entity' | 'fields' | 'provenance'>[],
): readonly string[] {
  return [
    ...new Set(
      golden.flatMap((row) =>
        GOLDEN_REFERENCE_FIELDS[row.entity].flatMap((field) => {
          const value = row.fields[field];
          const ids = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
          return [...ids, ...(row.provenance[field]?.removed ?? [])].filter((id) => typeof id === 'string');
        }),
      ),
    ),
  ];
}

export interface Presence {
  /** Oldest first. */
  readonly live: readonly RecordRef[];
}

/** The records of a connection that stand for golden records. */
export async function loadPresence(
  tx: Transaction,
  connectionId: string,
  goldenIds: readonly string[],
): Promise<ReadonlyMap<string, Presence>> {
  return (
    (await loadPresences(tx, [connectionId], goldenIds)).get(connectionId) ?? new Map<string, Presence>()
  );
}

/** The same for several connections, by connection. */
export async function loadPresences(
  tx: Transaction,
  connectionIds: readonly string[],
  goldenIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Presence>>> {
  if (goldenIds.length === 0) return new Map();
  const found = await rows<{
    connectionId: string;
    goldenId: string;
    object: string;
    externalId: string;
    live: boolean;
  }>(
    tx,
    sql`select connection_id::text as "connectionId", golden_id::text as "goldenId", object, external_id as "externalId",
            deleted_at is null as live
       from source_record where connection_id = any(${connectionIds}::uuid[]) and golden_id = any(${goldenIds}::uuid[])
        and not deletion_over
      order by source_record.id`,
  );
  const presences = new Map<string, Map<string, { live: RecordRef[] }>>();
  for (const row of found) {
    const presence = presences.get(row.connectionId) ?? new Map<string, { live: RecordRef[] }>();
    const entry = presence.get(row.goldenId) ?? { live: [] };
    if (row.live) entry.live.push({ ref: { object: row.object, id: row.externalId } });
    presence.set(row.goldenId, entry);
    presences.set(row.connectionId, presence);
  }
  return presences;
}
