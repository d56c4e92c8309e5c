import type { Identity } from './identity.js';

/** One source record as placing sees it. */
export interface MatchRecord {
  /** The hub's id of the source record. */
  readonly recordId: string;
  /** Name or id of the connection: only ever compared. */
  readonly connection: string;
  readonly identity: Identity;
  /** The golden record it is linked to. */
  readonly linkedTo: string | null;
  /** Still there in its system. */
  readonly live: boolean;
}

/** A golden record's age: the oldest survives. */
export interface GoldenAge {
  readonly goldenId: string;
  /** ms since 1970. */
  readonly createdAt: number;
}

/** A person's word on two records. */
export interface Decision {
  readonly a: string;
  readonly b: string;
  readonly verdict: 'same' | 'notSame';
}

/** Order of ids: numbers in text by size, others by code unit. The oldest record has the smallest. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length && /^\d+$/.test(a) && /^\d+$/.test(b)) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
