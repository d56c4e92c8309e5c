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
      'say yes beforehand: to the first writes to a system that holds records, ' +
        'to a change of more than a connection allows, and to what waits or was rejected there',
    )
    .option(...JSON_OPTION)
    .action((connections: readonly string[], options: JsonFlag & SyncFlags) =>
      run(options, async (output) => {
        const { sync } = await import('./commands/sync.js');
        const { full = false, wait = false, dryRun = false, approve = false } = options;
        return sync(connections, { full, wait, dryRun, approve }, output);
      }),
    );

  declareRuns(program, run);

  program
    .command('audit')
    .description(
      'Read everything again and compare: the share that is identical everywhere, and what is not and why.',
    )
    .option('--repair', 'take in what was missed; otherwise nothing is changed anywhere')
    .option(...JSON_OPTION)
    .action((options: JsonFlag & { readonly repair?: boolean }) =>
      run(options, async (output) => {
        const { audit } = await import('./commands/audit.js');
        return audit({ repair: options.repair ?? false }, output);
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
  readonly approve?: boolean;
}

function declareRuns(program: Command, run: Run): void {
  program
    .command('runs')
    .description('List the newest runs, or show one: what it did, and what of it waits for a decision.')
    .argument('[run]')
    .option(...JSON_OPTION)
    .action((id: string | undefined, options: JsonFlag) =>
      run(options, async (output) => {
        const { listRuns, showRun } = await import('./commands/runs.js');
        return id === undefined ? listRuns(output) : showRun(id, output);
      }),
    );
  program
    .command('undo')
    .description('Write back what was there before a run, where nobody has changed it since; list the rest.')
    .argument('<run>')
    .option('--dry-run', 'only say what would be written back, and what not')
    .option(...JSON_OPTION)
    .action((id: string, options: JsonFlag & { readonly dryRun?: boolean }) =>
      run(options, async (output) => {
        const { undoRun } = await import('./commands/undo.js');
        return undoRun(id, { dryRun: options.dryRun ?? false }, output);
      }),
    );
  const decisions = [
    ['approve', 'Let a run write what it stopped to ask about, or what was rejected of it.'],
    ['reject', 'Write nothing of what a run stopped to ask about.'],
  ] as const;
  for (const [name, description] of decisions) {
    program
      .command(name)
      .description(description)
      .argument('<run>')
      .option(...JSON_OPTION)
      .action((id: string, options: JsonFlag) =>
        run(options, async (output) => {
          const { decideRun } = await import('./commands/runs.js');
          return decideRun(id, name, output);
        }),
      );
  }
}
