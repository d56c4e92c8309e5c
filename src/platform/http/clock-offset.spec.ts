import fc from 'fast-check';
import { ClockOffset } from './clock-offset.js';

const NOON = Date.UTC(2026, 10, 22, 12);

/** An answer of a server whose clock is `offset` ahead, written half way. */
function sample(hubTime: number, roundTrip: number, offset: number) {
  const written = hubTime + roundTrip / 2 + offset;
  return {
    sentAt: hubTime,
    receivedAt: hubTime + roundTrip,
    date: new Date(Math.floor(written / 1000) * 1000).toUTCString(),
  };
}

describe('clock offset', () => {
  it('is zero while nothing was measured', () => {
    expect(new ClockOffset().ms()).toBe(0);
  });

  it('is zero for clocks that agree, however the seconds fall', () => {
    const offset = new ClockOffset();
    for (let index = 0; index < 40; index += 1) offset.add(sample(NOON + index * 137, 30, 0));
    expect(offset.ms()).toBe(0);
  });

  it('comes within the round trip of the truth after answers at different parts of the second', () => {
    for (const truth of [-90_000, -2500, 3000, 3_600_000]) {
      const offset = new ClockOffset();
      for (let index = 0; index < 32; index += 1) offset.add(sample(NOON + index * 137, 30, truth));
      expect(Math.abs(offset.ms() - truth)).toBeLessThanOrEqual(60);
    }
  });

  it('follows a clock that was set, and bears one wrong date', () => {
    const offset = new ClockOffset();
    for (let index = 0; index < 32; index += 1) offset.add(sample(NOON + index * 137, 30, 0));
    offset.add(sample(NOON + 5000, 30, -86_400_000));
    expect(offset.ms()).toBe(0);
    for (let index = 0; index < 32; index += 1) offset.add(sample(NOON + 9000 + index * 137, 30, 60_000));
    expect(Math.abs(offset.ms() - 60_000)).toBeLessThan(100);
  });

  it('takes no notice of answers without a readable date or out of a cache', () => {
    const offset = new ClockOffset();
    offset.add({ sentAt: NOON, receivedAt: NOON, date: undefined });
    offset.add({ sentAt: NOON, receivedAt: NOON, date: 'yesterday' });
    offset.add({ ...sample(NOON, 30, -50_000), age: '50' });
    expect(offset.ms()).toBe(0);
  });

  it('is never further off than one answer can be', () => {
    const samples = fc.array(fc.record({ at: fc.nat(1e7), roundTrip: fc.nat(3000) }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(samples, fc.integer({ min: -1e8, max: 1e8 }), (given, truth) => {
        const offset = new ClockOffset();
        for (const { at, roundTrip } of given) offset.add(sample(NOON + at, roundTrip, truth));
        const tightest = Math.min(...given.slice(-32).map(({ roundTrip }) => roundTrip));
        expect(Math.abs(offset.ms() - truth)).toBeLessThanOrEqual(tightest + 1000);
      }),
    );
  });
});
