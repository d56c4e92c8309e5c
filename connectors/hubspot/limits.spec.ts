import { nextMidnight } from './limits.js';

describe('the end of the day', () => {
  it.each([
    ['2026-03-01T12:00:00Z', undefined, '2026-03-02T00:00:00Z'],
    ['2026-03-01T12:00:00Z', 'US/Eastern', '2026-03-02T05:00:00Z'],
    ['2026-03-01T03:00:00Z', 'US/Eastern', '2026-03-01T05:00:00Z'],
    ['2026-07-01T22:30:00Z', 'Europe/Berlin', '2026-07-02T22:00:00Z'],
    ['2026-07-01T12:00:00Z', 'Asia/Kolkata', '2026-07-01T18:30:00Z'],
    ['2026-07-01T12:00:00Z', 'Nowhere/Land', '2026-07-02T00:00:00Z'],
  ])('at %s in %s is %s', (now, zone, midnight) => {
    expect(nextMidnight(Date.parse(now), zone)).toBe(Date.parse(midnight));
  });
});
