import { Command, InvalidArgumentError, Option } from 'commander';
import { CASES, type CaseName } from './cases/index.js';
import type { Vendor } from './support/sandbox.js';

export interface Options {
  /** All unless told. */
  readonly case: readonly CaseName[];
  readonly full: boolean;
  readonly records?: number;
  readonly vendor: Vendor;
  readonly profile?: string;
  readonly statements: boolean;
  readonly json?: string;
}

export function readOptions(args: readonly string[]): Options {
  const names = Object.keys(CASES);
  return new Command('npm run bench --')
    .description('What the hub does in a second, beside what the machine and a plain script can do.')
    .addOption(new Option('--case <name...>', 'only these cases').choices(names).default(names, 'all'))
    .option('--full', 'large sizes: takes an hour or more', false)
    .option('--records <n>', 'this size in place of those of every case', wholeNumber)
    .addOption(
      new Option('--vendor <name>', 'whose records the first pull reads')
        .choices(['salesforce', 'hubspot'])
        .default('salesforce'),
    )
    .option('--profile <folder>', 'CPU profiles of the hub during the first pull and the syncs')
    .option('--statements', 'tell the dearest statements of the first pull', false)
    .option('--json <file>', 'where the figures go; bench/results/TIME.json unless told')
    .parse(args, { from: 'user' })
    .opts<Options>();
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('A whole number from 1 on.');
  return number;
}
