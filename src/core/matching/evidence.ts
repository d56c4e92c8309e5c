import { compareRecords } from './compare.js';
import { STRENGTH, type Comparison } from './comparison.js';
import { identifierKey, type Identifier } from './identity.js';
import { personNameKey } from './person-name.js';
import { compareIds, type Decision, type MatchRecord } from './record.js';
import type { MatchRules } from './rules.js';

/** A reason to put two records together, or to ask a person. `a` is the older record. */
export interface Evidence extends Comparison {
  readonly a: MatchRecord;
  readonly b: MatchRecord;
  readonly strength: number;
}

/** Holders of one identifier that are compared with one another at most; beyond, it is shared, whatever the names. */
const MOST_HOLDERS = 200;

/** What the identifiers that records share say, pair by pair; pairs with nothing to say are left out. */
export function gatherEvidence(
  records: readonly MatchRecord[],
  rules: MatchRules,
  crowded: ReadonlySet<string>,
): Evidence[] {
  const pairs = new Map<string, { a: MatchRecord; b: MatchRecord; shared: Identifier[] }>();
  for (const { identifier, holders } of sharedIdentifiers(records, rules, crowded)) {
    for (const [index, a] of holders.entries()) {
      for (const b of holders.slice(index + 1)) {
        const key = `${a.recordId} ${b.recordId}`;
        const pair = pairs.get(key);
        if (pair === undefined) pairs.set(key, { a, b, shared: [identifier] });
        else pair.shared.push(identifier);
      }
    }
  }
  const found = [...pairs.values()].flatMap(({ a, b, shared }): Evidence[] => {
    // Two deals of one system are two, however alike.
    if (a.identity.entity === 'deal' && a.connection === b.connection && a.live && b.live) return [];
    const found = compareRecords(a.identity, b.identity, shared);
    return found.verdict === 'different' ? [] : [{ ...found, a, b, strength: STRENGTH[found.rule] }];
  });
  return withoutGuesses(found);
}

/** A deal that two of another system are alike to might be either: a person must say. */
function withoutGuesses(found: readonly Evidence[]): Evidence[] {
  const alike = new Map<string, number>();
  const sides = ({ a, b }: Evidence): string[] => [
    `${a.recordId} ${b.connection}`,
    `${b.recordId} ${a.connection}`,
  ];
  const certain = found.filter((one) => one.verdict === 'same' && one.rule === 'deal-all');
  for (const side of certain.flatMap(sides)) alike.set(side, (alike.get(side) ?? 0) + 1);
  return found.map((one) => {
    const guess = one.rule === 'deal-all' && sides(one).some((side) => (alike.get(side) ?? 0) > 1);
    return guess
      ? { ...one, verdict: 'candidate', reason: `${one.reason} But another deal there is as like.` }
      : one;
  });
}

/** People's words that two records are the same, as the strongest evidence there is. */
export function decidedEvidence(
  byId: ReadonlyMap<string, MatchRecord>,
  decisions: readonly Decision[],
): Evidence[] {
  return decisions.flatMap((decision) => {
    const [a, b] = [byId.get(decision.a), byId.get(decision.b)].sort((x, y) =>
      compareIds(x?.recordId ?? '', y?.recordId ?? ''),
    );
    if (decision.verdict !== 'same' || a === undefined || b === undefined || a === b) return [];
    return [
      { a, b, verdict: 'same', rule: 'decision', reason: 'A person said so.', strength: STRENGTH.decision },
    ];
  });
}

function sharedIdentifiers(
  records: readonly MatchRecord[],
  rules: MatchRules,
  crowded: ReadonlySet<string>,
): { identifier: Identifier; holders: MatchRecord[] }[] {
  const held = new Map<string, { identifier: Identifier; holders: MatchRecord[] }>();
  for (const record of records) {
    for (const identifier of record.identity.identifiers) {
      const key = `${record.identity.entity} ${identifierKey(identifier)}`;
      const entry = held.get(key);
      if (entry === undefined) held.set(key, { identifier, holders: [record] });
      else entry.holders.push(record);
    }
  }
  return [...held.values()].filter(
    ({ identifier, holders }) =>
      holders.length > 1 &&
      holders.length <= MOST_HOLDERS &&
      !crowded.has(identifierKey(identifier)) &&
      (holders.length <= rules.limits[identifier.kind] ||
        countDifferent(identifier, holders) <= rules.limits[identifier.kind]),
  );
}

/**
 * How many different ones hold it: a person whom five systems know under one name is one. Companies of one name may
 * be many, so that for names each record counts. Records that are gone do not count: many a tool deletes and makes
 * anew what it could have changed.
 */
function countDifferent(identifier: Identifier, holders: readonly MatchRecord[]): number {
  const live = holders.filter((record) => record.live);
  if (identifier.kind === 'name') return live.length;
  return new Set(live.map((record) => nameOf(record) || record.recordId)).size;
}

function nameOf({ identity }: MatchRecord): string {
  if (identity.person !== undefined) return personNameKey(identity.person);
  return identity.company?.key ?? '';
}
