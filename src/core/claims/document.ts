/**
 * What is remembered of a record, as it is stored: short, for there is one of these for every record there is. Most
 * values of most records were said at the same time and stand there as they were said; such a value stands alone.
 *
 *     {"@": [1767225600000, "first"], "givenName": "Ann", "jobTitle": null, "phone": {"v": "+49 30 1", "at": 17…},
 *      "email": {"claim": {…}, "held": "…", "sent": "=…"}}
 *
 * "@"        time and origin of the record's first claim
 * a scalar   said then, and held as it was said; null: held, and never claimed
 * { v }      the same for lists and structures, and for values said at another time (at) or known otherwise (origin)
 * { held }   everything else, in full
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../sdk/index.js';
import type { Claim, ClaimOrigin, FieldState, FieldStates } from './state.js';

const COMMON = '@';

type Stamp = readonly [at: number, origin: ClaimOrigin];

export function toDocument(states: FieldStates): JsonObject {
  const document: Record<string, JsonValue> = {};
  let common: Stamp | undefined;
  for (const [field, state] of Object.entries(states)) {
    const { claim } = state;
    if (claim !== undefined && common === undefined) {
      common = [claim.at, claim.origin];
      document[COMMON] = common;
    }
    document[field] = shortened(state, common);
  }
  return document;
}

function shortened(state: FieldState, common: Stamp | undefined): JsonValue {
  const { claim, held, sent, sending } = state;
  if (sent !== undefined || sending !== undefined) return { ...state } as unknown as JsonObject;
  if (claim === undefined) return held === null ? null : { held };
  if (common === undefined || !isPlain(claim) || !isSameJson(claim.value, held))
    return { ...state } as unknown as JsonObject;
  const [at, origin] = common;
  if (claim.at === at && claim.origin === origin && held !== null && typeof held !== 'object') return held;
  return {
    v: held,
    ...(claim.at !== at && { at: claim.at }),
    ...(claim.origin !== origin && { origin: claim.origin }),
  };
}

/** Nothing but value, time and origin: a claim may carry more, such as who said so in the hub. */
function isPlain(claim: Claim): boolean {
  return Object.keys(claim).length === 3;
}

function isSameJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}

/** Reads what {@link toDocument} wrote, and documents from before it was short. */
export function fromDocument(document: JsonObject): FieldStates {
  const stamp = document[COMMON];
  const common = Array.isArray(stamp) ? (stamp as unknown as Stamp) : undefined;
  const states: Record<string, FieldState> = {};
  for (const [field, value] of Object.entries(document)) {
    if (field !== COMMON) states[field] = lengthened(value, common);
  }
  return states;
}

function lengthened(value: JsonValue, common: Stamp | undefined): FieldState {
  if (value === null) return { held: null };
  if (!isJsonObject(value)) return { claim: claimOf(value, common, {}), held: value };
  const held = value['v'];
  if (held === undefined) return value as unknown as FieldState;
  return { claim: claimOf(held, common, value), held };
}

function claimOf(value: JsonValue, common: Stamp | undefined, own: JsonObject): Claim {
  const at = typeof own['at'] === 'number' ? own['at'] : (common?.[0] ?? 0);
  const origin = (own['origin'] as ClaimOrigin | undefined) ?? common?.[1] ?? 'record';
  return { value, at, origin };
}
