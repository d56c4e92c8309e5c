import fc from 'fast-check';
import { DAY_MS } from '../../sdk/index.js';
import { Budget } from './budget.js';
import { endOf } from './estimate.js';

const NOON = Date.UTC(2026, 10, 22, 12);
const MIDNIGHT = Date.UTC(2026, 10, 23);

function budget(limit: number | null, used = 0): Budget {
  const slots = [{ at: NOON, urgent: 0, backfill: used }];
  const state = {
    day: 'calendar',
    timeZone: null,
    limit,
    others: 0,
    seenAt: NOON,
    exhaustedAt: null,
    slots,
  } as const;
  return new Budget(state, { percent: 50, now: NOON });
}

const end = (calls: number, of: Budget): number => endOf(calls, { budget: of, now: NOON, msPerCall: 100 });

describe('the end of many calls', () => {
  it('is as far as they take where nothing limits them', () => {
    expect(end(600, budget(null))).toBe(NOON + 60_000);
  });

  it('is today where enough is left of the share', () => {
    expect(end(600, budget(2000))).toBe(NOON + 60_000);
  });

  it('waits for as many midnights as the share asks for', () => {
    // Today 950 of a share of 1000, then 900 a day.
    expect(end(960, budget(2000))).toBe(MIDNIGHT + 1000);
    expect(end(950 + 900 + 10, budget(2000))).toBe(MIDNIGHT + DAY_MS + 1000);
  });

  it('is never before it would be with more left', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(900), fc.nat(900), (calls, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(end(calls, budget(2000, more))).toBeGreaterThanOrEqual(
          end(calls, budget(2000, less)) - 90_000,
        );
      }),
    );
  });
});
