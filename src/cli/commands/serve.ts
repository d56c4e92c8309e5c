import { serve, work } from '../../startup/run.js';
import { EXIT, type ExitCode } from '../exit-codes.js';

export async function serveUntilStopped(environment: NodeJS.ProcessEnv): Promise<ExitCode> {
  await serve(environment);
  return outcome();
}

export async function workUntilStopped(environment: NodeJS.ProcessEnv): Promise<ExitCode> {
  await work(environment);
  return outcome();
}

/** A process whose database went away says so by its exit code. */
function outcome(): ExitCode {
  return process.exitCode === undefined || process.exitCode === 0 ? EXIT.done : EXIT.failed;
}
