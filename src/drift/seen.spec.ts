import fc from 'fast-check';
import { Latest, Seen } from './seen.js';

describe('the records met', () => {
  it('are those that were added, and no others', () => {
    const id = fc.bigInt({ min: 1n, max: 5_000_000n }).map(String);
    fc.assert(
      fc.property(fc.array(id), fc.array(id), (added, asked) => {
        const seen = new Seen();
        for (const one of added) seen.add(one);
        expect(seen.size).toBe(new Set(added).size);
        for (const one of [...added, ...asked]) expect(seen.has(one)).toBe(added.includes(one));
      }),
    );
  });
});

describe('the latest things', () => {
  it('are so many, however many were added', () => {
    const latest = new Latest(2);
    for (const text of ['a', 'b', 'a', 'c']) latest.add(text);
    expect(['a', 'b', 'c'].filter((text) => latest.has(text))).toEqual(['a', 'c']);
  });
});
