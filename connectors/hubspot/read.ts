/** Records by id, with what became of those that are gone. */
import type { ReadRequest, ReadResult, SourceRecord, Tombstone } from '../../src/sdk/index.js';
import { linksOfRecords } from './associations.js';
import { readBatches } from './batch-read.js';
import { mapAtOnce } from './chunks.js';
import type { HubSpotContext } from './config.js';
import type { HubSpotRecord } from './record.js';
import { openSession, type Session } from './session.js';
import { formerOf, mergedInto, modifiedAtOf, sourceRecord } from './source-record.js';

const NONE: ReadonlyMap<string, string> = new Map();

interface Found {
  readonly records: readonly SourceRecord[];
  readonly tombstones: readonly Tombstone[];
}

export async function read(ctx: HubSpotContext, request: ReadRequest): Promise<ReadResult> {
  const session = await openSession(ctx, request.object, request.properties);
  const readAt = ctx.clock.now();
  return { ...(await readRecords(session, request.ids, request.versions)), readAt };
}

/**
 * Live records as they are now; for ids that are no longer live a tombstone: archived, merged into another (whose
 * record comes along), or gone without a trace.
 */
export async function readRecords(
  session: Session,
  ids: readonly string[],
  versions: ReadonlyMap<string, string> = NONE,
): Promise<Found> {
  const { names, history } = session.wanted;
  const unchanged = history.length === 0 ? [] : await unchangedOf(session, ids, versions);
  const there = new Set(unchanged.map(({ id }) => id));
  const others = ids.filter((id) => !there.has(id));
  const live = [...unchanged, ...(await readBatches(session, others, { properties: names, history }))];
  const survivors = await mergedAway(session, ids, live);
  const records = unique([...live, ...survivors.records]);
  const links = await linksOfRecords(
    session,
    records.map((record) => record.id),
  );
  const merged = records.flatMap((record) => mergedInto(session.facts, record));
  return {
    records: records.map((record) => ({
      ...sourceRecord(session, record, links.get(record.id)),
      former: formerOf(session, record),
    })),
    tombstones: oneEach([...survivors.tombstones, ...merged]),
  };
}

/** Those still in the version that the hub holds, without their history: HubSpot gives twice as many a call. */
async function unchangedOf(
  session: Session,
  ids: readonly string[],
  versions: ReadonlyMap<string, string>,
): Promise<readonly HubSpotRecord[]> {
  const known = ids.filter((id) => versions.has(id));
  const records = await readBatches(session, known, { properties: session.wanted.names });
  return records.filter((record) => modifiedAtOf(session.facts, record) === versions.get(record.id));
}

/** What became of the ids that have no live record. */
async function mergedAway(
  session: Session,
  ids: readonly string[],
  live: readonly HubSpotRecord[],
): Promise<{ readonly records: readonly HubSpotRecord[]; readonly tombstones: readonly Tombstone[] }> {
  const { facts } = session;
  const there = new Set(live.map((record) => record.id));
  const told = new Set(live.flatMap((record) => mergedInto(facts, record)).map(({ id }) => id));
  const missing = ids.filter((id) => !there.has(id) && !told.has(id));
  if (missing.length === 0) return { records: [], tombstones: [] };

  const archived = await readBatches(session, missing, { properties: [facts.modified], archived: true });
  const archivedAt = new Map(archived.map((record) => [record.id, record.archivedAt]));
  const tombstones: Tombstone[] = [];
  const lost = missing.filter((id) => {
    if (!archivedAt.has(id)) return true;
    const deletedAt = archivedAt.get(id);
    tombstones.push(deletedAt === undefined ? { id } : { id, deletedAt });
    return false;
  });
  // Only a read of the single id tells where a merged record went.
  const survivors = await mapAtOnce(lost, 5, async (id) => {
    const survivor = await session.api.objects.get(facts, id, [facts.modified]);
    if (survivor === null) tombstones.push({ id });
    else if (survivor.id !== id) tombstones.push({ id, mergedInto: survivor.id });
    return survivor === null || there.has(survivor.id) ? [] : [survivor.id];
  });
  const records = await readBatches(session, survivors.flat(), {
    properties: session.wanted.names,
    history: session.wanted.history,
  });
  return { records, tombstones };
}

function unique(records: readonly HubSpotRecord[]): readonly HubSpotRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

/** One tombstone an id; one that tells the survivor is worth more. */
export function oneEach(tombstones: readonly Tombstone[]): readonly Tombstone[] {
  const kept = new Map<string, Tombstone>();
  for (const tombstone of tombstones)
    if (kept.get(tombstone.id)?.mergedInto === undefined) kept.set(tombstone.id, tombstone);
  return [...kept.values()];
}
