import type { Entity, JsonValue } from '../../sdk/index.js';
import { fieldKey, isSameValue } from '../claims/index.js';
import type { RuleName } from './rules.js';
import type { ClaimRef, GoldenField, GoldenFields } from './survive.js';

/** Where a golden value comes from; stored with the golden record, one document. */
export interface Provenance {
  readonly record: string;
  readonly connection: string;
  readonly at: number;
  readonly origin: GoldenField['origin'];
  readonly rule: RuleName;
  /** Losing claims by record and time: known ones are not told again. */
  readonly losers?: readonly string[];
  readonly undecided?: true;
  /** Lists of links: golden ids that somebody took out. */
  readonly removed?: readonly string[];
}

export interface StoredGolden {
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly provenance: Readonly<Record<string, Provenance>>;
}

/**
 * One line of history.
 * changed     the golden value is another one
 * overridden  somebody wrote a value that did not win
 */
export interface FieldChange {
  readonly field: string;
  readonly kind: 'changed' | 'overridden';
  readonly old: JsonValue;
  readonly new: JsonValue;
  readonly rule: RuleName;
  readonly winner: ClaimRef | null;
  readonly losers: readonly ClaimRef[];
}

export interface GoldenComparison {
  readonly golden: StoredGolden;
  /** What history tells: golden values that changed, and claims that lost. */
  readonly changes: readonly FieldChange[];
  /** Whether the stored row differs. */
  readonly differs: boolean;
}

const loserId = (claim: ClaimRef): string => `${claim.record}@${String(claim.at)}`;

/**
 * From the stored golden record to the computed one: what to store, and what to tell in history. A new golden
 * record tells only of conflicts: its values are explained by their provenance.
 */
export function compareGolden(
  entity: Entity,
  before: StoredGolden | null,
  after: GoldenFields,
): GoldenComparison {
  const changes: FieldChange[] = [];
  for (const [field, now] of Object.entries(after)) {
    const change = compareField(entity, field, before, now);
    if (change !== undefined) changes.push(change);
  }
  for (const [field, old] of Object.entries(before?.fields ?? {})) {
    if (field in after || fieldKey(entity, field, old) === null) continue;
    const rule = before?.provenance[field]?.rule ?? 'most-recent';
    changes.push({ field, kind: 'changed', old, new: null, rule, winner: null, losers: [] });
  }
  const golden = toStored(after);
  const differs = before === null || JSON.stringify(golden) !== JSON.stringify(ordered(before));
  return { golden, changes, differs };
}

function compareField(
  entity: Entity,
  field: string,
  before: StoredGolden | null,
  now: GoldenField,
): FieldChange | undefined {
  const old = before?.fields[field] ?? null;
  const line = { field, old, new: now.value, rule: now.rule, winner: now.winner };
  const moved = before !== null && !isSameValue(entity, field, old, now.value);
  if (moved) return { ...line, kind: 'changed', losers: now.losers };
  const told = new Set(before?.provenance[field]?.losers ?? []);
  const news = now.losers.filter((claim) => !told.has(loserId(claim)));
  if (news.length === 0) return undefined;
  return { ...line, kind: 'overridden', losers: news };
}

function toStored(golden: GoldenFields): StoredGolden {
  const fields: Record<string, JsonValue> = {};
  const provenance: Record<string, Provenance> = {};
  for (const field of Object.keys(golden).sort()) {
    const decided = golden[field];
    if (decided === undefined) continue;
    fields[field] = decided.value;
    provenance[field] = {
      record: decided.winner.record,
      connection: decided.winner.connection,
      at: decided.winner.at,
      origin: decided.origin,
      rule: decided.rule,
      ...(decided.losers.length > 0 && { losers: decided.losers.map(loserId).sort() }),
      ...(decided.undecided && { undecided: true as const }),
      ...(decided.removed && { removed: decided.removed }),
    };
  }
  return { fields, provenance };
}

/** PostgreSQL's jsonb keeps no order of keys; compared documents need one. */
function ordered(stored: StoredGolden): StoredGolden {
  const fields: Record<string, JsonValue> = {};
  const provenance: Record<string, Provenance> = {};
  for (const field of Object.keys(stored.fields).sort()) {
    const value = stored.fields[field];
    const from = stored.provenance[field];
    if (value === undefined || from === undefined) continue;
    fields[field] = value;
    provenance[field] = {
      record: from.record,
      connection: from.connection,
      at: from.at,
      origin: from.origin,
      rule: from.rule,
      ...(from.losers && { losers: [...from.losers].sort() }),
      ...(from.undecided && { undecided: true as const }),
      ...(from.removed && { removed: from.removed }),
    };
  }
  return { fields, provenance };
}

/** Of lists of links, the golden ids that somebody took out, by field. */
export function removedLinks(
  provenance: StoredGolden['provenance'],
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(provenance).flatMap(([field, { removed }]) =>
      removed === undefined ? [] : [[field, removed]],
    ),
  );
}
