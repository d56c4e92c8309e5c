import fc from 'fast-check';
import { parse as oracle } from 'csv-parse/sync';
import { RowParser, type Dialect, type Row } from './parser.js';

const COMMA: Dialect = { delimiter: ',', quote: '"' };

/** The rows of a text that comes in pieces of the given sizes. */
function rowsOf(
  text: string,
  dialect: Dialect = COMMA,
  sizes: readonly number[] = [text.length],
  longestRow?: number,
): Row[] {
  const parser = new RowParser(dialect, longestRow === undefined ? {} : { longestRow });
  const rows: Row[] = [];
  let at = 0;
  for (let turn = 0; at < text.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    rows.push(...parser.push(text.slice(at, at + size)));
    at += size;
  }
  return [...rows, ...parser.end()];
}

const cellsOf = (rows: readonly Row[]): readonly (readonly string[])[] => rows.map((row) => row.cells);

describe('rows of a text', () => {
  const cases: readonly (readonly [string, string, readonly (readonly string[])[]])[] = [
    [
      'plain rows',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a last row without a line end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'CR LF',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'CR alone',
      'a,b\rc,d\r',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'empty cells',
      ',\n,,a\n',
      [
        ['', ''],
        ['', '', 'a'],
      ],
    ],
    ['a delimiter at the very end', 'a,', [['a', '']]],
    [
      'empty lines, left out',
      '\n\na,b\n\r\n\nc,d\n\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a quoted empty cell', '""\n"",""\n', [[''], ['', '']]],
    ['quoted delimiters, quotes and line ends', '"a,b","c ""d""","e\r\nf"\n', [['a,b', 'c "d"', 'e\r\nf']]],
    ['blanks around cells', ' a , b\t, "c " ,d \n', [['a', 'b', 'c ', 'd']]],
    ['a quote within an unquoted cell', '5" pipe,b\n', [['5" pipe', 'b']]],
    ['text of any script', 'é,日本,😀\n', [['é', '日本', '😀']]],
  ];

  it.each(cases)('are read with %s', (_title, text, expected) => {
    expect(cellsOf(rowsOf(text))).toEqual(expected);
  });

  it('keep empty cells between tabs', () => {
    expect(cellsOf(rowsOf('a\t\tb\t\n \t"c\td"\t\n', { delimiter: '\t', quote: '"' }))).toEqual([
      ['a', '', 'b', ''],
      ['', 'c\td', ''],
    ]);
  });

  it('take quotes for text where they mean nothing', () => {
    expect(cellsOf(rowsOf('"a,b"\n', { delimiter: ',', quote: '' }))).toEqual([['"a', 'b"']]);
  });

  it('know the line they start at', () => {
    const text = 'a,b\r\n\r\n"c\r\nd",e\r\nf,"g\n\nh"\ni,j';
    expect(rowsOf(text).map((row) => row.line)).toEqual([1, 3, 5, 8]);
  });

  it('lose only the row with a quote that is never closed', () => {
    const text = 'a,b\nc,"d\ne,f\n"g",h\n';
    expect(rowsOf(text)).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, fault: 'quote', cells: ['c'] },
      { line: 3, cells: ['e', 'f'] },
      { line: 4, cells: ['g', 'h'] },
    ]);
    expect(rowsOf('a\n"b\nc\n').map((row) => row.fault)).toEqual([undefined, 'quote', undefined]);
  });

  it('lose only the row with text behind a closing quote', () => {
    expect(rowsOf('a,"b"c,d\ne,f,g\n')).toEqual([
      { line: 1, fault: 'quote', cells: ['a'] },
      { line: 2, cells: ['e', 'f', 'g'] },
    ]);
  });

  it('give up a row that is longer than any row should be, and hold no more than that', () => {
    const long = 'x'.repeat(500);
    for (const text of [`a,b\n${long},y\nc,d\n`, `a,b\n"${long},y\nc,d\n`]) {
      const rows = rowsOf(text, COMMA, [7], 100);
      expect(cellsOf(rows.filter((row) => row.fault === undefined))).toEqual([
        ['a', 'b'],
        ['c', 'd'],
      ]);
      expect(rows.map((row) => row.line)).toEqual([1, 2, 3]);
    }
  });

  const weird = fc.string({
    unit: fc.constantFrom('"', ',', '\n', '\r', '\r\n', '\t', ';', ' ', 'a', 'é', '😀', "'", '\\', '\u2028'),
    maxLength: 8,
  });
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const table = fc.array(fc.array(weird, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });

  it('come back as they were written, whatever the cells hold and however the text is cut', () => {
    fc.assert(
      fc.property(
        table,
        sizes,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.constantFrom(',', '\t', ';'),
        (rows, cuts, end, delimiter) => {
          const text = rows.map((row) => row.map(quoted).join(delimiter) + end).join('');
          expect(cellsOf(rowsOf(text, { delimiter, quote: '"' }, cuts))).toEqual(rows);
        },
      ),
    );
  });

  it('are the same however any text is cut, sound or broken', () => {
    fc.assert(
      fc.property(weird, weird, weird, sizes, (a, b, c, cuts) => {
        const text = `${a}\n${b},${c}\n"x",y\n`;
        expect(rowsOf(text, COMMA, cuts)).toEqual(rowsOf(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('agree with another reader of RFC 4180 on sound text', () => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'é', '1', "'", '\\'), maxLength: 4 });
    const cell = fc.oneof(plain, weird.map(quoted));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const text = rows.map((row) => row.join(',')).join('\n') + '\n';
        expect(cellsOf(rowsOf(text))).toEqual(
          oracle(text, { relax_column_count: true, record_delimiter: '\n' }),
        );
      }),
    );
  });

  it('account for every line of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', ' '), maxLength: 40 }), (text) => {
        const lines = rowsOf(text).map((row) => row.line);
        expect(lines).toEqual([...lines].sort((a, b) => a - b));
        expect(new Set(lines).size).toBe(lines.length);
      }),
    );
  });
});
