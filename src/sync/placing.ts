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
import { groupsOf, linksOf, mergesOf, ownGroup } from './placed-groups.js';
import * as repository from './resolve.repository.js';
import type { GoldenRow } from './resolve.repository.js';
import { asReference, targetKey } from './references.js';
import type { ResolveWork } from './resolve-work.js';
import { isLive, type StoredRecord } from './source-record.js';
import { loadDecisions, loadFamily, loadVicinity, type StoredDecision } from './surroundings.repository.js';
import type { GoldenGroup } from './surviving.js';

export interface Placed {
  /** Golden records to be computed again. */
  readonly golden: readonly string[];
  /** Golden records that got or took in records: those that point at them may read differently now. */
  readonly relinked: readonly string[];
  /** Golden records that others took in, as they were. */
  readonly merged: readonly MergedGolden[];
  /** Golden records all of whose records are at hand, as they are now. */
  readonly groups: ReadonlyMap<string, GoldenGroup>;
  /** Whether a person is asked about any of the records. */
  readonly asks: boolean;
}

export interface MergedGolden {
  readonly survivorId: string;
  readonly alias: GoldenRow;
}

interface Surroundings {
  readonly records: ReadonlyMap<string, StoredRecord>;
  readonly goldens: ReadonlyMap<string, GoldenRow>;
  readonly decisions: readonly StoredDecision[];
  readonly crowded: ReadonlySet<string>;
  readonly isAsked: boolean;
  /** New records that have to do with nobody: each is a golden record of its own. */
  readonly alone: readonly string[];
}

/** Beyond so many holders an identifier is shared, whatever the names: its holders are not even loaded. */
const MOST_HOLDERS = 200;

const NOTHING: Placed = { golden: [], relinked: [], merged: [], groups: new Map(), asks: false };

/** Puts records where they belong by match rules and people's decisions, and stores links, merges and candidates. */
export async function placeRecords(
  tx: Transaction,
  recordIds: readonly string[],
  options: PlaceOptions,
): Promise<Placed> {
  const { fresh, entity } = options;
  if (entity !== undefined) return placeAlike(tx, recordIds, options);
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
    groups: new Map([...others.groups, ...own.groups]),
    asks: others.asks || own.asks,
  };
}

interface PlaceOptions {
  readonly directory: ConnectionDirectory;
  readonly matching: MatchRules;
  /** Those of the records that were stored just now. */
  readonly fresh: ResolveWork['fresh'];
  readonly entity: ResolveWork['entity'];
}

async function placeAlike(
  tx: Transaction,
  recordIds: readonly string[],
  options: PlaceOptions,
): Promise<Placed> {
  if (recordIds.length === 0) return NOTHING;
  const { fresh } = options;
  const around = await loadSurroundings(tx, recordIds, fresh);
  const alone = around.alone.flatMap((id) => fresh.get(id) ?? []).map(ownGroup);
  const placed = await placeAmong(tx, recordIds, around, options);
  return {
    ...placed,
    golden: [...alone.map((group) => group.id), ...placed.golden],
    relinked: [...alone.map((group) => group.id), ...placed.relinked],
    groups: new Map([...alone.map((group) => [group.id, group] as const), ...placed.groups]),
  };
}

/** Those that have to do with others. */
async function placeAmong(
  tx: Transaction,
  recordIds: readonly string[],
  around: Surroundings,
  options: PlaceOptions,
): Promise<Placed> {
  const alone = new Set(around.alone);
  const toPlace = recordIds.filter((id) => !alone.has(id));
  if (toPlace.length === 0) return NOTHING;
  const { fresh } = options;
  const accounts = await accountsOf(tx, around.records);
  const operations = place({
    toPlace,
    records: [...around.records.values()].map((record) =>
      matchRecord(record, options.directory, accounts.get(record.id) ?? null),
    ),
    goldens: [...around.goldens.values()].map(({ id, createdAt }) => ({ goldenId: id, createdAt })),
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
  const known = toPlace.filter((id) => !fresh.has(id));
  const asked = await storeCandidates(tx, around.isAsked ? known : [], operations, around.records);
  const groups = groupsOf(links, around);
  const goldenOf = new Map(
    [...groups].flatMap(([id, { records }]) => records.map((record) => [record.id, id] as const)),
  );
  // A question concerns both sides, when it comes up and when it goes: creates wait for it.
  const concerned = [...known, ...asked];
  const elsewhere = await repository.goldenIdsOf(
    tx,
    concerned.filter((id) => !around.records.has(id)),
  );
  const relinked = [...new Set(links.map((link) => link.goldenId))];
  const merged = merges.flatMap(({ survivorId, mergedId }): MergedGolden[] => {
    const alias = around.goldens.get(mergedId);
    return alias === undefined ? [] : [{ survivorId, alias }];
  });
  return {
    golden: [...new Set([...concerned.flatMap((id) => goldenOf.get(id) ?? []), ...elsewhere, ...relinked])],
    relinked,
    merged,
    groups,
    asks: asked.length > 0,
  };
}

async function loadSurroundings(
  tx: Transaction,
  recordIds: readonly string[],
  fresh: ResolveWork['fresh'],
): Promise<Surroundings> {
  const { holders, decisions: said, isAsked } = await loadVicinity(tx, recordIds, MOST_HOLDERS);
  const involved = new Set([
    ...recordIds.filter((id) => !fresh.has(id)),
    ...holders.flatMap((holder) => holder.id ?? []),
    ...said.flatMap(({ a, b }) => [a, b]),
  ]);
  const family = await loadFamily(
    tx,
    [...involved].filter((id) => !fresh.has(id)),
  );
  const own = [...involved].flatMap((id) => fresh.get(id)?.record ?? []);
  const records = new Map([...family.records, ...own].map((record) => [record.id, record]));
  const given = new Set(recordIds);
  const isWider = family.records.some(({ id }) => !given.has(id));
  return {
    records,
    goldens: family.goldens,
    decisions: isWider ? await loadDecisions(tx, [...records.keys()]) : said,
    crowded: new Set(holders.filter((holder) => holder.id === null).map(identifierKey)),
    isAsked,
    alone: recordIds.filter((id) => !involved.has(id)),
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
