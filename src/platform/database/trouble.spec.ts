import { isDatabaseTrouble } from './trouble.js';

const coded = (code: string): Error => Object.assign(new Error('no'), { code });

describe('trouble of the database', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03', '08006', '53300', '53100', '40P01', '55P03'])(
    'is %s',
    (code) => {
      expect(isDatabaseTrouble(coded(code))).toBe(true);
    },
  );

  it.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'timeout exceeded when trying to connect',
  ])('is "%s"', (message) => {
    expect(isDatabaseTrouble(new Error(message))).toBe(true);
  });

  it.each([
    ['a value that is none', coded('22P02')],
    ['a key that is there', coded('23505')],
    ['a row that is too large', coded('54000')],
    ['a statement that took too long', coded('57014')],
    ['a fault of the hub', new TypeError('x is undefined')],
    ['nothing', undefined],
  ])('is not %s', (_, error) => {
    expect(isDatabaseTrouble(error)).toBe(false);
  });
});
