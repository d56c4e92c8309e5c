/** Whether there is a configuration, and whether the file at hand is the one in force. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ApplyResult, ApplyService } from '../connections/apply/apply.service.js';
import { errorCode } from '../platform/error-code.js';
import type { Environment } from '../platform/environment-file.js';
import { ok, warning, type Finding } from './finding.js';

export interface ConfigurationFacts {
  /** Connections in force. */
  readonly connections: number;
  /** The rapport.yaml of the folder at hand, and what applying it would do; undefined where there is none. */
  readonly file: { readonly path: string; readonly result: ApplyResult } | undefined;
}

export interface Surroundings {
  readonly folder: string;
  readonly environment: Environment;
}

const FILE = 'rapport.yaml';

/** What applying the file at hand would change; undefined where there is none that this user may read. */
export async function fileAtHand(
  apply: ApplyService,
  { folder, environment }: Surroundings,
): Promise<ConfigurationFacts['file']> {
  const path = resolve(folder, FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (UNREADABLE.includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
  return { path, result: await apply.apply(text, { path, env: environment, dryRun: true }) };
}

const UNREADABLE = ['ENOENT', 'EACCES', 'EISDIR'];

export function judgeConfiguration({ connections, file }: ConfigurationFacts): readonly Finding[] {
  const present =
    connections > 0
      ? ok('connections', `${connections} configured`)
      : warning(
          'connections',
          'No connection is configured.',
          'Describe yours in rapport.yaml, then run `rapport apply rapport.yaml`.',
        );
  return [present, ...(file === undefined ? [] : [compared(file)])];
}

function compared({ path, result }: NonNullable<ConfigurationFacts['file']>): Finding {
  if (!result.ok) {
    const [first] = result.problems;
    return warning(
      'file',
      `${path} cannot be compared with what is in force: ${first?.message ?? ''}`,
      `${first?.remedy ?? ''} \`rapport apply ${FILE} --dry-run\` names every problem.`,
    );
  }
  if (result.changes.length === 0) return ok('file', `${path} says what is in force`);
  const names = [...new Set(result.changes.map(({ name }) => name))].join(', ');
  return warning(
    'file',
    `${path} says something else than what is in force, about ${names}.`,
    `\`rapport apply ${FILE} --dry-run\` shows what, without --dry-run it is put in force. If another file is the one applied, this one is out of date.`,
  );
}
