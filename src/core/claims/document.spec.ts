import fc from 'fast-check';
import type { JsonValue } from '../../sdk/index.js';
import { fromDocument, toDocument } from './document.js';
import type { FieldState, FieldStates } from './state.js';

const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
const at = fc.constantFrom(0, 1_767_225_600_000, 1_767_225_600_001);
const origin = fc.constantFrom('field', 'record', 'first', 'hub');
const claim = fc.record(
  {
    value: json,
    at,
    origin,
    ahead: at,
    by: fc.string(),
    members: fc.array(fc.record({ ref: json, at, there: fc.boolean() })),
  },
  { requiredKeys: ['value', 'at', 'origin'] },
);
const sending = fc.record({ value: json, mark: fc.string(), at });
const odd = fc.record({ claim, held: json, sent: fc.string(), sending }, { requiredKeys: ['held'] });
/** What most fields of most records are: held as somebody said it. */
const usual = fc
  .record({ value: json, at, origin })
  .map((said): FieldState => ({ claim: said, held: said.value }));
const states = fc.dictionary(
  fc.constantFrom('givenName', 'email', 'tags', 'custom.v', 'custom.held'),
  fc.oneof(usual, odd as fc.Arbitrary<FieldState>),
);

/** As PostgreSQL gives it back: without what JSON cannot say. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('the document of a record', () => {
  it('gives back exactly what it was made of', () => {
    fc.assert(
      fc.property(states, (given) => {
        const before = stored(given);
        expect(fromDocument(stored(toDocument(before)))).toEqual(before);
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads a document that was written in full', () => {
    fc.assert(
      fc.property(states, (given) => {
        const before = stored(given);
        expect(fromDocument(before as never)).toEqual(before);
      }),
    );
  });

  it('says the time of a first contact once, and each value once', () => {
    const said = (value: JsonValue): FieldState => ({
      claim: { value, at: 7, origin: 'first' },
      held: value,
    });
    const seen: FieldStates = { givenName: said('Ann'), tags: said(['a']), jobTitle: { held: null } };
    expect(toDocument(seen)).toEqual({
      '@': [7, 'first'],
      givenName: 'Ann',
      tags: { v: ['a'] },
      jobTitle: null,
    });
  });
});
