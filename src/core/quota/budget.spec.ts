import fc from 'fast-check';
import { DAY_MS, dayOf } from '../../sdk/index.js';
import { Budget, SLOT_MS, type CallSlot, type QuotaState } from './budget.js';

const NOON = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;

const CALENDAR: QuotaState = {
  day: 'calendar',
  timeZone: 'Europe/Berlin',
  limit: 1000,
  others: 0,
  seenAt: NOON,
  exhaustedAt: null,
  slots: [],
};
const ROLLING: QuotaState = { ...CALENDAR, day: 'rolling', timeZone: null };

const slot = (at: number, calls: Partial<CallSlot>): CallSlot => ({ at, urgent: 0, backfill: 0, ...calls });
const see = (state: QuotaState, percent = 50, now = NOON): Budget => new Budget(state, { percent, now });

describe('budget', () => {
  it('is without end where the vendor tells of no limit, until it refuses', () => {
    const free = see({ ...CALENDAR, limit: null, slots: [slot(NOON, { urgent: 1e6 })] });
    expect([free.left('urgent'), free.left('backfill'), free.until('urgent')]).toEqual([
      Infinity,
      Infinity,
      null,
    ]);
    const refused = see({ ...CALENDAR, limit: null, exhaustedAt: NOON - HOUR });
    expect(refused.left('urgent')).toBe(0);
    expect(refused.bound()).toBe('vendor');
    expect(refused.until('urgent')).toBe(Date.parse('2026-11-22T23:00:00Z'));
  });

  it('is the share less what the hub called since midnight of the account', () => {
    const yesterday = slot(Date.parse('2026-11-21T22:45:00Z'), { urgent: 400 });
    const today = slot(Date.parse('2026-11-21T23:00:00Z'), { urgent: 100, backfill: 50 });
    const budget = see({ ...CALENDAR, slots: [yesterday, today] });
    expect(budget.share).toBe(500);
    expect(budget.ours()).toBe(150);
    expect(budget.left('urgent')).toBe(350);
  });

  it('leaves alone what other programs used, and a part that is never taken', () => {
    const budget = see({ ...CALENDAR, others: 900, slots: [slot(NOON, { urgent: 20 })] });
    expect(budget.left('urgent')).toBe(1000 - 50 - 900 - 20);
    expect(budget.bound()).toBe('others');
    // Who asks for all of it gets all of it.
    expect(see({ ...CALENDAR, others: 900 }, 100).left('urgent')).toBe(100);
    // What they used yesterday is over.
    expect(see({ ...CALENDAR, others: 900, seenAt: NOON - DAY_MS }).left('urgent')).toBe(500);
  });

  it('is given out to back-fill in turns, which are not too short to get anywhere', () => {
    expect(see({ ...CALENDAR, limit: 100_000 }).turn()).toBe(2500);
    expect(see({ ...CALENDAR, limit: 20 }).turn()).toBe(10);
    expect(see({ ...CALENDAR, limit: null }).turn()).toBe(Infinity);
  });

  it('keeps back from back-fill what urgent work will need, less as the day goes by', () => {
    expect(see(CALENDAR).left('backfill')).toBeLessThan(500);
    const busy = { ...CALENDAR, slots: [slot(NOON - 12 * HOUR, { urgent: 200 })] };
    const [atNoon, late] = [see(busy), see(busy, 50, NOON + 10.5 * HOUR)];
    expect(atNoon.left('urgent') - atNoon.left('backfill')).toBe(Math.floor((200 * 11) / 24));
    expect(late.left('urgent') - late.left('backfill')).toBeLessThan(10);
    // Never more than half.
    const rush = see({ ...CALENDAR, slots: [slot(NOON - 23 * HOUR, { urgent: 9000 })] });
    expect(rush.left('backfill')).toBeGreaterThanOrEqual(250);
  });

  it('lets back-fill go on with what urgent work turns out not to need', () => {
    const state = { ...CALENDAR, slots: [slot(NOON - HOUR, { backfill: 470 })] };
    const budget = see(state);
    expect(budget.left('backfill')).toBe(8);
    const spent = see({ ...CALENDAR, slots: [slot(NOON - HOUR, { backfill: 480 })] });
    expect(spent.left('backfill')).toBe(0);
    expect(spent.left('urgent')).toBe(20);
    const until = spent.until('backfill') ?? 0;
    expect(until).toBeGreaterThan(NOON);
    expect(until).toBeLessThan(dayOf(NOON, 'Europe/Berlin').end);
    expect(see({ ...state, slots: [slot(NOON - HOUR, { backfill: 480 })] }, 50, until).left('backfill')).toBe(
      5,
    );
  });

  it('waits until midnight of the account when the share is used up', () => {
    const budget = see({ ...CALENDAR, slots: [slot(NOON, { backfill: 500 })] });
    expect(budget.left('urgent')).toBe(0);
    expect(budget.bound()).toBe('share');
    expect(budget.until('urgent')).toBe(Date.parse('2026-11-22T23:00:00Z'));
  });

  it('goes on, where a count rolls, when enough calls are a day old', () => {
    const called = NOON - 20 * HOUR;
    const budget = see({ ...ROLLING, slots: [slot(called, { urgent: 300 }), slot(NOON, { urgent: 200 })] });
    expect(budget.left('urgent')).toBe(0);
    expect(budget.until('urgent')).toBe(called + DAY_MS + SLOT_MS);
  });

  it('looks again, where a count rolls, whether others left something by now', () => {
    const state = { ...ROLLING, others: 1000, seenAt: NOON };
    expect(see(state).left('urgent')).toBe(0);
    expect(see(state).until('urgent')).toBe(NOON + SLOT_MS);
    expect(see(state, 50, NOON + SLOT_MS).left('urgent')).toBe(5);
    const refused = { ...ROLLING, exhaustedAt: NOON };
    expect(see(refused).until('urgent')).toBe(NOON + SLOT_MS);
    expect(see(refused, 50, NOON + SLOT_MS).left('urgent')).toBe(500);
  });

  const state = fc.record({
    day: fc.constantFrom('calendar' as const, 'rolling' as const),
    timeZone: fc.constantFrom(null, 'Asia/Kolkata', 'America/New_York'),
    limit: fc.integer({ min: 1, max: 5000 }),
    others: fc.nat(6000),
    seenAt: fc.option(fc.integer({ min: NOON - 2 * DAY_MS, max: NOON })),
    exhaustedAt: fc.option(fc.integer({ min: NOON - 2 * DAY_MS, max: NOON })),
    slots: fc
      .array(fc.record({ quarter: fc.nat(190), urgent: fc.nat(500), backfill: fc.nat(500) }), {
        maxLength: 8,
      })
      .map((list) => list.map(({ quarter, ...calls }) => ({ at: NOON - quarter * SLOT_MS, ...calls }))),
  });
  const percent = fc.integer({ min: 1, max: 100 });

  it('never gives back-fill more than urgent work, nor anybody more than the share', () => {
    fc.assert(
      fc.property(state, percent, (given, share) => {
        const budget = see(given, share);
        expect(budget.left('backfill')).toBeLessThanOrEqual(budget.left('urgent'));
        expect(budget.left('urgent')).toBeLessThanOrEqual(Math.max(0, budget.share - budget.ours()));
        expect(budget.left('backfill')).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('always says a time to come at which there is something, if nobody calls until then', () => {
    fc.assert(
      fc.property(
        state,
        percent,
        fc.constantFrom('urgent' as const, 'backfill' as const),
        (given, share, urgency) => {
          const until = see(given, share).until(urgency);
          if (until === null) return;
          expect(until).toBeGreaterThan(NOON);
          expect(until).toBeLessThanOrEqual(NOON + DAY_MS + 2 * SLOT_MS);
          expect(see(given, share, until).left(urgency)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
