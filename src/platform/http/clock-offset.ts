/**
 * How far a system's clock is ahead of the hub's, from the `Date` header of its answers.
 *
 * The header is cut to whole seconds (RFC 9110, 5.6.7) and was written somewhere between sending and receiving, so
 * one answer only says: the offset lies within an interval. Where the intervals of recent answers overlap, the
 * overlap is far narrower than a second, because seconds turn at another place in each round trip.
 */
export interface ClockSample {
  /** Hub's clock, ms. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** The `Date` header as received. */
  readonly date: string | undefined;
  /** The `Age` header: an answer out of a cache has the time of another day. */
  readonly age?: string | undefined;
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

const RECENT = 32;
const RESOLUTION_MS = 1000;

export class ClockOffset {
  private readonly intervals: Interval[] = [];

  add(sample: ClockSample): void {
    const date = sample.date === undefined || sample.age !== undefined ? NaN : Date.parse(sample.date);
    if (Number.isNaN(date)) return;
    this.intervals.push({ low: date - sample.receivedAt, high: date + RESOLUTION_MS - sample.sentAt });
    if (this.intervals.length > RECENT) this.intervals.shift();
  }

  /**
   * Server clock minus hub clock in ms. 0 while nothing was measured, and while all that was measured fits clocks
   * that agree: a correction made of noise would be worse than none.
   */
  ms(): number {
    if (this.intervals.length === 0) return 0;
    const low = Math.max(...this.intervals.map((interval) => interval.low));
    const high = Math.min(...this.intervals.map((interval) => interval.high));
    // No overlap: a clock was set meanwhile, or one answer carries a wrong date. The median bears both.
    if (low > high) return nearest(median(this.intervals.map(middle)), RESOLUTION_MS / 2);
    return low <= 0 && high >= 0 ? 0 : middle({ low, high });
  }
}

function middle(interval: Interval): number {
  return Math.round((interval.low + interval.high) / 2);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** What is within the tolerance of nothing is nothing. */
function nearest(value: number, tolerance: number): number {
  return Math.abs(value) <= tolerance ? 0 : value;
}
