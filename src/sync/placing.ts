import { v7 as uuid } from 'uuid';
import { identityFields } from '../core/claims/index.js';
import {
  identifierKey,
  identityOf,
  ownCrossReference,
  place,
  type MatchRecord,
  type MatchRules,
  type PlaceOperation,
} from '../core/matching/index.js';
import type { ConnectionDirectory } from '../connections/directory.js';
import type { Transaction } from '../platform/database/index.js';
import * as candidates from './candidates.repository.js';
import * as mergesRepository from './merges.repository.js';
import type { MergeRow } from './merges.repository.js';
import * as repository from './resolve.repository.js';
import type { GoldenRow, RecordLink } from './resolve.repository.js';
import { asReference, targetKey } from './references.js';
import type { ResolveWork } from './resolve-work.js';
import { isLive, type StoredRecord } from './source-record.js';

export interface Placed {
  /** Golden records to be computed again. */
  readonly golden: readonly string[];
  /** Golden records that got or took in records: those that point at them may read differently now. */
  readonly relinked: readonly string[];
  /** Golden records that others took in, as they were. */
  readonly merged: readonly MergedGolden[];
  /** Golden records that are new, with all their records. */
  readonly made: ReadonlyMap<string, readonly StoredRecord[]>;
  /** Whether a person is asked about any of the records. */
  readonly asks: boolean;
}

export interface MergedGolden {
  readonly survivorId: string;
  readonly alias: GoldenRow;
}

interface Surroundings {
  readonly records: ReadonlyMap<string, StoredRecord>;
  readonly goldens: readonly GoldenRow[];
  readonly decisions: Parameters<typeof place>[0]['decisions'];
  readonly crowded: ReadonlySet<string>;
}

/** Beyond so many holders an identifier is shared, whatever the names: its holders are not even loaded. */
const MOST_HOLDERS = 200;

/** Puts records where they belong by match rules and people's decisions, and stores links, merges and candidates. */
export async function placeRecords(
  tx: Transaction,
  recordIds: readonly string[],
  options: PlaceOptions,
): Promise<Placed> {
  const { fresh } = options;
  // Deals are told apart by whose they are: accounts find their place first.
  const deals = new Set([
    ...recordIds.filter((id) => fresh.get(id)?.record.entity === 'deal'),
    ...(await repository.recordsOfEntity(
      tx,
      recordIds.filter((id) => !fresh.has(id)),
      'deal',
    )),
  ]);
  const others = await placeAlike(
    tx,
    recordIds.filter((id) => !deals.has(id)),
    options,
  );
  const own = await placeAlike(tx, [...deals], options);
  return {
    golden: [...new Set([...others.golden, ...own.golden])],
    relinked: [...others.relinked, ...own.relinked],
    merged: [...others.merged, ...own.merged],
    made: new Map([...others.made, ...own.made]),
    asks: others.asks || own.asks,
  };
}

interface PlaceOptions {
  readonly directory: ConnectionDirectory;
  readonly matching: MatchRules;
  /** Those of the records that were stored just now. */
  readonly fresh: ResolveWork['fresh'];
}

async function placeAlike(
  tx: Transaction,
  recordIds: readonly string[],
  options: PlaceOptions,
): Promise<Placed> {
  if (recordIds.length === 0) return { golden: [], relinked: [], merged: [], made: new Map(), asks: false };
  const { fresh } = options;
  const around = await loadSurroundings(tx, recordIds, fresh);
  const accounts = await accountsOf(tx, around.records);
  const operations = place({
    toPlace: recordIds,
    records: [...around.records.values()].map((record) =>
      matchRecord(record, options.directory, accounts.get(record.id) ?? null),
    ),
    goldens: around.goldens.map((golden) => ({ goldenId: golden.id, createdAt: golden.createdAt })),
    decisions: around.decisions,
    crowded: around.crowded,
    uniqueConnections: uniqueConnections(options.directory),
    rules: options.matching,
  });
  const links = linksOf(operations, around.records, fresh);
  const merges = mergesOf(operations, around.records);
  // What was stored with a golden record of its own and keeps it needs no second write.
  await repository.storeLinks(
    tx,
    links.filter(
      ({ recordId, goldenId, rule }) => rule !== 'new' || fresh.get(recordId)?.goldenId !== goldenId,
    ),
  );
  await mergesRepository.storeMerges(tx, merges);
  await mergesRepository.retireGolden(tx, merges);
  const known = recordIds.filter((id) => !fresh.has(id));
  const asked = await storeCandidates(tx, known, operations, around.records);
  // A question concerns both sides, when it comes up and when it goes: creates wait for it.
  const golden = await repository.goldenIdsOf(tx, [...known, ...asked]);
  const relinked = [...new Set(links.map((link) => link.goldenId))];
  const aliases = new Map(around.goldens.map((row) => [row.id, row]));
  const merged = merges.flatMap(({ survivorId, mergedId }): MergedGolden[] => {
    const alias = aliases.get(mergedId);
    return alias === undefined ? [] : [{ survivorId, alias }];
  });
  return {
    golden: [...new Set([...golden, ...relinked])],
    relinked,
    merged,
    made: madeBy(operations, links, around.records),
    asks: asked.length > 0,
  };
}

/** New golden records with their records, which are all at hand. */
function madeBy(
  operations: readonly PlaceOperation[],
  links: readonly RecordLink[],
  records: ReadonlyMap<string, StoredRecord>,
): Placed['made'] {
  const linkOf = new Map(links.map((link) => [link.recordId, link.goldenId]));
  return new Map(
    operations.flatMap((operation): [string, readonly StoredRecord[]][] => {
      if (operation.kind !== 'create') return [];
      const goldenId = linkOf.get(operation.records[0]?.recordId ?? '');
      if (goldenId === undefined) return [];
      const own = operation.records.flatMap(({ recordId }) => records.get(recordId) ?? []);
      return [[goldenId, own.map((record) => ({ ...record, goldenId }))]];
    }),
  );
}

