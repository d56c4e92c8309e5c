import fc from 'fast-check';
import { countSwings, SWINGS, WINDOW_MS, type Turn } from './index.js';

const NOW = 10 * WINDOW_MS;
const FIELD = { entity: 'customer', field: 'jobTitle', hub: 'hub' } as const;

/** Values in the order in which they were golden, each with whose word it was; a minute apart, to now. */
function turns(...words: readonly (readonly [by: string, value: string])[]): Turn[] {
  return words.slice(1).map(([by, to], index) => ({
    at: NOW - (words.length - index) * 60_000,
    from: words[index]?.[1] ?? '',
    to,
    by,
  }));
}

it('counts each time a value comes back by the other system', () => {
  const swinging = turns(
    ['crm', 'w'],
    ['crm', 'x'],
    ['mail', 'y'],
    ['crm', 'x'],
    ['mail', 'y'],
    ['crm', 'X '],
  );
  expect(countSwings(FIELD, swinging.slice(0, 3), NOW)).toBe(1);
  expect(countSwings(FIELD, swinging.slice(0, 4), NOW)).toBe(2);
  expect(countSwings(FIELD, turns(['a', 'x'], ['b', 'y'], ['a', 'x'], ['b', 'y'], ['a', 'x']), NOW)).toBe(
    SWINGS,
  );
});

it('begins anew when somebody says something else, or decides in the hub', () => {
  const fight = [
    ['a', 'x'],
    ['b', 'y'],
    ['a', 'x'],
    ['b', 'y'],
  ] as const;
  expect(countSwings(FIELD, turns(...fight, ['a', 'z']), NOW)).toBe(0);
  expect(countSwings(FIELD, turns(...fight, ['hub', 'x']), NOW)).toBe(0);
  expect(countSwings(FIELD, turns(...fight, ['hub', 'x'], ['b', 'y']), NOW)).toBe(0);
});

it('does not take the same edits over months for a fight', () => {
  const slow = turns(['a', 'x'], ['b', 'y'], ['a', 'x'], ['b', 'y'], ['a', 'x']).map((turn, index) => ({
    ...turn,
    at: NOW - (5 - index) * WINDOW_MS,
  }));
  expect(countSwings(FIELD, slow, NOW)).toBe(0);
});

const word = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y', 'z'));

it('is never found where one system speaks alone, or every value is new', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => {
      const alone = words.map(([, value]) => ['a', value] as const);
      const fresh = words.map(([by], index) => [by, String(index)] as const);
      return countSwings(FIELD, turns(...alone), NOW) === 0 && countSwings(FIELD, turns(...fresh), NOW) === 0;
    }),
  );
});

it('does not depend on what happened before the last break', () => {
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 10 }),
      fc.array(word, { minLength: 2, maxLength: 10 }),
      (before, after) => {
        const all = turns(...before, ['hub', 'decided'], ...after);
        return countSwings(FIELD, all, NOW) === countSwings(FIELD, all.slice(-after.length), NOW);
      },
    ),
  );
});
