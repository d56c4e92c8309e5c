/**
 * Why a record is not identical everywhere.
 *
 * missing-record    the system holds it, and the hub never read it
 * missed-change     the system holds another value than the hub believes, since before the last read
 * missed-deletion   the hub believes it is there, and it is gone
 * not-read-yet      changed, made or deleted since the last read: the next one brings it
 * pending           a write to it, or the work before that, waits
 * open-issue        a write to it was refused: see the issue
 * one-way           it differs only in fields that the hub does not write there, as configured: counts as identical
 * unexplained       it differs, and nothing is under way
 */
export const REASONS = [
  'missing-record',
  'missed-change',
  'missed-deletion',
  'not-read-yet',
  'pending',
  'open-issue',
  'one-way',
  'unexplained',
] as const;

export type Reason = (typeof REASONS)[number];

/** A cursor, or a webhook, should have brought these. */
export const MISSED: ReadonlySet<Reason> = new Set(['missing-record', 'missed-change', 'missed-deletion']);

/** What an audit that repairs takes in, or has looked at again. */
export const REPAIRED: ReadonlySet<Reason> = new Set([...MISSED, 'unexplained']);

export interface Finding {
  readonly externalId: string;
  readonly recordId: string | null;
  readonly goldenId: string | null;
  readonly reason: Reason;
  readonly fields: readonly string[];
}
