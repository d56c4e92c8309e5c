import fc from 'fast-check';
import { Seen } from './seen.js';

describe('the records met', () => {
  it('are those that were added, and no others', () => {
    const id = fc.bigInt({ min: 1n, max: 5_000_000n }).map(String);
    fc.assert(
      fc.property(fc.array(id), fc.array(id), (added, asked) => {
        const seen = new Seen();
        for (const one of added) seen.add(one);
        for (const one of [...added, ...asked]) expect(seen.has(one)).toBe(added.includes(one));
      }),
    );
  });
});
