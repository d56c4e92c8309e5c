import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { createRateLimiter, type FinishedCall } from '../platform/http/index.js';
import type { CallQuota } from '../sdk/index.js';
import { createTestClock, type TestClock } from '../sdk/testing/index.js';
import { exchange } from './call-ledger.repository.js';
import { CallMeter } from './call-meter.js';

const NOON = Date.UTC(2026, 10, 22, 12);
const LIMITS = [{ bucket: 'default', calls: 100, perMs: 10_000 }];

/** The vendor's count stands in a header: `used/limit`, or `no` when it refuses. */
const QUOTA: CallQuota = {
  day: 'calendar',
  read: ({ headers }) => {
    const [used, limit] = (headers['count'] ?? '').split('/').map(Number);
    if (headers['count'] === 'no') return { exhausted: true };
    return used === undefined || limit === undefined ? undefined : { day: { used, limit } };
  },
};

describe('the count of calls', () => {
  let test: TestDatabase;
  let clock: TestClock;
  let connectionId: string;
  let statements: number;
  let meters: CallMeter[];

  beforeAll(async () => {
    test = await createTestDatabase();
  });
  afterAll(async () => {
    await test.drop();
  });
  beforeEach(() => {
    clock = createTestClock({ now: NOON });
    connectionId = randomUUID();
    statements = 0;
    meters = [];
  });
  afterEach(async () => {
    for (const meter of meters) await meter.close();
  });

  /** One process of several at the same system. */
  function process() {
    const limiter = createRateLimiter(LIMITS, clock);
    const processId = randomUUID();
    const meter = new CallMeter({
      connectionId,
      quota: QUOTA,
      limiter,
      now: () => clock.now(),
      exchange: (entry) => {
        statements += 1;
        return exchange(test.database.prisma, { ...entry, processId });
      },
      onError: (error) => {
        throw error;
      },
    });
    meters.push(meter);
    const call = async (count?: string): Promise<void> => {
      await meter.budget(50);
      const ended = meter.begin('urgent');
      const release = await limiter.acquire('default');
      release();
      const headers: Record<string, string> = count === undefined ? {} : { count };
      const response = { status: 200, headers, body: new Uint8Array() };
      const request = { method: 'GET', url: 'https://system.example/' };
      const finished: FinishedCall = {
        request,
        bucket: 'default',
        startedAt: clock.now(),
        endedAt: clock.now(),
        response,
        error: undefined,
      };
      ended(finished);
    };
    return { meter, call, limiter };
  }

  it('is one for all processes, with what other programs used', async () => {
    const [one, other] = [process(), process()];
    for (let calls = 1; calls <= 10; calls += 1) await one.call(`${String(calls + 200)}/1000`);
    await one.meter.exchange();
    const seen = await other.meter.budget(50);
    expect([seen.limit, seen.share, seen.ours(), seen.others()]).toEqual([1000, 500, 10, 200]);
    await other.call();
    await other.meter.exchange();
    expect((await one.meter.latest(50)).left('urgent')).toBe(489);
  });

  it('takes a statement now and then, and not one a call', async () => {
    const one = process();
    for (let calls = 1; calls <= 100; calls += 1) await one.call(`${String(calls)}/100000`);
    expect(statements).toBeLessThanOrEqual(5);
  });

  it('is put together more often when little is left', async () => {
    const one = process();
    for (let calls = 1; calls <= 20; calls += 1) await one.call(`${String(calls)}/60`);
    expect((await one.meter.budget(50)).left('urgent')).toBe(10);
    expect(statements).toBeGreaterThanOrEqual(15);
  });

  it('knows in all processes that the vendor takes no more, until it answers again', async () => {
    const [one, other] = [process(), process()];
    await one.call('no');
    await one.meter.exchange();
    expect((await other.meter.latest(50)).left('urgent')).toBe(0);
    clock.advance(1000);
    await other.call('5/1000');
    await other.meter.exchange();
    expect((await one.meter.latest(50)).left('urgent')).toBeGreaterThan(400);
  });

  it('does not count a call that was not made after all', async () => {
    const one = process();
    await one.meter.budget(50);
    one.meter.begin('backfill')(undefined);
    await one.meter.exchange();
    expect((await one.meter.latest(50)).ours()).toBe(0);
  });

  it('keeps processes together within the limit of an interval', async () => {
    const [one, other] = [process(), process()];
    for (let calls = 0; calls < 90; calls += 1) await one.call();
    await one.meter.exchange();
    clock.advance(3000);
    const began = clock.now();
    for (let calls = 0; calls < 30; calls += 1) await other.call();
    // Ten fit beside those of the other process; the rest waits until these leave the window.
    expect(clock.now() - began).toBeGreaterThanOrEqual(6500);
  });
});
