import fc from 'fast-check';
import { looksMistyped, withinSlips } from './edit-distance.js';

describe('withinSlips', () => {
  it.each([
    ['stone', 'stone', 0],
    ['stone', 'stne', 1],
    ['stone', 'stoone', 1],
    ['stone', 'stune', 1],
    ['stone', 'sotne', 1],
    ['stone', 'stnoe', 1],
    ['lovelace', 'lovlacee', 2],
    ['lovelace', 'olvelaec', 2],
    ['stone', 'notes', 4],
  ])('finds %s and %s %i slips apart', (a, b, slips) => {
    expect(withinSlips(a, b, slips)).toBe(true);
    expect(withinSlips(a, b, slips - 1)).toBe(false);
  });

  it('takes as many slips as were made, in either direction', () => {
    const slip = fc.tuple(fc.constantFrom('out', 'in', 'other'), fc.nat(9), fc.constantFrom('a', 'b', 'c'));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 }),
        fc.array(slip, { maxLength: 3 }),
        (text, slips) => {
          const typed = slips.reduce((word, [kind, place, letter]) => {
            const rest = word.slice(kind === 'in' ? place : place + 1);
            return word.slice(0, place) + (kind === 'out' ? '' : letter) + rest;
          }, text);
          expect(withinSlips(text, typed, slips.length)).toBe(true);
          expect(withinSlips(typed, text, slips.length)).toBe(true);
          expect(withinSlips(text, typed, 1)).toBe(withinSlips(typed, text, 1));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

it('allows short words no slip and long ones two', () => {
  expect(looksMistyped('lee', 'lea')).toBe(false);
  expect(looksMistyped('stone', 'stoen')).toBe(true);
  expect(looksMistyped('stone', 'tsoen')).toBe(false);
  expect(looksMistyped('lovelace', 'lovlacee')).toBe(true);
});
