/**
 * What the hub remembers of one source record.
 *
 * claim  the last value somebody wrote there, with the time it came to say so
 * held   the value the system holds now; a push changes only this
 * sent   digest of the golden value last pushed: while it is the golden value, `held` is what the system made of it
 * sending  a write whose answer is not known yet: it may have been applied, or not
 * over   what the last write went over, as far as the hub knew
 */
import type { JsonValue } from '../../sdk/index.js';

/**
 * How good the time of a claim is:
 * field   the system keeps a time for this field
 * record  the record's modified time, given to a field seen to differ from before
 * first   first contact: the record's modified time, only an upper bound
 * hub     a person said so in the hub
 */
export type ClaimOrigin = 'field' | 'record' | 'first' | 'hub';

/** What somebody said of one link of a list of links. */
export interface ClaimMember {
  readonly ref: JsonValue;
  /** ms since 1970, hub's clock. */
  readonly at: number;
  /** false: it was there, and somebody took it out. */
  readonly there: boolean;
}

export interface Claim {
  readonly value: JsonValue;
  /** ms since 1970, hub's clock (the system's time corrected by the measured offset). */
  readonly at: number;
  readonly origin: ClaimOrigin;
  /** ms: the system's own time where it lay in the future when it was read, by a clock that runs ahead. */
  readonly ahead?: number;
  /** Lists of links only: link by link; `value` holds those that are there. */
  readonly members?: readonly ClaimMember[];
}

/** A write under way; stored before the call, so that a crash or a lost answer cannot make a claim of it. */
export interface Sending {
  readonly value: JsonValue;
  /** Digest of the golden value: `sent` once it is known to be applied. */
  readonly mark: string;
  /** ms, hub's clock: start of the call. */
  readonly at: number;
}

/** What a write went over. A record is looked at before it is written, and somebody may be faster still. */
export interface Overwritten {
  /** The value that was last read there. */
  readonly value: JsonValue;
  /** ms from when the record was last seen, or written, to the answer of the write. */
  readonly within: number;
}

export interface FieldState {
  readonly claim?: Claim;
  readonly held: JsonValue;
  readonly sent?: string;
  readonly sending?: Sending;
  readonly over?: Overwritten;
}

export type FieldStates = Readonly<Record<string, FieldState>>;

/**
 * What a record can be recognised by: what somebody wrote there, or what stood there before the hub wrote anything.
 * A pushed value never serves: it would tie the record to the customer it was pushed for.
 */
export function identityFields(fields: FieldStates): Readonly<Record<string, JsonValue>> {
  const own: Record<string, JsonValue> = {};
  for (const [field, state] of Object.entries(fields)) {
    if (state.claim !== undefined) own[field] = state.claim.value;
    else if (state.sent === undefined) own[field] = state.held;
  }
  return own;
}
