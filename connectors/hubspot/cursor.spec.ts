import fc from 'fast-check';
import { cursorSchema, nextFrom } from './cursor.js';

describe('where the next search begins', () => {
  it('reaches the overlap back from when the last one began', () => {
    expect(nextFrom({ begun: 1_000_000, newest: 999_000, overlapMs: 300_000 })).toBe(700_000);
  });

  it('does not list again what was met, once the overlap is over', () => {
    expect(nextFrom({ begun: 1_000_000, newest: 400_000, overlapMs: 300_000 })).toBe(400_001);
  });

  it('never leaves out what may have changed after the search began, nor what comes after the newest met', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (begun, newest, overlapMs) => {
        const from = nextFrom({ begun, newest, overlapMs });
        expect(from).toBeLessThanOrEqual(Math.max(0, begun - overlapMs));
        expect(from).toBeLessThanOrEqual(newest + 1);
      }),
    );
  });
});

describe('the cursor', () => {
  it('refuses what another version may have stored', () => {
    for (const stored of [{}, { phase: 'full' }, { phase: 'changes', from: 'x' }, { phase: 'other' }])
      expect(cursorSchema.safeParse(stored).success).toBe(false);
  });
});
