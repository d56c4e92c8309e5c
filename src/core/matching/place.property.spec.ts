import fc from 'fast-check';
import type { PlaceOperation } from './operations.js';
import { candidatesOf, partition, placeAll, record, type Fields, type World } from './place.fixture.js';
import type { Decision, MatchRecord } from './record.js';
import { DEFAULT_MATCH_RULES } from './rules.js';

const CONNECTIONS = ['crm', 'hub', 'csv'];

const person = fc.record<Fields>(
  {
    givenName: fc.constantFrom('Bob', 'Robert', 'Mary', 'Mark', 'R'),
    familyName: fc.constantFrom('Stone', 'Stone Jr', 'Stone Sr', 'Moss', 'Unknown'),
    email: fc.constantFrom('a@example.org', 'b@example.org', 'info@example.org'),
    emails: fc.subarray(['a@example.org', 'b@example.org', 'c@example.org']),
    phone: fc.constantFrom('+1 702 919 1300', '+1 702 919 1301'),
    'social.x': fc.constantFrom('bob', 'mary'),
    'xref.crm': fc.constantFrom('1', '2', '3'),
    birthday: fc.constantFrom('1960-10-10', '1990-03-15'),
  },
  { requiredKeys: [] },
);

const someone = fc.record({
  fields: person,
  connection: fc.constantFrom(...CONNECTIONS),
  goldenId: fc.option(fc.constantFrom('g1', 'g2', 'g3')),
  live: fc.boolean(),
  asked: fc.boolean(),
});

const world = fc
  .record({
    people: fc.array(someone, { minLength: 2, maxLength: 8 }),
    decided: fc.array(fc.tuple(fc.nat(7), fc.nat(7), fc.constantFrom('same' as const, 'notSame' as const)), {
      maxLength: 4,
    }),
    unique: fc.subarray(CONNECTIONS),
    maxCluster: fc.constantFrom(3, 50),
  })
  .map(({ people, decided, unique, maxCluster }) => {
    const id = (index: number): string => String((index % people.length) + 1);
    const words = decided
      .filter(([a, b]) => id(a) !== id(b))
      .map(([a, b, verdict]) => ({ a: id(a), b: id(b), verdict }));
    return {
      records: people.map(({ fields, connection, ...rest }, index) =>
        record(`${connection}:${id(index)}`, fields, rest),
      ),
      toPlace: people.flatMap(({ asked }, index) => (asked ? [id(index)] : [])),
      // One word a pair, as the hub keeps them.
      decisions: [
        ...new Map(words.map((word) => [[word.a, word.b].sort().join(), word])).values(),
      ] as readonly Decision[],
      uniqueConnections: new Set(unique),
      rules: { ...DEFAULT_MATCH_RULES, maxCluster },
    };
  });

/** As the hub stores it. */
function applied(records: readonly MatchRecord[], operations: readonly PlaceOperation[]): MatchRecord[] {
  const links = new Map<string, string>();
  const survivorOf = new Map<string, string>();
  for (const [index, one] of operations.entries()) {
    if (one.kind === 'link') links.set(one.recordId, one.goldenId);
    if (one.kind === 'create')
      for (const { recordId } of one.records) links.set(recordId, `h${String(index)}`);
    if (one.kind === 'merge') survivorOf.set(one.merged, one.survivor);
  }
  return records.map((one) => {
    const linkedTo = links.get(one.recordId) ?? one.linkedTo;
    return { ...one, linkedTo: survivorOf.get(linkedTo ?? '') ?? linkedTo };
  });
}

function together(records: readonly MatchRecord[], a: string, b: string): boolean {
  const [x, y] = [a, b].map((id) => records.find((one) => one.recordId === id)?.linkedTo);
  return x !== undefined && x !== null && x === y;
}

function check(predicate: (given: World & { readonly decisions: readonly Decision[] }) => void): void {
  fc.assert(fc.property(world, predicate), { numRuns: 500 });
}

