import type { Entity, JsonValue } from '../../sdk/index.js';
import type { Claim } from '../claims/index.js';
import { fieldKey } from '../claims/index.js';
import { surviveLinks } from './links.js';
import { fieldOf, isCrossReference, isSetType } from '../model/fields.js';
import { comparisonKey, isBlank } from '../normalise/index.js';
import { ruleFor, type FieldRule, type RuleName, type SurvivorshipRules } from './rules.js';

/** The claims of one linked record that take part. */
export interface ClaimSource {
  /** The hub's id of the source record. */
  readonly record: string;
  /** The record's id in its own system; ties go by it, for the hub's id only tells which was read first. */
  readonly externalId?: string;
  readonly connection: string;
  /** Earlier connections in the configuration win ties; lower is earlier. */
  readonly position: number;
  /** A person's own edits in the hub. */
  readonly hub: boolean;
  readonly claims: Readonly<Record<string, Claim>>;
}

/** One claim that took part, as provenance and history name it. */
export interface ClaimRef {
  readonly record: string;
  readonly connection: string;
  readonly value: JsonValue;
  readonly at: number;
}

export interface GoldenField {
  readonly value: JsonValue;
  /** The claim that won; for a union the latest that contributed. */
  readonly winner: ClaimRef;
  readonly origin: Claim['origin'];
  readonly rule: RuleName;
  /** Claims with another value, best first. */
  readonly losers: readonly ClaimRef[];
  /** `manual` only: claims differ and nobody has decided. */
  readonly undecided?: true;
  /** Lists of links only: those that somebody took out, and nobody has put back since. */
  readonly removed?: readonly string[];
}

export type GoldenFields = Readonly<Record<string, GoldenField>>;

interface Said {
  readonly source: ClaimSource;
  readonly claim: Claim;
}

export interface Contender extends ClaimRef {
  readonly source: ClaimSource;
  readonly claim: Claim;
  readonly origin: Claim['origin'];
  readonly key: string | null;
}

/**
 * The golden record: a pure function of claims and rules. The order of `sources` makes no difference. A field that
 * nobody claims is not in the result.
 */
export function survive(
  entity: Entity,
  rules: SurvivorshipRules,
  sources: readonly ClaimSource[],
): GoldenFields {
  const contenders = new Map<string, Said[]>();
  for (const source of sources) {
    for (const [field, claim] of Object.entries(source.claims)) {
      if (isCrossReference(field)) continue;
      const list = contenders.get(field) ?? [];
      list.push({ source, claim });
      contenders.set(field, list);
    }
  }
  const golden: Record<string, GoldenField> = {};
  for (const field of [...contenders.keys()].sort()) {
    const rule = ruleFor(rules, entity, field);
    const decided = decide(entity, field, rule, contenders.get(field) ?? []);
    if (decided !== undefined) golden[field] = decided;
  }
  return golden;
}

function contender(entity: Entity, field: string, { source, claim }: Said): Contender {
  return {
    record: source.record,
    connection: source.connection,
    value: claim.value,
    at: claim.at,
    source,
    claim,
    origin: claim.origin,
    key: fieldKey(entity, field, claim.value),
  };
}

function decide(
  entity: Entity,
  field: string,
  rule: FieldRule,
  everything: readonly Said[],
): GoldenField | undefined {
  const [only] = everything;
  const isList = fieldOf(entity, field)?.type === 'references';
  if (only !== undefined && everything.length === 1 && !isList && rule.rule !== 'union') {
    return undisputed(rule, only);
  }
  const all = everything.map((one) => contender(entity, field, one));
  if (isList) return surviveLinks(rule, all, comparatorFor(rule));
  const said = rule.blanks === 'ignore' ? all.filter((claim) => claim.key !== null) : all;
  if (said.length === 0) return undefined;
  const type = fieldOf(entity, field)?.type ?? 'any';
  if (rule.rule === 'union' && (isSetType(type) || said.some((claim) => Array.isArray(claim.value)))) {
    return union(type, [...said].sort(byRecency));
  }
  const ranked = [...said].sort(comparatorFor(rule));
  const [winner] = ranked;
  if (winner === undefined) return undefined;
  const losers = ranked.slice(1).filter((claim) => claim.key !== winner.key);
  // Somebody cleared it there and gets it back: history must say why.
  const ignored = rule.blanks === 'ignore' ? all.filter((claim) => claim.key === null).sort(byRecency) : [];
  return {
    value: winner.value,
    winner: claimRef(winner),
    origin: winner.origin,
    rule: rule.rule,
    losers: [...losers, ...ignored].map(claimRef),
    ...(rule.rule === 'manual' && !winner.source.hub && losers.length > 0 && { undecided: true as const }),
  };
}

/** The one claim there is: nothing to compare it with. */
function undisputed(rule: FieldRule, { source, claim }: Said): GoldenField | undefined {
  if (rule.blanks === 'ignore' && isBlank(claim.value)) return undefined;
  const winner = { record: source.record, connection: source.connection, value: claim.value, at: claim.at };
  return { value: claim.value, winner, origin: claim.origin, rule: rule.rule, losers: [] };
}

function comparatorFor(rule: FieldRule): (a: Contender, b: Contender) => number {
  switch (rule.rule) {
    case 'most-recent':
    case 'union':
      return byRecency;
    case 'source-priority':
      return (a, b) => rank(rule, a) - rank(rule, b) || byRecency(a, b);
    case 'most-complete':
      return (a, b) => hubFirst(a, b) || completeness(b) - completeness(a) || byRecency(a, b);
    // Until somebody decides, the value known longest stands.
    case 'manual':
      return (a, b) => hubFirst(a, b) || (a.source.hub ? byRecency(a, b) : -byRecency(a, b));
  }
}

function hubFirst(a: Contender, b: Contender): number {
  return Number(b.source.hub) - Number(a.source.hub);
}

/** A person's edit in the hub ranks before every system, unless the order names systems only by their own names. */
function rank(rule: FieldRule, claim: Contender): number {
  const place = rule.order.indexOf(claim.connection);
  if (place >= 0) return place;
  return claim.source.hub ? -1 : rule.order.length;
}

/** Latest first; ties by the connections' order, then their names, then the record: never by arrival. */
function byRecency(a: Contender, b: Contender): number {
  return (
    b.at - a.at ||
    Number(b.source.hub) - Number(a.source.hub) ||
    a.source.position - b.source.position ||
    compareText(a.connection, b.connection) ||
    compareText(a.source.externalId ?? '', b.source.externalId ?? '') ||
    compareText(a.record, b.record)
  );
}

function completeness(claim: Contender): number {
  if (claim.key === null) return -1;
  return Array.isArray(claim.value) ? claim.value.length : claim.key.length;
}

function union(
  type: Parameters<typeof comparisonKey>[0],
  ranked: readonly Contender[],
): GoldenField | undefined {
  const [latest] = ranked;
  if (latest === undefined) return undefined;
  const elements = new Map<string, JsonValue>();
  for (const claim of ranked) {
    for (const element of Array.isArray(claim.value)
      ? (claim.value as readonly JsonValue[])
      : [claim.value]) {
      const key = comparisonKey(type, [element]);
      if (key !== null && !elements.has(key)) elements.set(key, element);
    }
  }
  const value = [...elements].sort(([a], [b]) => compareText(a, b)).map(([, element]) => element);
  return { value, winner: claimRef(latest), origin: latest.origin, rule: 'union', losers: [] };
}

function claimRef(claim: Contender): ClaimRef {
  return { record: claim.record, connection: claim.connection, value: claim.value, at: claim.at };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
