import { RequestError } from '../customers/request-error.js';
import { DatabaseUnavailableError } from '../platform/database/index.js';
import { RunRefused } from '../runs/runs.service.js';
import { ConnectorError } from '../sdk/index.js';
import { SettingsError } from '../startup/settings.js';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';
import { failureOf } from './failure.js';

const said = { message: 'It is so.', remedy: 'Do this.' };

it.each([
  ['a command that cannot do it', new CommandError(EXIT.notFound, said.message, said.remedy), EXIT.notFound],
  ['something that is not there', new RequestError({ kind: 'unknown', ...said }), EXIT.notFound],
  ['a wrong argument', new RequestError({ kind: 'invalid', ...said }), EXIT.usage],
  ['a conflict', new RequestError({ kind: 'conflict', ...said }), EXIT.failed],
  ['an unknown connection', new RunRefused('UNKNOWN_CONNECTION', said.message, said.remedy), EXIT.notFound],
  ['nothing to sync', new RunRefused('NOTHING_TO_SYNC', said.message, said.remedy), EXIT.failed],
  ['a system that says no', new ConnectorError({ kind: 'credentials', code: 'X', ...said }), EXIT.failed],
])('%s is told with its remedy and its exit code', (_, error, exitCode) => {
  expect(failureOf(error)).toEqual({ ...said, exitCode });
});

it('an environment that cannot be used counts as wrong usage', () => {
  expect(failureOf(new SettingsError(['PORT: must be a number.']))).toMatchObject({
    exitCode: EXIT.usage,
    message: 'PORT: must be a number.',
  });
});

it('a database that is not reached is told as such, however deep the driver hides it', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const all = new AggregateError([refused], '');
  for (const error of [refused, all, new Error('wrapped', { cause: all })]) {
    expect(failureOf(error)).toMatchObject({
      exitCode: EXIT.failed,
      message: 'Nothing listens where DATABASE_URL points.',
    });
  }
});

it('a database that DATABASE_URL names is told by its host and name', () => {
  const error = new DatabaseUnavailableError('The database db/hub cannot be used: no.', 'Start it.');
  expect(failureOf(error)).toMatchObject({
    exitCode: EXIT.failed,
    message: 'The database db/hub cannot be used: no. Start it.',
  });
});

it('what nobody foresaw says how to see more', () => {
  expect(failureOf(new TypeError('x is not a function'))).toMatchObject({
    exitCode: EXIT.failed,
    message: 'x is not a function',
    remedy: expect.stringContaining('RAPPORT_LOG_LEVEL=debug') as string,
  });
});
