/**
 * What the hub may still call of a vendor's limit a day.
 *
 * share      the part of the limit that the hub may use
 * others     calls of other programs at the same account: the vendor's count less the hub's own
 * urgent     what somebody waits for: records that a webhook named, fresh edits on their way to other systems
 * backfill   what nobody waits for: full reads, first reads, and the writes these cause
 *
 * Back-fill leaves urgent work what it will need until the count begins anew: as much as it needed in the last day, at
 * least a tenth of the share and at most half of it, less as the day goes by.
 */
import { DAY_MS, dayOf } from '../../sdk/index.js';

export type Urgency = 'urgent' | 'backfill';

/** Own calls of a quarter of an hour. */
export interface CallSlot {
  /** Its start, ms since 1970; all begin on a quarter, as midnights do everywhere. */
  readonly at: number;
  readonly urgent: number;
  readonly backfill: number;
}

export const SLOT_MS = 15 * 60_000;

/** What is known of a connection's calls. */
export interface QuotaState {
  readonly day: 'calendar' | 'rolling';
  readonly timeZone: string | null;
  /** Calls that the vendor allows a day; null while it has not said. */
  readonly limit: number | null;
  /** Calls of other programs when the vendor last told its count, at `seenAt`. */
  readonly others: number;
  readonly seenAt: number | null;
  /** When the vendor last refused a call because the day's are used up. */
  readonly exhaustedAt: number | null;
  readonly slots: readonly CallSlot[];
}

/** The share where the configuration says none. */
export const DEFAULT_PERCENT = 80;
/** This part of the limit is never taken unless the share leaves less to others. */
const OTHERS_PERCENT = 5;
/** Where a count rolls, what others use, or a vendor that refused, is looked at again after so long. */
const LOOK_AGAIN_MS = SLOT_MS;
const MINUTE_MS = 60_000;
/** A share is given out in so many parts … */
const TURNS = 20;
/** … of so many calls at least: to begin takes some too. */
const SHORTEST_TURN = 10;

/** A state as seen at one time; what it says of later times holds if nobody calls in between. */
export class Budget {
  readonly limit: number | null;
  /** Calls a day that the hub may make; Infinity where there is no limit. */
  readonly share: number;
  private readonly ceiling: number;
  private readonly today: { readonly start: number; readonly end: number };

  constructor(
    private readonly state: QuotaState,
    private readonly at: { readonly percent: number; readonly now: number },
  ) {
    const { percent, now } = at;
    const limit = state.limit ?? Infinity;
    this.limit = state.limit;
    this.share = limit === Infinity ? Infinity : Math.max(1, Math.floor((limit * percent) / 100));
    const othersPart = Math.min(OTHERS_PERCENT, 100 - percent) / 100;
    this.ceiling = limit === Infinity ? Infinity : limit - Math.floor(limit * othersPart);
    this.today =
      state.day === 'calendar'
        ? dayOf(now, state.timeZone)
        : { start: now - DAY_MS, end: now + DAY_MS + SLOT_MS };
  }

  /** Own calls of the present day, or of the last 24 hours where the vendor counts so. */
  ours(at = this.at.now): number {
    const { day, slots } = this.state;
    let sum = 0;
    for (const slot of slots) {
      const counts = day === 'calendar' ? slot.at >= this.today.start : slot.at + SLOT_MS > at - DAY_MS;
      if (counts) sum += slot.urgent + slot.backfill;
    }
    return sum;
  }

  /** Calls of other programs, as far as known. */
  others(): number {
    const { seenAt, others } = this.state;
    return seenAt === null || seenAt < this.today.start ? 0 : others;
  }

  /** Calls that may still be made; Infinity where there is no limit. */
  left(urgency: Urgency, at = this.at.now): number {
    const refused = this.refusedUntil();
    if (refused !== null && at < refused) return 0;
    if (this.share === Infinity) return Infinity;
    const kept = urgency === 'urgent' ? 0 : this.reserve(at);
    const own = this.share - this.ours(at) - kept;
    const left = Math.min(own, this.leftByOthers(at) - kept);
    const look = this.mayLookAgain(at) ? Math.min(own, this.enough()) : 0;
    return Math.max(0, left, look);
  }

  /** When there is enough to begin again, ms; null while there is something. */
  until(urgency: Urgency): number | null {
    if (this.left(urgency) > 0) return null;
    for (let at = nextMinute(this.at.now); at < this.today.end; at += MINUTE_MS) {
      if (this.left(urgency, at) >= this.enough()) return at;
    }
    return this.today.end;
  }

  /** When calls made now count no more, ms. */
  renewal(): number {
    return this.state.day === 'calendar' ? this.today.end : this.at.now + DAY_MS;
  }

  /** What ends first: the hub's share, what other programs leave, or the vendor's patience. */
  bound(): 'share' | 'others' | 'vendor' {
    if (this.refusedUntil() !== null) return 'vendor';
    return this.leftByOthers(this.at.now) < this.share - this.ours() ? 'others' : 'share';
  }

  /** Calls after which it is the turn of other back-fill: reads and writes share what there is. */
  turn(): number {
    return this.share === Infinity ? Infinity : Math.max(SHORTEST_TURN, Math.ceil(this.share / TURNS));
  }

  private leftByOthers(at: number): number {
    return this.ceiling - this.ours(at) - this.others();
  }

  /** Others' calls of a rolling day pass too: a few calls are let through from time to time to see how many are left. */
  private mayLookAgain(at: number): boolean {
    const { day, seenAt } = this.state;
    return day === 'rolling' && this.others() > 0 && (seenAt ?? 0) + LOOK_AGAIN_MS <= at;
  }

  /** Fewer calls are not worth beginning. */
  private enough(): number {
    return this.share === Infinity ? 1 : Math.max(1, Math.floor(this.share / 100));
  }

  private reserve(at: number): number {
    let lastDay = 0;
    for (const slot of this.state.slots) if (slot.at + SLOT_MS > at - DAY_MS) lastDay += slot.urgent;
    const ahead = this.state.day === 'rolling' ? 1 : (this.today.end - at) / DAY_MS;
    return Math.floor(Math.min(this.share / 2, Math.max(this.share / 10, lastDay) * ahead));
  }

  /** A vendor that refused calls for the day is believed; null when it did not, or that is over. */
  private refusedUntil(): number | null {
    const { day, exhaustedAt } = this.state;
    if (exhaustedAt === null || exhaustedAt < this.today.start) return null;
    const until = day === 'calendar' ? this.today.end : exhaustedAt + LOOK_AGAIN_MS;
    return until > this.at.now ? until : null;
  }
}

function nextMinute(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
}
