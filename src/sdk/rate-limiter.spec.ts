import fc from 'fast-check';
import type { Clock } from './context.js';
import { createRateLimiter, type RateLimiter } from './rate-limiter.js';

/** Timers by hand: `run` moves the time to the next one until nobody waits any more. */
function manualClock(): Clock & { run(): Promise<void> } {
  let now = 0;
  let timers: { at: number; resolve: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };
  return {
    now: () => now,
    sleep: (ms) => new Promise((resolve) => timers.push({ at: now + ms, resolve })),
    run: async () => {
      await settle();
      while (timers.length > 0) {
        now = Math.min(...timers.map((timer) => timer.at));
        const due = timers.filter((timer) => timer.at <= now);
        timers = timers.filter((timer) => timer.at > now);
        for (const timer of due) timer.resolve();
        await settle();
      }
    },
  };
}

interface Call {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

async function drive(
  limiter: RateLimiter,
  clock: ReturnType<typeof manualClock>,
  latencies: readonly number[],
): Promise<Call[]> {
  const calls: Call[] = [];
  const all = latencies.map(async (latency, index) => {
    const release = await limiter.acquire('default');
    const start = clock.now();
    await clock.sleep(latency);
    calls.push({ index, start, end: clock.now() });
    release();
  });
  await clock.run();
  await Promise.all(all);
  return calls.sort((a, b) => a.index - b.index);
}

describe('rate limiter', () => {
  it('lets calls through at once while the window has room, then waits until the oldest leaves it', async () => {
    const clock = manualClock();
    const limiter = createRateLimiter([{ bucket: 'default', calls: 2, perMs: 1000 }], clock);
    const calls = await drive(limiter, clock, [10, 20, 10, 10]);
    expect(calls.map((call) => call.start)).toEqual([0, 0, 1010, 1020]);
  });

  /** Calls one after the other, 25 a second where 19 are allowed; the longest that one of them waits for its place. */
  async function longestWait(leavesGaps: boolean): Promise<number> {
    const clock = manualClock();
    const limiter = createRateLimiter([{ bucket: 'default', calls: 190, perMs: 10_000 }], clock);
    let longest = 0;
    const stream = (async (): Promise<void> => {
      for (let call = 0; call < 800; call += 1) {
        if (leavesGaps) await clock.sleep(limiter.gap('default'));
        const asked = clock.now();
        const release = await limiter.acquire('default');
        longest = Math.max(longest, clock.now() - asked);
        await clock.sleep(40);
        release();
      }
    })();
    await clock.run();
    await stream;
    return longest;
  }

  it('says what to leave between calls, so that a steady stream of them never comes to a standstill', async () => {
    expect(await longestWait(false)).toBeGreaterThan(1_000);
    expect(await longestWait(true)).toBeLessThan(100);
  });

  it('never has more at work at once than allowed', async () => {
    const clock = manualClock();
    const limiter = createRateLimiter([{ bucket: 'default', calls: 100, perMs: 1000, concurrent: 2 }], clock);
    const calls = await drive(limiter, clock, [50, 10, 10, 10]);
    expect(calls.map((call) => call.start)).toEqual([0, 0, 10, 20]);
  });

  it('holds a bucket without a limit to its pause only, and other buckets not at all', async () => {
    const clock = manualClock();
    const limiter = createRateLimiter([], clock);
    limiter.pause('default', 500);
    limiter.pause('default', 200);
    limiter.pause('search', 9000);
    const calls = await drive(limiter, clock, [1, 1]);
    expect(calls.map((call) => call.start)).toEqual([500, 500]);
  });

  it('obeys a pause that comes while calls wait', async () => {
    const clock = manualClock();
    const limiter = createRateLimiter([{ bucket: 'default', calls: 1, perMs: 100 }], clock);
    const first = await limiter.acquire('default');
    const second = limiter.acquire('default').then(() => clock.now());
    limiter.pause('default', 5000);
    first();
    await clock.run();
    expect(await second).toBe(5000);
  });

  it('lets a waiter leave when its signal aborts, and keeps the order of the others', async () => {
    const clock = manualClock();
    const limiter = createRateLimiter([{ bucket: 'default', calls: 10, perMs: 100, concurrent: 1 }], clock);
    const release = await limiter.acquire('default');
    const order: string[] = [];
    const stop = new AbortController();
    const leaving = limiter.acquire('default', stop.signal);
    const staying = ['b', 'c'].map(async (name) => {
      const done = await limiter.acquire('default');
      order.push(name);
      done();
    });
    stop.abort(new Error('stopped'));
    await expect(leaving).rejects.toThrow('stopped');
    expect(order).toEqual([]);
    release();
    await clock.run();
    await Promise.all(staying);
    expect(order).toEqual(['b', 'c']);
  });

  describe('with other processes at the same system', () => {
    const limits = [{ bucket: 'default', calls: 4, perMs: 10_000, concurrent: 4 }];

    it('counts their calls as its own', async () => {
      const clock = manualClock();
      const before = createRateLimiter(limits, clock);
      await drive(before, clock, [2000, 2000, 2000]);
      const after = createRateLimiter(limits, clock);
      after.heed([
        { default: { ...before.use()['default'], waiting: false, pausedUntil: 0, calls: [[2000, 3]] } },
      ]);
      const calls = await drive(after, clock, [10, 10]);
      // One place is free. The other comes when the calls before leave the window.
      expect(calls.map((call) => call.start)).toEqual([2000, 12_000]);
    });

    it('tells what it did: calls that count, those under way among them, and that it waits', async () => {
      const clock = manualClock();
      const limiter = createRateLimiter(limits, clock);
      await drive(limiter, clock, [100, 100, 100]);
      await limiter.acquire('default');
      void limiter.acquire('default');
      limiter.pause('default', 500);
      const use = limiter.use()['default'];
      expect(use).toMatchObject({ waiting: true, pausedUntil: 500 });
      expect(use?.calls).toEqual([
        [500, 3],
        [100, 1],
      ]);
    });

    it('leaves them their part while they call, and takes all when they are done', async () => {
      const clock = manualClock();
      const limiter = createRateLimiter(limits, clock);
      limiter.heed([{ default: { calls: [], waiting: true, pausedUntil: 0 } }]);
      const calls = await drive(limiter, clock, [10, 10, 10, 10]);
      // Two at a time; nothing was heard of the other for long enough when the window has gone by.
      expect(calls.map((call) => call.start)).toEqual([0, 0, 10_010, 10_010]);
    });

    it('obeys the pause that one of them was asked for', async () => {
      const clock = manualClock();
      const limiter = createRateLimiter(limits, clock);
      limiter.heed([{ default: { calls: [], waiting: false, pausedUntil: 7000 } }]);
      expect((await drive(limiter, clock, [10])).map((call) => call.start)).toEqual([7000]);
    });
  });

  it('keeps any window of any system clock within the limit, wherever in a call it is counted', async () => {
    const latencies = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 30 });
    const limits = fc.record({
      calls: fc.integer({ min: 1, max: 5 }),
      perMs: fc.integer({ min: 1, max: 400 }),
    });
    await fc.assert(
      fc.asyncProperty(
        latencies,
        limits,
        fc.integer({ min: 1, max: 6 }),
        async (given, limit, concurrent) => {
          const clock = manualClock();
          const limiter = createRateLimiter([{ bucket: 'default', ...limit, concurrent }], clock);
          const calls = await drive(limiter, clock, given);
          // Counted at the end of the earlier and the start of the later call: the tightest the system may see.
          for (let index = limit.calls; index < calls.length; index += 1) {
            const ends = calls.map((call) => call.end).sort((a, b) => a - b);
            const starts = calls.map((call) => call.start).sort((a, b) => a - b);
            const later = starts[index] ?? 0;
            const earlier = ends[index - limit.calls] ?? 0;
            expect(later - earlier).toBeGreaterThanOrEqual(limit.perMs);
          }
          for (const call of calls) {
            const beside = calls.filter((other) => other.start <= call.start && other.end > call.start);
            expect(beside.length).toBeLessThanOrEqual(concurrent);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