describe('place', () => {
  it('comes to the same operations whatever the order of what it is given', () => {
    fc.assert(
      fc.property(
        world.chain((given) =>
          fc.record({
            given: fc.constant(given),
            records: fc.shuffledSubarray(given.records, { minLength: given.records.length }),
            toPlace: fc.shuffledSubarray(given.toPlace, { minLength: given.toPlace.length }),
            decisions: fc.shuffledSubarray([...given.decisions], { minLength: given.decisions.length }),
          }),
        ),
        ({ given, ...shuffled }) => {
          expect(placeAll({ ...given, ...shuffled })).toEqual(placeAll(given));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('places each unlinked record it is asked for once, and no linked one', () => {
    check((given) => {
      const placed = placeAll(given).flatMap((one) =>
        one.kind === 'link'
          ? [one.recordId]
          : one.kind === 'create'
            ? one.records.map(({ recordId }) => recordId)
            : [],
      );
      const unlinked = given.records
        .filter(({ linkedTo }) => linkedTo === null)
        .map(({ recordId }) => recordId);
      expect(placed.sort()).toEqual(unlinked.filter((id) => given.toPlace?.includes(id)).sort());
    });
  });

  it('names no operation twice, and merges each customer at most once, never into one that is merged itself', () => {
    check((given) => {
      const operations = placeAll(given);
      const texts = operations.map((one) =>
        one.kind === 'candidate' ? `${one.a} ${one.b}` : JSON.stringify(one),
      );
      expect(new Set(texts).size).toBe(texts.length);
      const merges = operations.filter((one) => one.kind === 'merge');
      const gone = merges.map((one) => one.merged);
      expect(new Set(gone).size).toBe(gone.length);
      for (const { survivor } of merges) expect(gone).not.toContain(survivor);
    });
  });

  it('never joins what a person said is not the same', () => {
    check((given) => {
      const after = applied(given.records, placeAll(given));
      for (const { a, b, verdict } of given.decisions) {
        if (verdict === 'notSame' && !together(given.records, a, b))
          expect(together(after, a, b)).toBe(false);
      }
    });
  });

  it('joins all that a person said is the same, if nobody said otherwise', () => {
    check((given) => {
      const decisions = given.decisions.filter(({ verdict }) => verdict === 'same');
      const toPlace = given.records.map(({ recordId }) => recordId);
      const after = applied(given.records, placeAll({ ...given, decisions, toPlace }));
      for (const { a, b } of decisions) expect(together(after, a, b)).toBe(true);
    });
  });

  it('never puts two live records of a system that holds each person once on one customer', () => {
    check((given) => {
      const decisions = given.decisions.filter(({ verdict }) => verdict === 'notSame');
      const after = applied(given.records, placeAll({ ...given, decisions }));
      const doubled = (records: readonly MatchRecord[]): string[] => {
        const live = records.filter(
          (one) => one.live && one.linkedTo !== null && given.uniqueConnections?.has(one.connection),
        );
        return live.flatMap((one, index) =>
          live
            .slice(index + 1)
            .flatMap((other) =>
              one.connection === other.connection && one.linkedTo === other.linkedTo
                ? [`${one.recordId} ${other.recordId}`]
                : [],
            ),
        );
      };
      const before = new Set(doubled(given.records));
      expect(doubled(after).filter((pair) => !before.has(pair))).toEqual([]);
    });
  });

  it('finds nothing more to do when asked again', () => {
    check((given) => {
      const operations = placeAll(given);
      const after = applied(given.records, operations);
      const again = placeAll({ ...given, records: after });
      expect(again.filter((one) => one.kind !== 'candidate')).toEqual([]);
      expect(candidatesOf(again)).toEqual(candidatesOf(operations));
    });
  });

  it('asks only about records of two customers', () => {
    check((given) => {
      const operations = placeAll(given);
      const groups = partition(given.records, operations);
      for (const one of operations) {
        if (one.kind === 'candidate')
          expect(groups.some((ids) => ids.split(' ').includes(one.a) && ids.split(' ').includes(one.b))).toBe(
            false,
          );
      }
    });
  });
});
