/** What placing comes to; the shell stores it. */
import type { MatchRule } from './comparison.js';

/** Put an unlinked record on a golden record. */
export interface LinkOperation {
  readonly kind: 'link';
  readonly recordId: string;
  readonly goldenId: string;
  readonly rule: MatchRule;
}

/** Make a golden record of unlinked ones that match one another. `rule` is `new` for a record that matched none. */
export interface CreateGoldenOperation {
  readonly kind: 'create';
  readonly records: readonly { readonly recordId: string; readonly rule: MatchRule | 'new' }[];
}

/** One golden record takes in another, with all its records. */
export interface MergeOperation {
  readonly kind: 'merge';
  readonly survivor: string;
  readonly merged: string;
  readonly rule: MatchRule;
  readonly reason: string;
}

/** A pair for a person to judge. `a` is the older record. */
export interface CandidateOperation {
  readonly kind: 'candidate';
  readonly a: string;
  readonly b: string;
  readonly rule: MatchRule;
  readonly reason: string;
}

export type PlaceOperation = MergeOperation | LinkOperation | CreateGoldenOperation | CandidateOperation;
