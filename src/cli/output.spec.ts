import { show, showTime, table } from './output.js';

describe('a table', () => {
  it('makes columns as wide as they need, with numbers to the right', () => {
    expect(
      table(
        ['name', 'count'],
        [
          ['salesforce', 7],
          ['csv', 1200],
        ],
      ),
    ).toBe(['name        count', '----------  -----', 'salesforce      7', 'csv          1200'].join('\n'));
  });

  it('keeps words that look like numbers to the left', () => {
    expect(
      table(['id'], [['7'], ['1200']])
        .split('\n')
        .at(-2),
    ).toBe('7');
  });

  it('aligns letters that take two columns, and accents that take none', () => {
    const lines = table(
      ['name', 'in'],
      [
        ['山田太郎', 'a'],
        ['Jose\u0301', 'b'],
      ],
    ).split('\n');
    expect(lines.slice(2)).toEqual(['山田太郎  a', 'Jose\u0301      b']);
  });

  it('keeps a value with line breaks or control characters on its line', () => {
    expect(table(['name'], [['a\nb\u001b[31m\tc']]).split('\n')).toHaveLength(3);
    expect(table(['name'], [['\u001b[31m']])).not.toContain('\u001b');
  });
});

describe('values', () => {
  it('are shown as people read them', () => {
    expect([null, '', 'Ada', 7, false, ['a', 'b']].map(show)).toEqual([
      '(blank)',
      '(blank)',
      'Ada',
      '7',
      'false',
      '["a","b"]',
    ]);
  });

  it('cannot move the cursor of whoever reads them', () => {
    expect(show('a\r\n\u001b]0;b\u0007')).toBe('a ]0;b');
  });

  it('of time are shown in UTC, to the minute', () => {
    expect(showTime('2026-03-01T12:30:59.999Z')).toBe('2026-03-01 12:30');
  });
});
