import type { Command } from 'commander';
import type { Run } from './program.js';
export function declareAdministration(program: Command, run: Run): void {
  program
    .command('serve')
    .description('Serve the HTTP API and webhooks, start syncs that are due, and do the work.')
    .action(() =>
      run({}, async () => {
        const { serveUntilStopped } = await import('./commands/serve.js');
        return serveUntilStopped(process.env);
      }),
    );
  program
    .command('worker')
    .description('Do the work beside `rapport serve`; any number of them share one database.')
    .action(() =>
      run({}, async () => {
        const { workUntilStopped } = await import('./commands/serve.js');
        return workUntilStopped(process.env);
      }),
    );
}
