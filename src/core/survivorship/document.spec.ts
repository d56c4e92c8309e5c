import fc from 'fast-check';
import type { Provenance } from './changes.js';
import { fromProvenanceDocument, toProvenanceDocument } from './document.js';

const provenance: fc.Arbitrary<Provenance> = fc.record(
  {
    record: fc.constantFrom('1', '2'),
    connection: fc.constantFrom('crm', 'mail'),
    at: fc.constantFrom(1, 2),
    origin: fc.constantFrom('first', 'field'),
    rule: fc.constantFrom('most-recent', 'union'),
    losers: fc.array(fc.string()),
    undecided: fc.constant(true as const),
    removed: fc.array(fc.string()),
  },
  { requiredKeys: ['record', 'connection', 'at', 'origin', 'rule'] },
);
const whole = fc.dictionary(fc.constantFrom('givenName', 'email', 'phone', 'tags'), provenance);

const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const fieldsOf = (given: object): Record<string, null> =>
  Object.fromEntries(Object.keys(given).map((field) => [field, null]));

describe('the document of provenance', () => {
  it('gives back exactly what it was made of', () => {
    fc.assert(
      fc.property(whole, (given) => {
        const before = stored(given);
        expect(fromProvenanceDocument(stored(toProvenanceDocument(before)), fieldsOf(before))).toEqual(
          before,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads a document that was written in full', () => {
    fc.assert(
      fc.property(whole, (given) => {
        const before = stored(given);
        expect(fromProvenanceDocument(before as never, fieldsOf(before))).toEqual(before);
      }),
    );
  });

  it('is one entry where all values come from one record', () => {
    const from: Provenance = { record: '1', connection: 'crm', at: 7, origin: 'first', rule: 'most-recent' };
    expect(toProvenanceDocument({ givenName: from, email: from })).toEqual({ '@': from });
  });
});
