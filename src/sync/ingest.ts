import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import { keptOut, withoutLinksToErased, type Suppresses } from '../erasure/keep-out.js';
import { reportIssues, type IssueReport } from '../issues/issue.repository.js';
import type { Transaction } from '../platform/database/database.js';
import type { Entity, SourceRecord, Tombstone, UnreadableRecord } from '../sdk/index.js';
import * as repository from './ingest.repository.js';
import { closePage } from './close-page.js';
import { decideSame, noteMerges } from './crm-merge.js';
import { digestRecord, type Digest, type Digests } from './digest.js';
import { lookAgain } from './inbox.repository.js';
import { newId } from './new-id.js';
import { unreadableIssue } from './read-issues.js';
import { freshOf, postpone, type ResolveWork } from './resolve-work.js';
import type { StoredRecord } from './source-record.js';

/** Records of one object as they were just read, by pull, webhook or before a push: one path in. */
export interface Batch {
  readonly records: readonly SourceRecord[];
  readonly tombstones: readonly Tombstone[];
  readonly unreadable?: readonly UnreadableRecord[] | undefined;
  /** Start of the request, ms, hub's clock; of the first one where there were several. */
  readonly readAt: number;
  /** By external id, where the records came by several requests. */
  readonly readAts?: ReadonlyMap<string, number>;
}

export interface IngestOptions {
  readonly connection: ActiveConnection;
  readonly setup: ObjectSetup;
  readonly runId: string | null;
  /** Whether the records count as read by the run; a look before a write does not. */
  readonly counted: boolean;
  /** The system's clock minus the hub's, ms. */
  readonly clockOffsetMs: number;
}

/** What a page brought. */
export interface Ingested {
  /** Records looked at. */
  readonly read: number;
  /** Ids (external) of records that are new, say something new, or are gone. */
  readonly changed: readonly string[];
  /** Ids (external) to be read again: their state here is newer than this batch, or only a part of them was read. */
  readonly stale: readonly string[];
}

/** What a page brought, and what is to be resolved because of it. */
export type TakenIn = Ingested & { readonly work: ResolveWork };

/** How a batch is taken in: see {@link takeIn}. */
export interface TakingIn {
  readonly resolvesNow: boolean;
  readonly suppresses: Suppresses;
  readonly cursor?: unknown;
  /** Of records that may be new, made beforehand. */
  readonly digests?: Digests;
}

/** Takes a batch in and leaves to the resolver what follows from it. */
export async function ingest(tx: Transaction, batch: Batch, options: IngestOptions): Promise<Ingested> {
  const taken = await takeIn(tx, batch, options, { resolvesNow: false, suppresses: 'unknown' });
  await postpone(tx, taken.work);
  return taken;
}

/**
 * Writes a batch of read records into the hub: normalise, diff against what is stored, write claims. A handful of
 * statements however many records there are; all or nothing with the caller's transaction.
 *
 * @param how.resolvesNow the caller holds the resolver's lock and resolves the work in the same transaction: new records
 *   are stored with a golden record of their own
 * @param how.cursor where the reading goes on after the batch, if that is to be kept
 */
