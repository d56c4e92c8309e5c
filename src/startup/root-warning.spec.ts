import { rootWarning } from './root-warning.js';

it.each([
  ['root is told to be somebody else', 0, expect.stringContaining('runs as root')],
  ['an ordinary user is told nothing', 1000, undefined],
  ['nobody is told anything where users have no number', undefined, undefined],
])('%s', (_, userId, expected) => {
  expect(rootWarning(userId)).toEqual(expected);
});
