import type { Command } from 'commander';
import { JSON_OPTION, type JsonFlag, type Run } from './declaration.js';

/** What is wrong and what there is, keys, and the processes that run on. */
export function declareAdministration(program: Command, run: Run): void {
  declareIssues(program, run);
  declareKeys(program, run);
  program
    .command('connectors')
    .description('List the connectors there are, what they can do, and those that cannot be used.')
    .option(...JSON_OPTION)
    .action((options: JsonFlag) =>
      run(options, async (output) => {
        const { connectors } = await import('./commands/connectors.js');
        return connectors(output);
      }),
    );
  program
    .command('doctor')
    .description('Look for what is usually wrong: machine, database, work, connections; and say what to do.')
    .option(...JSON_OPTION)
    .action((options: JsonFlag) =>
      run(options, async (output) => {
        const { doctor } = await import('./commands/doctor.js');
        return doctor(output);
      }),
    );
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
    .description('Do the work beside `rapport serve`; any number of workers share one database.')
    .action(() =>
      run({}, async () => {
        const { workUntilStopped } = await import('./commands/serve.js');
        return workUntilStopped(process.env);
      }),
    );
}

function declareIssues(program: Command, run: Run): void {
  const issues = program.command('issues').description('What did not sync, why, and what to do about it.');
  issues
    .command('list', { isDefault: true })
    .description('Causes with how often, then each issue. The same as `rapport issues`.')
    .argument('[word...]')
    .option('--connection <name>', 'only of this connection')
    .option('--all', 'every issue, also those skipped; else the newest open ones')
    .option(...JSON_OPTION)
    .action((words: readonly string[], options: JsonFlag & IssueFlags) =>
      run(options, async (output) => {
        const { listIssues, refuseWords } = await import('./commands/issues.js');
        refuseWords(words);
        return listIssues({ connection: options.connection, all: options.all ?? false }, output);
      }),
    );
  issues
    .command('retry')
    .description('Try again now what an issue is about, or all of them.')
    .argument('[id]')
    .option('--connection <name>', 'with --all: only of this connection')
    .option('--all', 'every open issue')
    .option(...JSON_OPTION)
    .action((id: string | undefined, options: JsonFlag & IssueFlags) =>
      run(options, async (output) => {
        const { retryIssues } = await import('./commands/issues.js');
        return retryIssues(id, { connection: options.connection, all: options.all ?? false }, output);
      }),
    );
  issues
    .command('decide')
    .description('Decide the value of a field that two systems swing between, so that it is written again.')
    .argument('<id>')
    .option('--value <text>', 'this value')
    .option('--connection <name>', 'what this connection holds')
    .option(...JSON_OPTION)
    .action((id: string, options: JsonFlag & IssueFlags & { readonly value?: string }) =>
      run(options, async (output) => {
        const { decideIssue } = await import('./commands/issues.js');
        return decideIssue(id, options, output);
      }),
    );
  issues
    .command('skip')
    .description('Leave it so: no longer counted, until the value is another one.')
    .argument('<id>')
    .option(...JSON_OPTION)
    .action((id: string, options: JsonFlag) =>
      run(options, async (output) => {
        const { skipIssue } = await import('./commands/issues.js');
        return skipIssue(id, output);
      }),
    );
}

interface IssueFlags {
  readonly connection?: string;
  readonly all?: boolean;
}

function declareKeys(program: Command, run: Run): void {
  program
    .command('keys')
    .description('The key that credentials are encrypted with.')
    .command('rotate')
    .description('Make a new key and seal all stored credentials with it.')
    .option('--forget-old', 'keep no older key: stop `rapport serve` and `rapport worker` before')
    .option(...JSON_OPTION)
    .action((options: JsonFlag & { readonly forgetOld?: boolean }) =>
      run(options, async (output) => {
        const { rotateKeys } = await import('./commands/keys.js');
        return rotateKeys({ forgetOld: options.forgetOld ?? false }, output);
      }),
    );

  const apiKey = program.command('api-key').description('Keys of the HTTP API.');
  apiKey
    .command('create')
    .description('Make a key; it is shown this once.')
    .argument('<name>', 'what it is for')
    .option('--scope <scope>', 'read or admin', 'read')
    .option(...JSON_OPTION)
    .action((name: string, options: JsonFlag & { readonly scope: string }) =>
      run(options, async (output) => {
        const { createApiKey } = await import('./commands/api-key.js');
        return createApiKey(name, options.scope, output);
      }),
    );
  apiKey
    .command('list')
    .description('List the keys, without their secrets.')
    .option(...JSON_OPTION)
    .action((options: JsonFlag) =>
      run(options, async (output) => {
        const { listApiKeys } = await import('./commands/api-key.js');
        return listApiKeys(output);
      }),
    );
  apiKey
    .command('revoke')
    .description('End a key: calls with it are refused from now on.')
    .argument('<id>')
    .option(...JSON_OPTION)
    .action((id: string, options: JsonFlag) =>
      run(options, async (output) => {
        const { revokeApiKey } = await import('./commands/api-key.js');
        return revokeApiKey(id, output);
      }),
    );
}
