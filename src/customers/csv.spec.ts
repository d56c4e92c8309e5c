import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvLine } from './csv.js';

describe('a line of CSV', () => {
  it('is read by others as it was meant', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 5 }), (cells) => {
        const read = parse(csvLine(cells), { relax_column_count: true, record_delimiter: '\r\n' });
        expect(read).toEqual([cells]);
      }),
    );
  });

  it('joins lists, and writes what a list could not tell as JSON', () => {
    expect(csvLine([['a', 'b'], ['a;b', 'c'], { x: 1 }, null, 3, true])).toBe(
      'a;b,"[""a;b"",""c""]","{""x"":1}",,3,true\r\n',
    );
  });
});
