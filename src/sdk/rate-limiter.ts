/**
 * Holds calls to a system's limits. A call takes one of its bucket's places from its start until `perMs` after its
 * answer: the system counts it somewhere in between, so whatever window it counts by never holds more than `calls`.
 */
import type { RateLimit } from './connector.js';
import type { Clock } from './context.js';

export const DEFAULT_BUCKET = 'default';

/** Gives the place back; call it once, when the answer is there or will never be. */
export type Release = () => void;

export interface RateLimiter {
  /** Resolves when a call of this bucket may start, first come first served; rejects when the signal aborts. */
  acquire(bucket: string, signal?: AbortSignal): Promise<Release>;
  /** Nothing of the bucket starts before `until` (ms, hub's clock); the latest of several pauses holds. */
  pause(bucket: string, until: number): void;
}

export function createRateLimiter(limits: readonly RateLimit[], clock: Clock): RateLimiter {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (name: string): Bucket => {
    const known = buckets.get(name);
    if (known !== undefined) return known;
    const bucket = new Bucket(
      limits.filter((limit) => limit.bucket === name),
      clock,
    );
    buckets.set(name, bucket);
    return bucket;
  };
  return {
    acquire: (bucket, signal) => bucketOf(bucket).acquire(signal),
    pause: (bucket, until) => {
      bucketOf(bucket).pause(until);
    },
  };
}

class Bucket {
  private readonly windows: readonly Window[];
  private readonly concurrent: number;
  private inFlight = 0;
  private pausedUntil = 0;
  /** Tail of the queue: each waiter starts looking when the one before has its place. */
  private tail: Promise<unknown> = Promise.resolve();
  private released = Promise.withResolvers<unknown>();

  constructor(
    limits: readonly RateLimit[],
    private readonly clock: Clock,
  ) {
    this.windows = limits.map((limit) => new Window(limit));
    this.concurrent = Math.min(Infinity, ...limits.map((limit) => limit.concurrent ?? Infinity));
  }

  pause(until: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, until);
  }

  async acquire(signal: AbortSignal | undefined): Promise<Release> {
    const before = this.tail;
    const turn = Promise.withResolvers<unknown>();
    this.tail = turn.promise;
    try {
      await orAborted(before, signal);
      await this.untilFree(signal);
      return this.take();
    } finally {
      // One that gave up early must not let those behind it overtake those before it.
      void before.then(turn.resolve);
    }
  }

  private async untilFree(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const now = this.clock.now();
      const wait = Math.max(
        this.pausedUntil - now,
        ...this.windows.map((window) => window.wait(now, this.inFlight)),
      );
      if (wait === Infinity || this.inFlight >= this.concurrent)
        await orAborted(this.released.promise, signal);
      else if (wait > 0) await orAborted(this.clock.sleep(wait), signal);
      else return;
    }
  }

  private take(): Release {
    this.inFlight += 1;
    return () => {
      this.inFlight -= 1;
      const now = this.clock.now();
      for (const window of this.windows) window.add(now);
      this.released.resolve(undefined);
      this.released = Promise.withResolvers();
    };
  }
}

/** The answered calls that still count against one limit, oldest first. */
class Window {
  private ended: number[] = [];
  private first = 0;

  constructor(private readonly limit: RateLimit) {}

  add(now: number): void {
    this.ended.push(now);
  }

  /** ms until one more call fits; Infinity when only an answer can make room. */
  wait(now: number, inFlight: number): number {
    const { calls, perMs } = this.limit;
    while (this.first < this.ended.length && (this.ended[this.first] ?? 0) + perMs <= now) this.first += 1;
    if (this.first > calls) {
      this.ended = this.ended.slice(this.first);
      this.first = 0;
    }
    if (this.ended.length - this.first + inFlight < calls) return 0;
    if (inFlight >= calls) return Infinity;
    // Enough of the oldest must leave the window for the call to fit beside those under way.
    const leaving = this.ended.length - (calls - inFlight);
    return (this.ended[leaving] ?? now) + perMs - now;
  }
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    aborted.reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
