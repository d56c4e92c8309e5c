import fc from 'fast-check';
import { ClockOffset, type ClockSample } from './clock-offset.js';

const NOON = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;

/** An answer of a server whose clock is `offset` ahead, written at some part of the round trip. */
function sample(hubTime: number, roundTrip: number, offset: number, part = 0.5): ClockSample {
  const written = hubTime + roundTrip * part + offset;
  return {
    sentAt: hubTime,
    receivedAt: hubTime + roundTrip,
    status: 200,
    date: new Date(Math.floor(written / 1000) * 1000).toUTCString(),
  };
}

const answer = fc.record({
  gap: fc.nat(5000),
  roundTrip: fc.integer({ min: 1, max: 3000 }),
  part: fc.double({ min: 0, max: 1, noNaN: true }),
});
const truth = fc.integer({ min: -1e8, max: 1e8 });

interface Answer {
  readonly gap: number;
  readonly roundTrip: number;
  readonly part: number;
}

/** Answers one after the other, by clocks `offset` apart; the hub's time after the last. */
function feed(clock: ClockOffset, from: number, answers: readonly Answer[], offset: number): number {
  let now = from;
  for (const { gap, roundTrip, part } of answers) {
    now += gap;
    clock.add(sample(now, roundTrip, offset, part));
    now += roundTrip;
  }
  return now;
}

function several(min: number, max = 50): fc.Arbitrary<Answer[]> {
  return fc.array(answer, { minLength: min, maxLength: max });
}

describe('clock offset', () => {
  it('is what is known from before while too little was measured', () => {
    const clock = new ClockOffset(7 * MINUTE);
    expect(clock.ms()).toBe(7 * MINUTE);
    clock.add(sample(NOON, 30, 0));
    clock.add(sample(NOON + 100, 30, 0));
    expect(clock.ms()).toBe(7 * MINUTE);
    clock.add(sample(NOON + 200, 30, 0));
    expect(clock.ms()).toBe(0);
  });

  it('takes what another process measured for as long as it has not measured itself', () => {
    const clock = new ClockOffset();
    clock.assume(3 * MINUTE);
    expect(clock.ms()).toBe(3 * MINUTE);
    feed(
      clock,
      NOON,
      Array.from({ length: 5 }, () => ({ gap: 300, roundTrip: 20, part: 0.5 })),
      0,
    );
    clock.assume(3 * MINUTE);
    expect(clock.ms()).toBe(0);
  });

  it('comes within the round trip of the truth after answers at different parts of the second', () => {
    for (const offset of [-90_000, -2500, 3000, 3_600_000]) {
      const clock = new ClockOffset();
      for (let index = 0; index < 32; index += 1) clock.add(sample(NOON + index * 137, 30, offset));
      expect(Math.abs(clock.ms() - offset)).toBeLessThanOrEqual(120);
    }
  });

  it('takes no notice of answers without a readable date, out of a cache, or of a gateway', () => {
    const clock = new ClockOffset();
    for (let index = 0; index < 8; index += 1) {
      clock.add({ sentAt: NOON, receivedAt: NOON, status: 200, date: undefined });
      clock.add({ sentAt: NOON, receivedAt: NOON, status: 200, date: 'yesterday' });
      clock.add({ ...sample(NOON, 30, -50_000), age: '50' });
      clock.add({ ...sample(NOON, 30, -50_000), status: 502 });
    }
    expect(clock.ms()).toBe(0);
    expect(clock.least()).toBe(0);
  });

  it('is zero for clocks that agree, whatever the answers', () => {
    fc.assert(
      fc.property(several(1), (answers) => {
        const clock = new ClockOffset();
        feed(clock, NOON, answers, 0);
        expect(clock.ms()).toBe(0);
      }),
    );
  });

  it('is never further off than the quickest of the recent answers can be', () => {
    fc.assert(
      fc.property(several(3), truth, (answers, offset) => {
        const clock = new ClockOffset();
        feed(clock, NOON, answers, offset);
        const quickest = Math.min(...answers.slice(-32).map(({ roundTrip }) => roundTrip));
        expect(Math.abs(clock.ms() - offset)).toBeLessThanOrEqual(quickest + 1050);
      }),
    );
  });

  it('never reckons a time that lies in the future of the server', () => {
    fc.assert(
      fc.property(several(1), truth, (answers, offset) => {
        const clock = new ClockOffset(offset);
        feed(clock, NOON, answers, offset);
        expect(clock.least()).toBeLessThanOrEqual(offset);
      }),
    );
  });

  it('does not move for one odd answer, whatever it says', () => {
    fc.assert(
      fc.property(several(4), several(0, 10), truth, truth, (before, after, offset, odd) => {
        const clock = new ClockOffset();
        const now = feed(clock, NOON, before, offset);
        const settled = clock.ms();
        clock.add(sample(now, 40, odd));
        if (Math.abs(odd - offset) > 10_000) expect(clock.ms()).toBe(settled);
        feed(clock, now + 40, after, offset);
        expect(Math.abs(clock.ms() - offset)).toBeLessThanOrEqual(3000 + 1050);
      }),
    );
  });

  it('follows a clock that was set, after a handful of answers', () => {
    fc.assert(
      fc.property(several(1), several(4, 8), truth, truth, (before, after, old, offset) => {
        fc.pre(Math.abs(old - offset) > 10_000);
        const clock = new ClockOffset();
        feed(clock, feed(clock, NOON, before, old), after, offset);
        expect(Math.abs(clock.ms() - offset)).toBeLessThanOrEqual(3000 + 1050);
      }),
    );
  });

  it('stays exactly what it was for as long as answers bear it out', () => {
    fc.assert(
      fc.property(several(1), truth, (answers, offset) => {
        const clock = new ClockOffset(offset);
        feed(clock, NOON, answers, offset);
        expect(clock.ms()).toBe(offset);
      }),
    );
  });
});