async function loadSurroundings(
  tx: Transaction,
  recordIds: readonly string[],
  fresh: ResolveWork['fresh'],
): Promise<Surroundings> {
  const neighbours = await repository.loadNeighbours(tx, recordIds, MOST_HOLDERS);
  const said = await repository.loadDecisions(tx, recordIds);
  const ids = new Set([
    ...recordIds,
    ...neighbours.flatMap((row) => row.id ?? []),
    ...said.flatMap(({ a, b }) => [a, b]),
  ]);
  const near = await repository.loadRecords(
    tx,
    [...ids].filter((id) => !fresh.has(id)),
  );
  const goldenIds = [...new Set(near.flatMap((record) => record.goldenId ?? []))];
  const family = await repository.loadRecordsOfGolden(tx, goldenIds);
  const own = recordIds.flatMap((id) => fresh.get(id)?.record ?? []);
  const records = new Map([...near, ...family, ...own].map((record) => [record.id, record]));
  const isAlone = records.size === recordIds.length;
  return {
    records,
    goldens: await repository.loadGolden(tx, goldenIds),
    decisions: isAlone ? said : await repository.loadDecisions(tx, [...records.keys()]),
    crowded: new Set(neighbours.filter((row) => row.id === null).map(identifierKey)),
  };
}

/** The accounts that deals belong to, by record. */
async function accountsOf(
  tx: Transaction,
  records: ReadonlyMap<string, StoredRecord>,
): Promise<ReadonlyMap<string, string>> {
  const places = [...records.values()].flatMap((record) => {
    const ref = record.entity === 'deal' ? asReference(identityFields(record.fields)['account']) : undefined;
    if (ref === undefined) return [];
    return [
      {
        recordId: record.id,
        connectionId: record.connectionId,
        object: ref.object,
        externalId: ref.id,
      },
    ];
  });
  const targets = await repository.loadTargets(tx, places);
  const goldenAt = new Map(targets.map((target) => [targetKey(target), target.goldenId]));
  return new Map(
    places.flatMap((place) => {
      const goldenId = goldenAt.get(targetKey(place));
      return goldenId === undefined ? [] : [[place.recordId, goldenId] as const];
    }),
  );
}

function matchRecord(
  record: StoredRecord,
  directory: ConnectionDirectory,
  account: string | null,
): MatchRecord {
  const identity = identityOf(record.entity, identityFields(record.fields));
  const connection = directory.find(record.connectionId)?.name ?? record.connectionId;
  return {
    recordId: record.id,
    connection,
    identity: {
      ...identity,
      ...(identity.deal && { deal: { ...identity.deal, account } }),
      identifiers: [...identity.identifiers, ownCrossReference(connection, record.externalId)],
    },
    linkedTo: record.goldenId,
    live: isLive(record),
  };
}

function uniqueConnections(directory: ConnectionDirectory): ReadonlySet<string> {
  const unique = directory.all.filter((one) => one.objects.some((setup) => setup.policy.unique));
  return new Set(unique.map((one) => one.name));
}

function linksOf(
  operations: readonly PlaceOperation[],
  records: ReadonlyMap<string, StoredRecord>,
  fresh: ResolveWork['fresh'],
): RecordLink[] {
  const survivorOf = new Map(
    operations.flatMap((one) => (one.kind === 'merge' ? [[one.merged, one] as const] : [])),
  );
  const moved = [...records.values()].flatMap((record): RecordLink[] => {
    const merge = survivorOf.get(record.goldenId ?? '');
    return merge === undefined ? [] : [{ recordId: record.id, goldenId: merge.survivor, rule: merge.rule }];
  });
  const placed = operations.flatMap((operation): RecordLink[] => {
    if (operation.kind === 'link') return [operation];
    if (operation.kind !== 'create') return [];
    const [own] = operation.records.flatMap(({ recordId }) => fresh.get(recordId)?.goldenId ?? []);
    const goldenId = own ?? uuid();
    return operation.records.map(({ recordId, rule }) => ({ recordId, goldenId, rule }));
  });
  return [...moved, ...placed];
}

function mergesOf(
  operations: readonly PlaceOperation[],
  records: ReadonlyMap<string, StoredRecord>,
): MergeRow[] {
  return operations.flatMap((operation): MergeRow[] => {
    if (operation.kind !== 'merge') return [];
    const moved = [...records.values()].filter((record) => record.goldenId === operation.merged);
    return [
      {
        id: uuid(),
        survivorId: operation.survivor,
        mergedId: operation.merged,
        records: moved.map((record) => record.id),
        by: 'match rules',
        rule: operation.rule,
      },
    ];
  });
}

/**
 * Stores the candidates that came up; those of the records just looked at that did not come up again go.
 *
 * @returns the records on both sides of what came and went
 */
async function storeCandidates(
  tx: Transaction,
  recordIds: readonly string[],
  operations: readonly PlaceOperation[],
  records: ReadonlyMap<string, StoredRecord>,
): Promise<readonly string[]> {
  const found = operations.flatMap((operation) =>
    operation.kind === 'candidate'
      ? [{ ...operation, entity: records.get(operation.a)?.entity ?? ('customer' as const) }]
      : [],
  );
  const dropped = await candidates.dropCandidates(tx, recordIds, found);
  await candidates.storeCandidates(tx, found);
  return [...found, ...dropped].flatMap(({ a, b }) => [a, b]);
}
