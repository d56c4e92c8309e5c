/**
 * How far a system's clock is ahead of the hub's, from the `Date` header of its answers.
 *
 * The header is cut to whole seconds (RFC 9110, 5.6.7) and was written somewhere between sending and receiving, so
 * one answer only says: the offset lies within an interval. Where the intervals of recent answers overlap, the
 * overlap is far narrower than a second, because seconds turn at another place in each round trip. What most of them
 * agree on counts; an answer that stands alone (a proxy's, a stale one) is outvoted.
 */
export interface ClockSample {
  /** Hub's clock, ms. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** An answer of 500 and above may be a gateway's, with the gateway's clock. */
  readonly status: number;
  /** The `Date` header as received. */
  readonly date: string | undefined;
  /** The `Age` header: an answer out of a cache has the time of another day. */
  readonly age?: string | undefined;
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What so many answers agree on. */
interface Agreement extends Interval {
  readonly votes: number;
}

const RECENT = 32;
/** Fewer answers than this move nothing. */
const QUORUM = 3;
/** So many answers in a row that agree with each other and not with those before them: the clock was set. */
const STEP = 4;
const RESOLUTION_MS = 1000;
/** Servers write the header from a string they renew each second, some a little late. */
const STALE_MS = 50;

export class ClockOffset {
  private intervals: Interval[] = [];
  private agreement: Agreement | undefined;
  private value: number;

  /** @param known what was measured before, by whatever process, ms */
  constructor(known = 0) {
    this.value = known;
  }

  /** What another process measured, ms: it counts while nothing was measured here. */
  assume(known: number): void {
    if (!this.isMeasured()) this.value = known;
  }

  add(sample: ClockSample): void {
    const date = sample.date === undefined || sample.age !== undefined ? NaN : Date.parse(sample.date);
    if (Number.isNaN(date) || sample.status >= 500) return;
    const interval = { low: date - sample.receivedAt, high: date + RESOLUTION_MS + STALE_MS - sample.sentAt };
    this.intervals = [...this.intervals, interval].slice(-RECENT);
    if (this.wasSet()) this.intervals = this.intervals.slice(-STEP);
    this.agreement = agreementOf(this.intervals);
    this.follow();
  }

  /**
   * Server clock minus hub clock, ms. It stays what it was for as long as answers bear it out, so that a time read
   * twice is corrected in one way; and 0 while they fit clocks that agree.
   */
  ms(): number {
    return this.value;
  }

  /**
   * The least it may be, ms: a time on the server's clock reckoned with it is never in the server's future. Here the
   * newest answers count though they stand alone: the clock may just have been put back.
   */
  least(): number {
    const newest = this.intervals.slice(-STEP).map((interval) => interval.low);
    return Math.min(this.agreement?.low ?? this.value, this.value, ...newest);
  }

  private isMeasured(): boolean {
    return (this.agreement?.votes ?? 0) >= QUORUM;
  }

  private follow(): void {
    const { agreement } = this;
    if (agreement === undefined || agreement.votes < QUORUM || within(this.value, agreement)) return;
    this.value = within(0, agreement) ? 0 : Math.round((agreement.low + agreement.high) / 2);
  }

  private wasSet(): boolean {
    const { agreement } = this;
    const newest = this.intervals.slice(-STEP);
    if (agreement === undefined || newest.length < STEP) return false;
    const alone = newest.every((interval) => interval.low > agreement.high || interval.high < agreement.low);
    return alone && agreementOf(newest)?.votes === STEP;
  }
}

function within(value: number, { low, high }: Interval): boolean {
  return value >= low && value <= high;
}

/** The stretch that most intervals share; of several, the one with the newest interval. */
function agreementOf(intervals: readonly Interval[]): Agreement | undefined {
  let best: Agreement | undefined;
  // The most shared stretch begins where some interval begins.
  for (const { low } of [...intervals].reverse()) {
    const sharing = intervals.filter((interval) => within(low, interval));
    if (best !== undefined && sharing.length <= best.votes) continue;
    best = { low, high: Math.min(...sharing.map((interval) => interval.high)), votes: sharing.length };
  }
  return best;
}
