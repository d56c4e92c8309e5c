import { settingsSchema } from './config.js';

const GOOD = { path: './people.csv', idColumn: 'id', object: 'customer', columns: { mail: 'email' } };

describe('settings of a file', () => {
  it('fill in what is usual', () => {
    expect(settingsSchema.parse(GOOD)).toEqual({ ...GOOD, quote: '"', separator: ';', where: {} });
  });

  it.each([
    ['both path and url', { url: 'http://127.0.0.1/x.csv' }, /either path or url/],
    ['neither', { path: undefined }, /either path or url/],
    ['both ways to an id', { idColumns: ['a', 'b'] }, /either idColumn or idColumns/],
    ['no id', { idColumn: undefined }, /either idColumn or idColumns/],
    ['an unknown encoding', { encoding: 'utf-9' }, /encoding/],
    ['a delimiter of two characters', { delimiter: ';;' }, /single character/],
    ['a secret in the address', { path: undefined, url: 'https://u:p@127.0.0.1/x.csv' }, /credentials/],
    ['an address of another kind', { path: undefined, url: 'file:///etc/passwd' }, /URL/],
    ['another object', { object: 'deal' }, /customer/],
    ['an unknown key', { colums: {} }, /colums/],
  ])('refuse %s', (_title, change, words) => {
    const result = settingsSchema.safeParse({ ...GOOD, ...change });
    expect(result.error?.issues[0]?.message).toMatch(words);
  });
});
