import fc from 'fast-check';
import { parseSoql } from '../sandbox/soql-parser.js';
import { instant, queriesIn, quote } from './soql.js';

describe('SOQL', () => {
  it('quotes any text so that it is read back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { where } = parseSoql(`SELECT Id FROM Contact WHERE LastName = ${quote(text)}`);
        expect(where).toMatchObject({ values: [{ kind: 'text', text: text.toWellFormed() }] });
      }),
    );
  });

  it('writes instants without milliseconds', () => {
    expect(instant('2026-01-02T03:04:05.678Z')).toBe('2026-01-02T03:04:05Z');
  });

  it('splits a list so that each query fits a URL, and asks for each value once', () => {
    const values = Array.from(
      { length: 1000 },
      (_, index) => `Straße ${'ß'.repeat(index % 60)} ${String(index)}`,
    );
    const queries = queriesIn('SELECT Id FROM Contact', (list) => `LastName IN (${list})`, [
      ...values,
      ...values,
    ]);
    expect(Math.max(...queries.map((soql) => encodeURIComponent(soql).length))).toBeLessThan(15_000);
    const asked = queries.flatMap((soql) => {
      const { where } = parseSoql(soql);
      return where !== undefined && 'values' in where ? where.values.map((literal) => literal.text) : [];
    });
    expect(asked).toEqual(values);
  });

  it('makes no query for no values', () => {
    expect(queriesIn('SELECT Id FROM Contact', (list) => `Id IN (${list})`, [])).toEqual([]);
  });
});
