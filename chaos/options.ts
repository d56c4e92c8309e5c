import { InvalidArgumentError, Command } from 'commander';

export interface Options {
  /** How many seeds, one after the other. */
  readonly runs: number;
  /** The first of them. */
  readonly seed: number;
  /** Folder of other stand-ins, used in place of the sandboxes. */
  readonly counterparts?: string;
}

export function readOptions(args: readonly string[]): Options {
  const command = new Command('npm run chaos --')
    .description(
      'Breaks everything around a hub while people work, then looks whether it is right in the end.',
    )
    .option('--runs <n>', 'seeds to run, one after the other', wholeNumber, 1)
    .option('--seed <n>', 'the first seed', wholeNumber, 1)
    .option('--counterparts <dir>', 'stand-ins for the CRMs, used in place of the sandboxes');
  return command.parse(args, { from: 'user' }).opts<Options>();
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('A whole number from 1 on.');
  return number;
}
