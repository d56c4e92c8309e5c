/**
 * Holds calls to a system's limits. A call takes one of its bucket's places from its start until `perMs` after its
 * answer: the system counts it somewhere in between, so whatever window it counts by never holds more than `calls`.
 *
 * Several processes that call one system tell each other what they did: each counts the others' calls as its own, and
 * leaves its part to those who are calling just now.
 */
import type { RateLimit } from './connector.js';
import type { Clock } from './context.js';
import { CallWindow } from './call-window.js';

export const DEFAULT_BUCKET = 'default';

/** Gives the place back; call it once, when the answer is there or will never be. */
export type Release = () => void;

/** What one process did with a bucket lately, as told to the others. Times are ms, hub's clock. */
export interface BucketUse {
  /** Calls that still count, by the time they ended; those under way ended just now. */
  readonly calls: readonly (readonly [at: number, calls: number])[];
  /** Somebody waits for a place. */
  readonly waiting: boolean;
  readonly pausedUntil: number;
}

/** By bucket. */
export type LimiterUse = Readonly<Record<string, BucketUse>>;

export interface RateLimiter {
  /** Resolves when a call of this bucket may start, first come first served; rejects when the signal aborts. */
  acquire(bucket: string, signal?: AbortSignal): Promise<Release>;
  /** ms to leave before a call that can wait a little, so that a steady stream of calls flows evenly. */
  gap(bucket: string): number;
  /** Nothing of the bucket starts before `until` (ms, hub's clock); the latest of several pauses holds. */
  pause(bucket: string, until: number): void;
  /** What to tell other processes. */
  use(): LimiterUse;
  /** What other processes told last; replaces what they told before. */
  heed(others: readonly LimiterUse[]): void;
}

export function createRateLimiter(limits: readonly RateLimit[], clock: Clock): RateLimiter {
  const buckets = new Map<string, Bucket>();
  let told: readonly LimiterUse[] = [];
  const bucketOf = (name: string): Bucket => {
    const known = buckets.get(name);
    if (known !== undefined) return known;
    const bucket = new Bucket(
      limits.filter((limit) => limit.bucket === name),
      clock,
    );
    bucket.heed(told.flatMap((use) => use[name] ?? []));
    buckets.set(name, bucket);
    return bucket;
  };
  return {
    acquire: (bucket, signal) => bucketOf(bucket).acquire(signal),
    gap: (bucket) => bucketOf(bucket).gap(),
    pause: (bucket, until) => {
      bucketOf(bucket).pause(until);
    },
    use: () => Object.fromEntries([...buckets].map(([name, bucket]) => [name, bucket.use()])),
    heed: (others) => {
      told = others;
      for (const [name, bucket] of buckets) bucket.heed(others.flatMap((use) => use[name] ?? []));
    },
  };
}

/** A process that called, or waited, so short a time ago is calling still. */
const ACTIVE_MS = 1500;

class Bucket {
  private readonly windows: readonly CallWindow[];
  private readonly concurrent: number;
  private inFlight = 0;
  private waiting = 0;
  private pausedUntil = 0;
  private others: readonly BucketUse[] = [];
  private heededAt = 0;
  /** Tail of the queue: each waiter starts looking when the one before has its place. */
  private tail: Promise<unknown> = Promise.resolve();
  private released = Promise.withResolvers<unknown>();

  constructor(
    limits: readonly RateLimit[],
    private readonly clock: Clock,
  ) {
    this.windows = limits.map((limit) => new CallWindow(limit));
    this.concurrent = Math.min(Infinity, ...limits.map((limit) => limit.concurrent ?? Infinity));
  }

  pause(until: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, until);
  }

  gap(): number {
    const now = this.clock.now();
    return Math.max(0, ...this.windows.map((window) => window.gap(now, this.inFlight)));
  }

  use(): BucketUse {
    const now = this.clock.now();
    // The longest window remembers the most.
    const ended = this.windows.map((window) => window.ended(now));
    const longest = ended.reduce((a, b) => (b.length > a.length ? b : a), []);
    const calls = this.inFlight === 0 ? longest : [...longest, [now, this.inFlight] as const];
    return { calls, waiting: this.waiting > 0, pausedUntil: this.pausedUntil };
  }

  heed(others: readonly BucketUse[]): void {
    this.others = others;
    this.heededAt = this.clock.now();
    const calls = others.flatMap((use) => use.calls);
    for (const window of this.windows) window.countIn(calls);
    this.pause(Math.max(0, ...others.map((use) => use.pausedUntil)));
  }

  async acquire(signal: AbortSignal | undefined): Promise<Release> {
    const before = this.tail;
    const turn = Promise.withResolvers<unknown>();
    this.tail = turn.promise;
    this.waiting += 1;
    try {
      await orAborted(before, signal);
      await this.untilFree(signal);
      return this.take();
    } finally {
      this.waiting -= 1;
      // One that gave up early must not let those behind it overtake those before it.
      void before.then(turn.resolve);
    }
  }

  private async untilFree(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const now = this.clock.now();
      const parties = 1 + this.othersCalling(now);
      const wait = Math.max(
        this.pausedUntil - now,
        ...this.windows.map((window) => window.wait(now, { inFlight: this.inFlight, parties })),
      );
      if (wait === Infinity || this.inFlight >= Math.ceil(this.concurrent / parties))
        await orAborted(this.released.promise, signal);
      else if (wait > 0) await orAborted(this.clock.sleep(wait), signal);
      else return;
    }
  }

  private othersCalling(now: number): number {
    if (this.heededAt + ACTIVE_MS < now) return 0;
    return this.others.filter((use) => use.waiting || use.calls.some(([at]) => at > now - ACTIVE_MS)).length;
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
