import type { RateLimit } from './connector.js';

/** So many steps a window is told to others in: exact enough, and a few numbers only. */
const STEPS = 20;

/** The answered calls that still count against one limit, oldest first; this process's own and those of others. */
export class CallWindow {
  private own: number[] = [];
  private first = 0;
  private others: (readonly [at: number, calls: number])[] = [];

  constructor(private readonly limit: RateLimit) {}

  add(now: number): void {
    this.own.push(now);
  }

  /** Others' calls, by when they ended; they take the place of those told before. */
  countIn(calls: readonly (readonly [at: number, calls: number])[]): void {
    this.others = [...calls].sort(([a], [b]) => a - b);
  }

  /** Own calls that still count, put together by when they ended; never earlier than they did. */
  ended(now: number): readonly (readonly [at: number, calls: number])[] {
    this.forget(now);
    const step = Math.max(1, Math.ceil(this.limit.perMs / STEPS));
    const steps = new Map<number, number>();
    for (const at of this.own.slice(this.first)) {
      const end = Math.ceil(at / step) * step;
      steps.set(end, (steps.get(end) ?? 0) + 1);
    }
    return [...steps];
  }

  /**
   * ms until one more call fits; Infinity when only an answer can make room.
   *
   * @param parties processes that call just now, this one among them: each leaves the others their part
   */
  wait(now: number, { inFlight, parties }: { readonly inFlight: number; readonly parties: number }): number {
    const { calls, perMs } = this.limit;
    this.forget(now);
    const own = this.own.length - this.first;
    const part = Math.ceil(calls / parties);
    const others = this.others.reduce((sum, [, count]) => sum + count, 0);
    if (own + inFlight < part && own + inFlight + others < calls) return 0;
    if (inFlight >= part) return Infinity;
    // Enough of the oldest must leave for the call to fit beside those under way.
    const ownLeaving = this.own[this.own.length - (part - inFlight)];
    if (others === 0) return (ownLeaving ?? now) + perMs - now;
    const oldest = Math.min(this.own[this.first] ?? Infinity, this.others[0]?.[0] ?? Infinity);
    return Math.max(1, oldest + perMs - now);
  }

  /**
   * ms to leave since the last call before another, so that a stream of calls never fills the window and then stands still
   * until it empties: what is left of it, spread over the time until the oldest call leaves. 0 while half is left.
   */
  gap(now: number, inFlight: number): number {
    const { calls, perMs } = this.limit;
    this.forget(now);
    const own = this.own.length - this.first;
    const used = own + inFlight + this.others.reduce((sum, [, count]) => sum + count, 0);
    if (used < calls / 2) return 0;
    const oldest = Math.min(this.own[this.first] ?? now, this.others[0]?.[0] ?? now);
    const spread = (oldest + perMs - now) / Math.max(1, calls - used);
    return Math.max(0, (this.own.at(-1) ?? now) + spread - now);
  }

  private forget(now: number): void {
    const counts = ([at]: readonly [number, number]): boolean => at + this.limit.perMs > now;
    if (!this.others.every(counts)) this.others = this.others.filter(counts);
    while (this.first < this.own.length && (this.own[this.first] ?? 0) + this.limit.perMs <= now)
      this.first += 1;
    if (this.first <= this.limit.calls) return;
    this.own = this.own.slice(this.first);
    this.first = 0;
  }
}
