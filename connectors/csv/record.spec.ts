import type { z } from 'zod';
import { settingsSchema } from './config.js';
import { readRow, type ReadRow } from './record.js';

const HEADER = ['id', 'source', 'first', 'tags', 'born', 'at'];

function read(cells: readonly string[], change: Partial<z.input<typeof settingsSchema>> = {}): ReadRow {
  const settings = settingsSchema.parse({
    path: 'people.csv',
    object: 'customer',
    idColumn: 'id',
    columns: { first: 'givenName', tags: 'tags', born: 'birthday' },
    ...change,
  });
  return readRow(
    { line: 7, cells },
    {
      settings,
      columns: new Map(HEADER.map((name, index) => [name, index])),
      width: HEADER.length,
      properties: ['born', 'first', 'tags'],
      modifiedAt: '2026-01-01T00:00:00.000Z',
    },
  );
}

const GOOD = ['1', 'A', 'Anna', 'x; y;', '1978-12-11', '2026-02-03'];

const replaced = (index: number, text: string): readonly string[] =>
  GOOD.map((cell, at) => (at === index ? text : cell));

describe('a row', () => {
  it('becomes a record: lists parted, blanks null, the time that of the file', () => {
    expect(read(GOOD)).toEqual({
      kind: 'record',
      record: {
        id: '1',
        values: { born: '1978-12-11', first: 'Anna', tags: ['x', 'y'] },
        modifiedAt: '2026-01-01T00:00:00.000Z',
        version: expect.stringMatching(/^[\w-]{22}$/) as unknown,
      },
    });
    expect(read(replaced(2, ' '))).toMatchObject({ record: { values: { first: null } } });
  });

  it('has a version that follows the values read and nothing else', () => {
    const versionOf = (row: ReadRow): string => (row.kind === 'record' ? row.record.version : 'none');
    expect(versionOf(read(replaced(1, 'B')))).toBe(versionOf(read(GOOD)));
    expect(versionOf(read(replaced(2, 'Anne')))).not.toBe(versionOf(read(GOOD)));
  });

  it('takes its id from several columns, and its time from its own', () => {
    const change = { idColumn: undefined, idColumns: ['source', 'id'], modifiedColumn: 'at' };
    expect(read(GOOD, change)).toMatchObject({
      record: { id: 'A:1', modifiedAt: '2026-02-03T00:00:00.000Z' },
    });
    expect(read(replaced(5, ''), change)).toMatchObject({
      record: { modifiedAt: '2026-01-01T00:00:00.000Z' },
    });
    expect(read(replaced(5, '1767323045000'), change)).toMatchObject({
      record: { modifiedAt: '2026-01-02T03:04:05.000Z' },
    });
  });

  it('has its dates in the order told, and never guesses', () => {
    const born = (text: string, dateOrder?: 'mdy' | 'dmy'): unknown => {
      const row = read(replaced(4, text), dateOrder === undefined ? {} : { dateOrder });
      return row.kind === 'record' ? row.record.values['born'] : undefined;
    };
    expect(born('12/11/1978', 'mdy')).toBe('1978-12-11');
    expect(born('12.11.1978', 'dmy')).toBe('1978-11-12');
    expect(born('12/11/1978')).toBe('12/11/1978');
    expect(born('31/11/1978', 'dmy')).toBe('31/11/1978');
    expect(born('1/2/18', 'mdy')).toBe('1/2/18');
  });

  it('is left out when it is not one of those asked for, or empty', () => {
    expect(read(GOOD, { where: { source: ['B', 'C'] } })).toEqual({ kind: 'other' });
    expect(read(GOOD, { where: { source: ['B', 'A'] } })).toMatchObject({ kind: 'record' });
    expect(read(['', '', '', '', '', ''])).toEqual({ kind: 'blank' });
  });

  it('may have empty cells behind the last column', () => {
    expect(read([...GOOD, '', ''])).toMatchObject({ kind: 'record' });
  });

  it.each([
    ['too few cells', GOOD.slice(0, 4), {}, '1', /4 cells where the header has 6/],
    ['too many cells', [...GOOD, 'x'], {}, '1', /7 cells/],
    ['no id', replaced(0, ' '), {}, 'line 7', /no id in "id"/],
    ['an id without end', replaced(0, 'x'.repeat(501)), {}, 'line 7', /longer than 500/],
    ['bytes that are no text', replaced(2, 'M\ufffdller'), {}, '1', /no text in utf-8/],
    ['NUL characters', replaced(2, 'A\0n\0'), {}, '1', /no text/],
    ['half a character', replaced(2, '\ud83d'), {}, '1', /no text/],
    ['a time that cannot be read', replaced(5, 'soon'), { modifiedColumn: 'at' }, '1', /time in "at"/],
  ])('with %s is reported by line', (_title, cells, change, id, words) => {
    const row = read(cells, change);
    expect(row).toMatchObject({ kind: 'unreadable', problem: { id } });
    const { message, remedy } = row.kind === 'unreadable' ? row.problem : { message: '', remedy: '' };
    expect(message).toMatch(words);
    expect(message).toContain('line 7');
    expect(remedy).not.toBe('');
  });
});
