import { dayOf } from './day.js';

const at = (iso: string): number => Date.parse(iso);
const shown = (iso: string, zone?: string): string[] => {
  const { start, end } = dayOf(at(iso), zone);
  return [new Date(start).toISOString(), new Date(end).toISOString()];
};

describe('day', () => {
  it('is the one of the zone, in UTC where the zone is not known', () => {
    expect(shown('2026-11-22T02:30:00Z', 'America/New_York')).toEqual([
      '2026-11-21T05:00:00.000Z',
      '2026-11-22T05:00:00.000Z',
    ]);
    expect(shown('2026-11-22T20:00:00.500Z', 'Asia/Kolkata')).toEqual([
      '2026-11-22T18:30:00.000Z',
      '2026-11-23T18:30:00.000Z',
    ]);
    const utc = ['2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z'];
    expect(shown('2026-11-22T12:00:00Z')).toEqual(utc);
    expect(shown('2026-11-22T12:00:00Z', 'Nowhere/Land')).toEqual(utc);
  });

  it('has 23 or 25 hours when clocks are put forward or back', () => {
    expect(shown('2026-03-29T12:00:00Z', 'Europe/Berlin')).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
    expect(shown('2026-10-25T00:30:00Z', 'Europe/Berlin')).toEqual([
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ]);
  });

  it('begins at its own midnight', () => {
    const { start, end } = dayOf(at('2026-11-22T12:00:00Z'), 'Europe/Berlin');
    expect(dayOf(start, 'Europe/Berlin').start).toBe(start);
    expect(dayOf(end, 'Europe/Berlin').start).toBe(end);
    expect(dayOf(end - 1, 'Europe/Berlin').start).toBe(start);
  });
});
