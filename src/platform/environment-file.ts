/** Variables of the environment that are given by file: `NAME_FILE` names the file that holds `NAME`. */
import { readFileSync } from 'node:fs';
import { errorCode } from './error-code.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What `NAME_FILE` names cannot be used; never says what the file holds. */
export class EnvironmentFileError extends Error {
  constructor(
    message: string,
    readonly remedy: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'EnvironmentFileError';
  }
}

/**
 * A variable's own value, or else what the file holds that `NAME_FILE` names, without line ends at its end: the way
 * orchestrators mount secrets. undefined when neither is set.
 *
 * @throws EnvironmentFileError when the file cannot be read, or both are set
 */
export function variableOf(environment: Environment, name: string): string | undefined {
  const own = Object.hasOwn(environment, name) ? environment[name] : undefined;
  const path = Object.hasOwn(environment, `${name}_FILE`) ? environment[`${name}_FILE`] : undefined;
  if (path === undefined || path === '') return own;
  if (own !== undefined && own !== '') {
    throw new EnvironmentFileError(
      `Both ${name} and ${name}_FILE are set.`,
      `Keep one of them, so that nobody wonders which counts.`,
    );
  }
  try {
    return readFileSync(path, 'utf8').replace(/[\r\n]+$/, '');
  } catch (cause) {
    throw new EnvironmentFileError(
      `The file that ${name}_FILE names cannot be read (${errorCode(cause) ?? 'unknown'}).`,
      `Correct ${name}_FILE, or let this user read the file.`,
      cause,
    );
  }
}
