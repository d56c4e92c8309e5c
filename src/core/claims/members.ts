import type { Entity, JsonValue } from '../../sdk/index.js';
import { fieldOf } from '../model/fields.js';
import { comparisonKey } from '../normalise/index.js';
import { withoutSending } from './sending.js';
import type { Claim, ClaimMember, FieldState } from './state.js';

/**
 * Lists of links are remembered link by link: two people who each add somebody to a deal have both added one, and only
 * a link that was known and is gone has been removed. What was never there says nothing.
 */
export function isReferenceList(entity: Entity, field: string): boolean {
  return fieldOf(entity, field)?.type === 'references';
}

/** Links of a value, by their comparison key. */
export function linksIn(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> {
  const entries = Array.isArray(value) ? (value as readonly JsonValue[]) : [value ?? null];
  return new Map(
    entries.flatMap((entry) => {
      const key = comparisonKey('reference', entry);
      return key === null ? [] : [[key, entry] as const];
    }),
  );
}

/** What a claim of links says of each; a claim without members says that all in its value are there. */
export function membersOf(claim: Claim): readonly ClaimMember[] {
  if (claim.members !== undefined) return claim.members;
  return [...linksIn(claim.value).values()].map((ref) => ({ ref, at: claim.at, there: true }));
}

/**
 * A list of links seen again: each link that came or went makes a statement of its own, unless it is the hub's own
 * write under way that shows.
 *
 * @param at ms: when somebody said so, at the latest
 */
export function observeLinks(
  before: FieldState | undefined,
  seen: { readonly value: JsonValue; readonly at: number; readonly readAt: number },
  silent: boolean,
): FieldState {
  const now = linksIn(seen.value);
  if (before === undefined) {
    if (silent || now.size === 0) return { held: seen.value };
    const members = [...now.values()].map((ref) => ({ ref, at: seen.at, there: true }));
    return { claim: claimOf(members, 'first'), held: seen.value };
  }
  const was = linksIn(before.held);
  const news = [
    ...[...now].filter(([key]) => !was.has(key)).map(([key, ref]) => ({ key, ref, there: true })),
    ...[...was].filter(([key]) => !now.has(key)).map(([key, ref]) => ({ key, ref, there: false })),
  ];
  if (news.length === 0) {
    return before.sending !== undefined && seen.readAt > before.sending.at ? withoutSending(before) : before;
  }
  const written = before.sending === undefined ? undefined : linksIn(before.sending.value);
  const said = silent ? [] : news.filter(({ key, there }) => written?.has(key) !== there);
  if (said.length === 0) return { ...(before.claim && { claim: before.claim }), held: seen.value };
  const known = new Map(
    (before.claim === undefined ? [] : membersOf(before.claim)).map((member) => [keyOf(member.ref), member]),
  );
  for (const { key, ref, there } of said) {
    const floor = (known.get(key)?.at ?? 0) + 1;
    known.set(key, { ref, at: Math.max(seen.at, floor), there });
  }
  return { claim: claimOf([...known.values()], 'record'), held: seen.value };
}

/** A person's list in the hub, set against what stood there: what is new was added, what is missing removed. */
export function saidLinks(
  before: Claim | undefined,
  given: { readonly now: readonly JsonValue[]; readonly was: readonly JsonValue[]; readonly at: number },
): Pick<Claim, 'value' | 'members'> {
  const now = linksIn(given.now);
  const gone = [...linksIn(given.was)].filter(([key]) => !now.has(key));
  const known = new Map((before === undefined ? [] : membersOf(before)).map((one) => [keyOf(one.ref), one]));
  for (const [key, ref] of now) known.set(key, { ref, at: given.at, there: true });
  for (const [key, ref] of gone) known.set(key, { ref, at: given.at, there: false });
  return { value: [...now.values()], members: [...known.values()] };
}

function claimOf(members: readonly ClaimMember[], origin: Claim['origin']): Claim {
  const value = members.filter((member) => member.there).map((member) => member.ref);
  return { value, at: Math.max(...members.map((member) => member.at)), origin, members };
}

function keyOf(ref: JsonValue): string {
  return comparisonKey('reference', ref) ?? '';
}
