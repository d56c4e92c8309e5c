import { begin } from './pull.js';

const at = (stamp: string, id = '003SB0000000001AAA'): { stamp: string; id: string } => ({ stamp, id });
const OVERLAP = 300_000;

describe('where a read begins', () => {
  it('begins at the beginning without a cursor, or when nothing was ever there', () => {
    const empty = { v: 1, open: false, at: null, high: null, startedAt: '2026-01-01T00:00:00.000Z' } as const;
    expect(begin(null, OVERLAP)).toEqual({ settled: false });
    expect(begin(empty, OVERLAP)).toEqual({ settled: false });
  });

  it('goes on right after the last stored row when a read was interrupted', () => {
    const place = at('2026-01-01T10:00:00.000Z');
    const cursor = {
      v: 1,
      open: true,
      at: place,
      high: at('2026-01-01T12:00:00.000Z'),
      startedAt: '2026-01-01T12:00:00.000Z',
    } as const;
    expect(begin(cursor, OVERLAP)).toEqual({ after: place, settled: false });
  });

  it('begins the overlap behind the last row', () => {
    const high = at('2026-01-01T12:00:00.000Z');
    const cursor = { v: 1, open: false, at: high, high, startedAt: '2026-01-01T12:00:05.000Z' } as const;
    expect(begin(cursor, OVERLAP)).toEqual({ from: '2026-01-01T11:55:00.000Z', settled: false });
  });

  it('begins the overlap behind the start of a read that went on for long', () => {
    const high = at('2026-01-01T15:00:00.000Z');
    const cursor = { v: 1, open: false, at: high, high, startedAt: '2026-01-01T12:00:00.000Z' } as const;
    expect(begin(cursor, OVERLAP)).toEqual({ from: '2026-01-01T11:55:00.000Z', settled: false });
  });

  it('knows an overlap in which nothing can come up any more', () => {
    const high = at('2026-01-01T12:00:00.000Z');
    const cursor = { v: 1, open: false, at: high, high, startedAt: '2026-01-01T12:05:01.000Z' } as const;
    expect(begin(cursor, OVERLAP).settled).toBe(true);
  });
});
