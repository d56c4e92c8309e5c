import { Command, CommanderError } from 'commander';
import type { Run } from './declaration.js';
import { declareAdministration } from './declare-administration.js';
import { declareCustomers } from './declare-customers.js';
import { declareDevelopment } from './declare-development.js';
import { declarePrivacy } from './declare-privacy.js';
import { declareSync } from './declare-sync.js';
import { EXIT, EXIT_HELP, type ExitCode } from './exit-codes.js';
import { createOutput } from './output.js';

/** Runs what the arguments say; the exit code is what became of it. */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const program = createProgram(async ({ json = false }, work) => {
    exitCode = await work(createOutput(json));
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return isAskedFor(error) ? EXIT.done : EXIT.usage;
    const { explainFailure } = await import('./failure.js');
    return explainFailure(error, process.env);
  }
}

function createProgram(run: Run): Command {
  const program = new Command('rapport')
    .description('Keeps every tool’s copy of a customer the same.')
    .exitOverride()
    .showHelpAfterError('See `rapport --help`.')
    .addHelpText('afterAll', EXIT_HELP);
  declareSync(program, run);
  declareCustomers(program, run);
  declarePrivacy(program, run);
  declareAdministration(program, run);
  declareDevelopment(program, run);
  return program;
}

/** Help and version are what was asked for; help shown because something was missing is not. */
function isAskedFor(error: CommanderError): boolean {
  return error.code === 'commander.helpDisplayed' || error.code === 'commander.version';
}
