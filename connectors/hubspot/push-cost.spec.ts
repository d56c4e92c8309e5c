import { pushCost } from './push-cost.js';

describe('the cost of a push', () => {
  it.each([
    ['company', { create: 0, update: 0, archive: 0 }, 0],
    ['company', { create: 101, update: 100, archive: 1 }, 6],
    ['contact', { create: 401, update: 1, archive: 0 }, 14],
    ['contact', { create: 1001, update: 0, archive: 0 }, 28],
  ])('of %s %j is %i calls', (object, operations, calls) => {
    expect(pushCost(object, operations)).toBe(calls);
  });
});
