import { RequestError } from '../customers/request-error.js';
import { DatabaseUnavailableError } from '../platform/database/index.js';
import { EnvironmentFileError } from '../platform/environment-file.js';
import { errorCode } from '../platform/error-code.js';
import { RunRefused } from '../runs/runs.service.js';
import { SettingsError } from '../startup/settings.js';
import { CommandError } from './command-error.js';
import { EXIT, type ExitCode } from './exit-codes.js';

interface Failure {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly remedy: string | undefined;
}

/** Tells why a command failed and what to do, in words and without a stack unless debugging. */
export function explainFailure(
  error: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): ExitCode {
  const { exitCode, message, remedy } = failureOf(error);
  const lines = [message, ...(remedy === undefined || message.includes(remedy) ? [] : [remedy])];
  if (['debug', 'trace'].includes(environment['RAPPORT_LOG_LEVEL'] ?? '') && error instanceof Error) {
    lines.push('', error.stack ?? '', ...(error.cause instanceof Error ? [error.cause.stack ?? ''] : []));
  }
  process.stderr.write(`${lines.join('\n')}\n`);
  return exitCode;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) return { ...read(error), exitCode: error.exitCode };
  if (error instanceof RequestError) return { ...read(error), exitCode: REQUEST[error.kind] };
  if (error instanceof RunRefused) {
    return { ...read(error), exitCode: error.code === 'UNKNOWN_CONNECTION' ? EXIT.notFound : EXIT.failed };
  }
  if (error instanceof SettingsError || error instanceof EnvironmentFileError) {
    return { ...read(error), exitCode: EXIT.usage };
  }
  if (error instanceof DatabaseUnavailableError) return { ...read(error), exitCode: EXIT.failed };
  return { ...(databaseFailure(error) ?? read(error)), exitCode: EXIT.failed };
}

const REQUEST = { unknown: EXIT.notFound, invalid: EXIT.usage, conflict: EXIT.failed } as const;

const UNEXPECTED = 'This is not supposed to happen. RAPPORT_LOG_LEVEL=debug shows where it did.';

function read(error: unknown): Omit<Failure, 'exitCode'> {
  if (!(error instanceof Error)) return { message: 'The command failed.', remedy: UNEXPECTED };
  const remedy = 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : undefined;
  if (error instanceof CommandError) return { message: error.message, remedy };
  return { message: error.message === '' ? error.name : error.message, remedy: remedy ?? UNEXPECTED };
}

/** By Node's and PostgreSQL's codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DATABASE_CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens where DATABASE_URL points.',
  ENOTFOUND: 'The host in DATABASE_URL is not known.',
  ETIMEDOUT: 'The database did not answer in time.',
  ECONNRESET: 'The database closed the connection.',
  '28P01': 'The database refused the password in DATABASE_URL.',
  '28000': 'The database refused the user in DATABASE_URL.',
  '3D000': 'There is no database of the name in DATABASE_URL.',
  '57P03': 'The database is starting or stopping.',
  '53300': 'The database has no connection left for this process.',
};

function databaseFailure(error: unknown): Omit<Failure, 'exitCode'> | undefined {
  const code = codeOf(error);
  const message = code === undefined ? undefined : DATABASE_CODES[code];
  if (message === undefined) return undefined;
  return { message, remedy: 'Correct DATABASE_URL, or see that its server runs and can be reached.' };
}

/** Node says so in the error itself, or in those of each address it tried; others put it into the cause. */
function codeOf(error: unknown): string | undefined {
  const own = errorCode(error);
  if (own !== undefined && own in DATABASE_CODES) return own;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : own;
}
