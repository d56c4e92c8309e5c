import fc from 'fast-check';
import { DEFAULT_LIMITS, isTooMany, judgeWrites, type WriteCounts } from './index.js';

const none: WriteCounts = { create: 0, update: 0, archive: 0, written: 0 };
const counted = fc.record({
  create: fc.nat(5_000),
  update: fc.nat(5_000),
  archive: fc.nat(5_000),
  written: fc.nat(5_000),
});

describe('the breaker', () => {
  it('lets fewer than the least go, whatever their share', () => {
    expect(isTooMany(499, 500, DEFAULT_LIMITS)).toBe(false);
    expect(isTooMany(500, 500, DEFAULT_LIMITS)).toBe(true);
  });

  it('holds what is more than the share, not what is just it', () => {
    expect(isTooMany(2_000, 10_000, DEFAULT_LIMITS)).toBe(false);
    expect(isTooMany(2_001, 10_000, DEFAULT_LIMITS)).toBe(true);
  });

  it('counts what is made, changed, archived and was written before together', () => {
    const customer = { create: 200, update: 200, archive: 50, written: 50 };
    const judged = { records: { customer: 1_000 }, limits: {}, cleared: true };
    expect(judgeWrites({ ...judged, counts: { customer } })).toBe('many');
    expect(judgeWrites({ ...judged, counts: { customer: { ...customer, written: 49 } } })).toBe('open');
  });

  it('asks before the first write to a system that holds records, and not for an empty one', () => {
    const counts = { customer: { ...none, create: 1 } };
    const first = { counts, limits: {}, cleared: false };
    expect(judgeWrites({ ...first, records: { account: 1 } })).toBe('first');
    expect(judgeWrites({ ...first, records: { customer: 0 } })).toBe('open');
    expect(judgeWrites({ ...first, records: { account: 1 }, cleared: true })).toBe('open');
  });

  it('never holds an entity of which it is switched off', () => {
    fc.assert(
      fc.property(counted, fc.nat(100), fc.boolean(), (customer, records, cleared) => {
        const judged = { counts: { customer }, records: { customer: records }, cleared };
        return judgeWrites({ ...judged, limits: { customer: false } }) === 'open';
      }),
    );
  });

  it('holds all the more what is more, and what fewer records are there for', () => {
    fc.assert(
      fc.property(counted, fc.nat(20_000), fc.nat(1_000), (customer, records, more) => {
        const judge = (update: number, of: number): boolean =>
          judgeWrites({
            counts: { customer: { ...customer, update } },
            records: { customer: of },
            limits: {},
            cleared: true,
          }) === 'many';
        if (!judge(customer.update, records + more)) return true;
        return judge(customer.update + more, records + more) && judge(customer.update, records);
      }),
    );
  });
});
