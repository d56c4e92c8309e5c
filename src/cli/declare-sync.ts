import type { Command } from 'commander';
import { JSON_OPTION, type JsonFlag, type Run } from './declaration.js';

/** Configuring connections, checking and syncing them. */
export function declareSync(program: Command, run: Run): void {
  program
    .command('apply')
    .description('Put a configuration file in force: all of it, or nothing.')
    .argument('<file>', 'rapport.yaml')
    .option('--dry-run', 'only say what would change')
    .option(...JSON_OPTION)
    .action((file: string, options: JsonFlag & { readonly dryRun?: boolean }) =>
      run(options, async (output) => {
        const { apply } = await import('./commands/apply.js');
        return apply(file, { dryRun: options.dryRun ?? false }, output);
      }),
    );

  program
    .command('check')
    .description('Check credentials, scopes, reach and limits of all connections, or of one.')
    .argument('[connection]')
    .option(...JSON_OPTION)
    .action((connection: string | undefined, options: JsonFlag) =>
      run(options, async (output) => {
        const { check } = await import('./commands/check.js');
        return check(connection, output);
      }),
    );

  program
    .command('sync')
    .description('Sync all connections, or those named.')
    .argument('[connection...]')
    .option('--full', 'read everything again, not only what changed')
    .option('--wait', 'do the work here, and end when everything it caused has settled')
    .option('--dry-run', 'show what a sync would do; nothing is changed anywhere')
    .option(
      '--approve',
      'answer yes beforehand to whatever a sync would stop to ask a person: ' +
        'it asks nothing unless it is about to do something unusual',
    )
    .option(...JSON_OPTION)
    .action((connections: readonly string[], options: JsonFlag & SyncFlags) =>
      run(options, async (output) => {
        const { sync } = await import('./commands/sync.js');
        const { full = false, wait = false, dryRun = false } = options;
        return sync(connections, { full, wait, dryRun }, output);
      }),
    );

  program
    .command('status')
    .description('Show connections, how fresh each is, what waits, what is wrong, and the syncs under way.')
    .option(...JSON_OPTION)
    .action((options: JsonFlag) =>
      run(options, async (output) => {
        const { status } = await import('./commands/status.js');
        return status(output);
      }),
    );
}

interface SyncFlags {
  readonly full?: boolean;
  readonly wait?: boolean;
  readonly dryRun?: boolean;
}
