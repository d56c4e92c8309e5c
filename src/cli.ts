/** The `rapport` command. What a command needs is loaded when it runs, so that `--help` answers at once. */
import { runProgram } from './cli/program.js';

// Whoever reads may stop reading (`rapport issues | head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

process.exitCode = await runProgram(process.argv.slice(2));
