import fc from 'fast-check';
import { compareNames, type NameAgreement } from './names.js';
import { personNameOf } from './person-name.js';

type Parts = readonly [given: string | null, family: string | null, suffix?: string];

function agreement(a: Parts, b: Parts): NameAgreement {
  const [left, right] = [a, b].map(([givenName, familyName, suffix]) =>
    personNameOf({ givenName, familyName, suffix: suffix ?? null }),
  );
  if (left === undefined || right === undefined) throw new Error('two names were given');
  return compareNames(left, right);
}

const TABLE: Readonly<Record<NameAgreement, readonly (readonly [Parts, Parts])[]>> = {
  same: [
    [
      ['Robert', 'Stone'],
      ['Bob', 'STONE'],
    ],
    [
      ['José', 'García'],
      ['Jose', 'Garcia'],
    ],
    [
      ['Jürgen', 'Müller'],
      ['Juergen', 'Mueller'],
    ],
    [
      ['Søren', 'Åkesson'],
      ['Soren', 'Akesson'],
    ],
    [
      ['Siobhán', "O'Neil"],
      ['Siobhan', 'ONeil'],
    ],
    [
      ['Katharina', 'van der Berg'],
      ['Katharina', 'Vanderberg'],
    ],
    [
      ['Ludwig', 'von Hagen'],
      ['Ludwig', 'Hagen'],
    ],
    [
      ['Maria', 'Sanchez Mendoza'],
      ['Marie', 'Sanchez'],
    ],
    [
      ['Eun-ji', 'Kim'],
      ['Eunji', 'Kim'],
    ],
    [
      ['Dara', 'Whitfield'],
      ['Whitfield', 'Dara'],
    ],
    [
      ['Jay', 'Jonas'],
      ['Jonas', 'Jay'],
    ],
    [
      [null, 'Robert Stone'],
      ['Bob', 'Stone'],
    ],
    [
      [null, 'Stone, Robert'],
      ['Robert', 'Stone'],
    ],
    [
      ['Robert Stone', null],
      ['Robert', 'Stone'],
    ],
    [
      ['Stone, Robert', null],
      ['Robert', 'Stone'],
    ],
    [
      [null, 'Marie Sanchez Mendoza'],
      ['Marie', 'Sanchez Mendoza'],
    ],
    [
      ['Sahra', 'Thornton'],
      ['Sarah', 'Tornton'],
    ],
    [
      ['Gerge', 'Wiest'],
      ['George', 'Weest'],
    ],
    [
      ['Александр', 'Васильев'],
      ['Alexander', 'Vasilev'],
    ],
    [
      ['Γιώργος', 'Παππάς'],
      ['Giorgos', 'Pappas'],
    ],
    [
      ['小明', '王'],
      ['小明', '王'],
    ],
    [
      ['Dr. Ana', 'Lima PhD'],
      ['Ana', 'Lima'],
    ],
    [
      ['Anna Maria', 'Aguilar'],
      ['Anna', 'Aguilar'],
    ],
    [
      ['David', 'Dobbs Jr'],
      ['David', 'Dobbs', 'II'],
    ],
    [
      ['Muhammad', 'Antar'],
      ['Mohamed', 'Antar'],
    ],
    [
      ['Candace', 'Keller'],
      ['Kandace', 'Keller'],
    ],
    [
      ['Alan', 'Moss'],
      ['Allan', 'Moss'],
    ],
  ],
  compatible: [
    [
      ['R', 'Ray'],
      ['Robert', 'Ray'],
    ],
    [
      ['B', 'Smithson'],
      ['Robert', 'Smithson'],
    ],
    [
      ['J. Robert', 'Oppen'],
      ['Robert', 'Oppen'],
    ],
    [
      ['Jean-Pierre', 'Dupont'],
      ['JP', 'Dupont'],
    ],
    [
      ['John Adam', 'Reed'],
      ['John Brian', 'Reed'],
    ],
    [
      ['David', 'Dobbs'],
      ['David', 'Dobbs Jr'],
    ],
    [
      ['Bob', null],
      ['Robert', 'Stone'],
    ],
    [
      ['Bob', 'S'],
      ['Robert', 'Stone'],
    ],
  ],
  partial: [
    [
      ['Amanda', 'Anders'],
      ['Amanda', 'Jones'],
    ],
    [
      ['Ada', 'Smith 7'],
      ['Ada', 'Smith 17'],
    ],
    [
      ['Ada', 'Smith 7'],
      ['Ada', 'Smith 8'],
    ],
  ],
  unknown: [
    [
      [null, null],
      ['Bob', 'Stone'],
    ],
    [
      [null, 'Stone'],
      ['Bob', 'Stone'],
    ],
    [
      [null, 'Stone'],
      [null, 'Stone'],
    ],
    [
      ['Unknown', '[not provided]'],
      ['Bob', 'Stone'],
    ],
    [
      ['bob@stone.example', null],
      ['Bob', 'Stone'],
    ],
    [
      ['王', '小明'],
      ['Wang', 'Xiaoming'],
    ],
    [
      ['Stone', null],
      ['Bob', 'Stone'],
    ],
  ],
  different: [
    [
      ['Robert', 'Stone Sr'],
      ['Robert', 'Stone Jr'],
    ],
    [
      ['Robert', 'Stone', 'Sr.'],
      ['Bob', 'Stone', 'III'],
    ],
    [
      ['Morris I', 'Klein'],
      ['Morris II', 'Klein'],
    ],
    [
      ['Mary', 'Kushner'],
      ['Mark', 'Kushner'],
    ],
    [
      ['Marsha', 'Kushner'],
      ['Mark', 'Kushner'],
    ],
    [
      ['Patrick', 'Smith'],
      ['Patricia', 'Smith'],
    ],
    [
      ['Daniel', 'Shaw'],
      ['Daniela', 'Shaw'],
    ],
    [
      ['Zoltan', 'Shaw'],
      ['Zoltana', 'Shaw'],
    ],
    [
      ['Erik', 'Berg'],
      ['Erika', 'Berg'],
    ],
    [
      ['Jim', 'Muir'],
      ['Jane', 'Muir'],
    ],
    [
      ['Jim', 'Muir'],
      ['T', 'Muir'],
    ],
    [
      ['Bob', null],
      ['Mary', 'Smith'],
    ],
    [
      ['Ada', 'Lovell'],
      ['Kwame', 'Okafor'],
    ],
    [
      [null, 'Mary Smith'],
      ['John', 'Smith'],
    ],
    [
      ['राम', 'सिंह'],
      ['रीमा', 'सिंह'],
    ],
  ],
};

describe('compareNames', () => {
  const rows = Object.entries(TABLE).flatMap(([expected, pairs]) =>
    pairs.map(([a, b]) => ({ expected, a, b })),
  );

  it.each(rows)('finds $a and $b $expected', ({ expected, a, b }) => {
    expect(agreement(a, b)).toBe(expected);
    expect(agreement(b, a)).toBe(expected);
  });

  it('takes any text, is symmetric, and never finds a name with a first name different from itself', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'Bob',
        'Robert',
        'Mary',
        'Stone',
        'Jr',
        'II',
        'I',
        'van',
        'de',
        'X',
        '7',
        'O’Neil',
        'Müller',
        '王',
        ',',
      ),
      fc.string({ maxLength: 6, unit: 'grapheme' }),
    );
    const text = fc.option(fc.array(word, { maxLength: 4 }).map((words) => words.join(' ')));
    const name = fc.tuple(text, text);
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(agreement(a, b)).toBe(agreement(b, a));
        expect(agreement(a, a)).toMatch(/^(same|compatible|unknown)$/);
      }),
      { numRuns: 2000 },
    );
  });
});
