import type { Claim, ClaimOrigin } from '../core/claims/index.js';
import type { JsonValue } from '../sdk/index.js';

/** A claim as people see it. */
export interface ClaimView {
  readonly value: JsonValue;
  /** ISO 8601. */
  readonly at: string;
  readonly origin: ClaimOrigin;
  /** How good the time is, in words. */
  readonly timeNote: string;
  /** Who said so in the hub. */
  readonly by?: string;
}

/** A claim that a person made in the hub, with who it was. */
export interface HubClaim extends Claim {
  readonly by: string;
}

const TIME_NOTES: Readonly<Record<ClaimOrigin, string>> = {
  field: "The system's own time of this field.",
  record: "The record's modified time when this field was seen to have changed.",
  first:
    "First contact: the record's modified time, only an upper bound. The value may have stood there long before.",
  hub: 'Said in the hub at this time.',
};

export function timeNote(origin: ClaimOrigin): string {
  return TIME_NOTES[origin];
}

export function claimView(claim: Claim): ClaimView {
  const by: unknown = 'by' in claim ? claim.by : undefined;
  return {
    value: claim.value,
    at: isoTime(claim.at),
    origin: claim.origin,
    timeNote: timeNote(claim.origin),
    ...(typeof by === 'string' && { by }),
  };
}

/** ms since 1970 as ISO 8601; times beyond what a calendar holds become its ends. */
export function isoTime(ms: number): string {
  const most = 8.64e15;
  return new Date(Math.min(Math.max(Math.round(ms), -most), most)).toISOString();
}