export async function takeIn(
  tx: Transaction,
  batch: Batch,
  options: IngestOptions,
  how: TakingIn,
): Promise<TakenIn> {
  const { connection, setup, runId } = options;
  const key = { connectionId: connection.id, object: setup.object, entity: setup.entity };
  const { suppresses } = how;
  const records = lastOfEach(batch.records);
  const stored = new Map(
    (await repository.lockRecords(tx, { ...key, externalIds: records.map((record) => record.id) })).map(
      (row) => [row.externalId, row],
    ),
  );
  const issues: IssueReport[] = (batch.unreadable ?? []).map((bad) => unreadableIssue(options, bad));
  const read: repository.RecordWrite[] = [];
  const stale: string[] = [];
  for (const record of records) {
    const before = stored.get(record.id);
    const readAt = batch.readAts?.get(record.id) ?? batch.readAt;
    if (before !== undefined && isStale(before, readAt)) {
      stale.push(record.id);
      continue;
    }
    if (record.partial === true && (before === undefined || before.deleted)) continue;
    const digest = digestOf(record, { ...options, before, readAt, digests: how.digests });
    issues.push(...digest.issues);
    const { write } = digest;
    if (write === undefined) continue;
    if (record.partial === true) stale.push(record.id);
    else read.push(how.resolvesNow && before === undefined ? { ...write, goldenId: newId() } : write);
  }
  const erased = await keepOut(tx, read, stored, { ...options, suppresses });
  const taken = read.filter((write) => !erased.has(write.externalId));
  const writes =
    setup.entity === 'deal' ? await withoutLinksToErased(tx, taken, { connection, suppresses }) : taken;
  const written = await repository.storeRecords(tx, key, writes);
  const idOf = (write: repository.RecordWrite): string => written.get(write.externalId)?.id ?? '';
  await storeIdentities(tx, setup.entity, writes, written);
  const restored = writes.filter((write) => stored.get(write.externalId)?.deletionOver === true);
  await repository.endFollowedDeletions(tx, restored.map(idOf));
  const gone = await repository.storeTombstones(tx, key, tombstonesOf(batch, options.clockOffsetMs));
  await noteMerges(tx, gone, options);
  const changed = [
    ...writes.filter((write) => write.resolve).map((write) => write.externalId),
    ...gone.map((row) => row.externalId),
  ];
  const looked = batch.records.length + batch.tombstones.length + (batch.unreadable?.length ?? 0);
  const { freed, late } = await closePage(tx, {
    ...key,
    issues: {
      read: records.map((record) => record.id),
      kept: issues,
      gone: gone.map((row) => row.externalId),
      changed,
    },
    newcomers: writes.filter((write) => !stored.has(write.externalId)).map(idOf),
    counts: { read: looked, changed: changed.length, failed: batch.unreadable?.length ?? 0 },
    runId: options.counted ? runId : null,
    ...('cursor' in how && { cursor: how.cursor }),
  });
  await decideSame(tx, late, `merge in ${connection.name}`);
  await lookAgain(tx, { ...key, externalIds: stale });
  await reportIssues(
    tx,
    issues.filter((issue) => !erased.has(issue.externalId ?? '')),
  );
  const work: ResolveWork = {
    records: [
      ...writes.filter((write) => write.resolve).map(idOf),
      ...gone.map((row) => row.id),
      ...freed.flatMap((row) => row.recordId ?? []),
    ],
    golden: freed.flatMap((row) => (row.recordId === null ? (row.goldenId ?? []) : [])),
    fresh: freshOf(writes, written, key),
    entity: setup.entity,
    runId,
  };
  return { read: looked, changed, stale, work };
}

async function storeIdentities(
  tx: Transaction,
  entity: Entity,
  writes: readonly repository.RecordWrite[],
  written: ReadonlyMap<string, repository.Stored>,
): Promise<void> {
  const [added, replaced] = [new Map<string, Identifiers>(), new Map<string, Identifiers>()];
  for (const write of writes) {
    const stored = written.get(write.externalId);
    if (stored === undefined || !write.identityChanged) continue;
    (stored.goldenId === null ? replaced : added).set(stored.id, write.identifiers);
  }
  await repository.addIdentifiers(tx, entity, added);
  await repository.storeIdentifiers(tx, entity, replaced);
}

type Identifiers = repository.RecordWrite['identifiers'];

/** Erased people are not taken in again, by whatever record they come. */
async function keepOut(
  tx: Transaction,
  writes: readonly repository.RecordWrite[],
  stored: ReadonlyMap<string, StoredRecord>,
  { connection, setup, suppresses }: IngestOptions & Pick<TakingIn, 'suppresses'>,
): Promise<ReadonlySet<string>> {
  if (setup.entity !== 'customer') return new Set();
  const newcomers = writes
    .filter((write) => !stored.has(write.externalId))
    .map((write) => ({ ...write, connectionId: connection.id, object: setup.object }));
  return keptOut(tx, newcomers, { hash: connection.keyedHash, suppresses });
}

/** An older reading must not undo a newer one: pages are read ahead while pushes and webhooks go on. */
function isStale(before: StoredRecord, readAt: number): boolean {
  return readAt < before.readAt || readAt <= before.writtenAt;
}

function digestOf(
  record: SourceRecord,
  known: Parameters<typeof digestRecord>[1] & { readonly digests: Digests | undefined },
): Digest {
  const made = known.before === undefined ? known.digests?.get(record) : undefined;
  return made?.readAt === known.readAt ? made : digestRecord(record, known);
}

function tombstonesOf(
  batch: Batch,
  clockOffsetMs: number,
): { externalId: string; deletedAt: number; mergedInto: string | null }[] {
  const alive = new Set(batch.records.map((record) => record.id));
  const byId = new Map(batch.tombstones.filter((gone) => !alive.has(gone.id)).map((gone) => [gone.id, gone]));
  return [...byId.values()].map((gone) => ({
    externalId: gone.id,
    deletedAt: gone.deletedAt === undefined ? batch.readAt : Date.parse(gone.deletedAt) - clockOffsetMs,
    mergedInto: gone.mergedInto ?? null,
  }));
}

function lastOfEach(records: readonly SourceRecord[]): SourceRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}
