import type { Entity, JsonValue } from '../../sdk/index.js';
import { fieldOf } from '../model/fields.js';
import { comparisonKey, isBlank } from '../normalise/index.js';
import { isReferenceList, observeLinks } from './members.js';
import { isWrittenValue, withoutSending } from './sending.js';
import type { Claim, FieldState, FieldStates } from './state.js';

/** One record as it was just read, in canonical fields. Times are ms since 1970 by the hub's clock. */
export interface Observation {
  readonly fields: Readonly<Record<string, JsonValue>>;
  /** The system's own time per field, where it keeps one. */
  readonly times: Readonly<Record<string, number>>;
  /** The value before the present one, and when it was written, where the system keeps a history. */
  readonly former?: Readonly<Record<string, { readonly value: JsonValue; readonly at: number }>>;
  readonly modifiedAt: number;
  /** Start of the request the values come from. */
  readonly readAt: number;
}

export interface ObserveOptions {
  readonly entity: Entity;
  /** Fields this connection only receives: what stands there is held, and never a claim. */
  readonly pushOnly: ReadonlySet<string>;
  /** Values that are there because the hub made the record, or the system filled them in when it did: no claims. */
  readonly madeByHub: boolean;
}

export interface Observed {
  readonly fields: FieldStates;
  /** Fields for which somebody said something new. */
  readonly edited: readonly string[];
  /** Whether anything remembered changed, claims or held values. */
  readonly changed: boolean;
}

/** The comparison key of a field's value; null is blank. */
export function fieldKey(entity: Entity, field: string, value: JsonValue): string | null {
  return comparisonKey(fieldOf(entity, field)?.type ?? 'any', value);
}

/** Whether two values of a field compare as the same one; both may be blank. */
export function isSameValue(entity: Entity, field: string, a: JsonValue, b: JsonValue): boolean {
  // Most values were not touched at all: no need to normalise them.
  return a === b || fieldKey(entity, field, a) === fieldKey(entity, field, b);
}

/**
 * What is remembered of a record after it was seen again: a value that differs from the one held is somebody's
 * edit and makes a claim; the value held, in whatever spelling, says nothing new. Pure; the same observation twice
 * changes nothing.
 */
export function observe(before: FieldStates, seen: Observation, options: ObserveOptions): Observed {
  const fields: Record<string, FieldState> = { ...before };
  const edited: string[] = [];
  let changed = false;
  for (const [field, value] of Object.entries(seen.fields)) {
    const next = observeField(before[field], field, value, seen, options);
    if (next === before[field]) continue;
    fields[field] = next;
    changed = true;
    if (next.claim !== undefined && next.claim !== before[field]?.claim) edited.push(field);
  }
  return { fields, edited, changed };
}

function observeField(
  before: FieldState | undefined,
  field: string,
  value: JsonValue,
  seen: Observation,
  options: ObserveOptions,
): FieldState {
  const silent = options.pushOnly.has(field) || options.madeByHub;
  if (isReferenceList(options.entity, field)) {
    const at = Math.min(seen.times[field] ?? seen.modifiedAt, seen.readAt);
    return observeLinks(before, { value, at, readAt: seen.readAt }, silent);
  }
  if (before === undefined) {
    if (isBlank(value) || silent) return { held: value };
    return { claim: claimOf(field, value, seen, 'first'), held: value };
  }
  if (isSameValue(options.entity, field, value, before.held)) {
    // The reading began after the write was sent: it was not applied.
    if (before.sending !== undefined && seen.readAt > before.sending.at) return withoutSending(before);
    return writtenOver(before, field, seen, options) ?? reasserted(before, field, seen);
  }
  if (before.sending !== undefined && isWrittenValue(options.entity, field, before.sending, value)) {
    return { ...(before.claim && { claim: before.claim }), held: value, sent: before.sending.mark };
  }
  if (silent) return { ...(before.claim && { claim: before.claim }), held: value };
  const claim = claimOf(field, value, seen, 'record');
  // The later edit of one field of one record is later, whatever an odd clock says.
  const floor = before.claim === undefined ? claim.at : before.claim.at + 1;
  return { claim: { ...claim, at: Math.max(claim.at, floor) }, held: value };
}

/**
 * The hub's own write stands there, and the system's history tells of a value before it that is not the one the hub had
 * read: somebody wrote it in the moment between. It is their claim as if it had been read in time. Undefined where
 * nothing of the kind happened.
 */
function writtenOver(
  before: FieldState,
  field: string,
  seen: Observation,
  { entity, pushOnly }: ObserveOptions,
): FieldState | undefined {
  const { over, claim, held, sent } = before;
  const [former, writtenAt] = [seen.former?.[field], seen.times[field]];
  if (over === undefined || former === undefined || writtenAt === undefined) return undefined;
  // An older one came by another way, such as the history of a record merged into this one.
  if (pushOnly.has(field) || writtenAt - former.at > over.within) return undefined;
  if (isSameValue(entity, field, former.value, over.value) || isSameValue(entity, field, former.value, held))
    return undefined;
  const said = claimOf(field, former.value, { ...seen, times: { [field]: former.at } }, 'record');
  if (claim !== undefined && said.at <= claim.at) return undefined;
  return { claim: said, held, ...(sent !== undefined && { sent }) };
}

/**
 * The value held is seen again. Where the system keeps a time per field and nothing was pushed since the claim, a
 * later time means that somebody said the same again (changed it and changed it back between two reads). An earlier one
 * takes the place of the record's, which only said that it was not later.
 */
function reasserted(before: FieldState, field: string, seen: Observation): FieldState {
  const at = seen.times[field];
  if (at === undefined || before.claim === undefined || before.sent !== undefined) return before;
  if (before.claim.origin === 'hub') return before;
  if (at < before.claim.at && before.claim.origin === 'record')
    return { ...before, claim: claimOf(field, before.claim.value, seen, 'record') };
  if (at <= (before.claim.ahead ?? before.claim.at)) return before;
  const claim = claimOf(field, before.claim.value, seen, 'record');
  return claim.at <= before.claim.at ? before : { ...before, claim };
}

function claimOf(field: string, value: JsonValue, seen: Observation, otherwise: 'first' | 'record'): Claim {
  const own = seen.times[field];
  // Nobody can have said it after it was read: a clock that runs ahead must not win for ever.
  const at = Math.min(own ?? seen.modifiedAt, seen.readAt);
  const ahead = own !== undefined && own > at ? { ahead: own } : {};
  return { value, at, origin: own === undefined ? otherwise : 'field', ...ahead };
}
