import { cronProblem } from './cron.js';

describe('cron line', () => {
  it.each([
    '* * * * *',
    '*/5 * * * *',
    '0,30 8-18/2 * * mon-fri',
    '0 0 29 2 *',
    '15 3 1 JAN,jul *',
    '5/10 * * * 7',
    '0 0 31 2 1',
    ' 0  4 * * 0 ',
  ])('%s is one', (line) => {
    expect(cronProblem(line)).toBeUndefined();
  });

  it.each([
    ['', /five/],
    ['* * * *', /four|4/],
    ['* * * * * *', /6/],
    ['60 * * * *', /minute/],
    ['* 24 * * *', /hour/],
    ['* * 0 * *', /day of month/],
    ['* * * 13 *', /month/],
    ['* * * dec-jan *', /month/],
    ['* * * * 8', /day of week/],
    ['* * * * L', /day of week/],
    ['*/0 * * * *', /minute/],
    ['5-1 * * * *', /minute/],
    ['1,,2 * * * *', /minute/],
    ['-1 * * * *', /minute/],
    ['*-5 * * * *', /minute/],
    ['@daily', /five/],
    ['0 0 31 2,4 *', /never/],
  ])('%j is none', (line, why) => {
    expect(cronProblem(line)).toMatch(why);
  });
});
