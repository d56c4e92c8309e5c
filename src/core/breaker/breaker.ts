import type { Entity } from '../../sdk/index.js';

/** From where on a change is so large that a person should see it first. */
export interface BreakerLimits {
  /** Of the records that the system holds. */
  readonly percent: number;
  /** Fewer records than these never trip it. */
  readonly atLeast: number;
}

export const DEFAULT_LIMITS: BreakerLimits = { percent: 20, atLeast: 500 };

/** Records of one entity that a run would write, or has written, in one connection. */
export interface WriteCounts {
  readonly create: number;
  readonly update: number;
  readonly archive: number;
  /** Written by the run already. */
  readonly written: number;
}

/**
 * first  the system holds records and was never written: somebody looks at what would happen first
 * many   more than the set share of its records
 */
export type HoldReason = 'first' | 'many';

export interface WritesToJudge {
  /** By entity; what is not there is nothing. */
  readonly counts: Readonly<Partial<Record<Entity, WriteCounts>>>;
  /** Live records that the system holds. */
  readonly records: Readonly<Partial<Record<Entity, number>>>;
  /** False: the breaker is off. */
  readonly limits: Readonly<Partial<Record<Entity, BreakerLimits | false>>>;
  /** Whether it may be written without asking for the first time. */
  readonly cleared: boolean;
}

export function affected(counts: WriteCounts): number {
  return counts.create + counts.update + counts.archive + counts.written;
}

export function isTooMany(count: number, records: number, limits: BreakerLimits): boolean {
  return count >= limits.atLeast && count * 100 > limits.percent * records;
}

/** Whether writes may go, or why they wait for a person. Pure. */
export function judgeWrites({ counts, records, limits, cleared }: WritesToJudge): 'open' | HoldReason {
  const guarded = (Object.entries(counts) as [Entity, WriteCounts][]).flatMap(([entity, count]) => {
    const limit = limits[entity] ?? DEFAULT_LIMITS;
    return limit === false ? [] : [{ count: affected(count), records: records[entity] ?? 0, limit }];
  });
  const isHeld = Object.values(records).some((count) => count > 0);
  if (!cleared && isHeld && guarded.some(({ count }) => count > 0)) return 'first';
  return guarded.some((one) => isTooMany(one.count, one.records, one.limit)) ? 'many' : 'open';
}
