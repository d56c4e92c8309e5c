import type { Command } from 'commander';
import { JSON_OPTION, type JsonFlag, type Run } from './declaration.js';

const WHO = 'id, e-mail, phone, name, or id in a system';

/** What people have a right to: to know what is held of them, and to be forgotten. */
export function declarePrivacy(program: Command, run: Run): void {
  program
    .command('erase')
    .description('Forget a person: here at once, in each tool as its connection says. Cannot be undone.')
    .argument('<customer>', WHO)
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only say what would happen')
    .option(...JSON_OPTION)
    .action((query: string, options: JsonFlag & { readonly yes?: boolean; readonly dryRun?: boolean }) =>
      run(options, async (output) => {
        const { erase, planErasure } = await import('./commands/erase.js');
        if (options.dryRun === true) return planErasure(query, output);
        return erase(query, { yes: options.yes ?? false }, output);
      }),
    );

  const erasures = program.command('erasures').description('Erasures and their receipts.');
  erasures
    .command('list', { isDefault: true })
    .description('Those that wait first. The same as `rapport erasures`.')
    .option(...JSON_OPTION)
    .action((options: JsonFlag) =>
      run(options, async (output) => {
        const { listErasures } = await import('./commands/erasures.js');
        return listErasures(output);
      }),
    );
  erasures
    .command('retry')
    .description('Try now what waits for a later attempt.')
    .option(...JSON_OPTION)
    .action((options: JsonFlag) =>
      run(options, async (output) => {
        const { retryErasures } = await import('./commands/erasures.js');
        return retryErasures(output);
      }),
    );

  const suppressions = program
    .command('suppressions')
    .description('Erased people who are kept out; only hashes are kept of them.');
  suppressions
    .command('list', { isDefault: true })
    .description('How many hashes of each erasure, and how often they kept a record out.')
    .option(...JSON_OPTION)
    .action((options: JsonFlag) =>
      run(options, async (output) => {
        const { listSuppressions } = await import('./commands/erasures.js');
        return listSuppressions(output);
      }),
    );
  suppressions
    .command('lift')
    .description('Let a person in again; what identifies them has to be given, for it is not kept.')
    .argument('<identifier>', 'an e-mail, a phone number with country code, or connection:object:id')
    .option('--given-name <name>', 'with a number or an address that several people had')
    .option(...JSON_OPTION)
    .action((identifier: string, options: JsonFlag & { readonly givenName?: string }) =>
      run(options, async (output) => {
        const { liftSuppression } = await import('./commands/erasures.js');
        return liftSuppression(identifier, options.givenName, output);
      }),
    );

  program
    .command('export-person')
    .description('Write everything that is held of a person to stdout, as JSON. Who asked is noted.')
    .argument('<customer>', WHO)
    .action((query: string) =>
      run({}, async () => {
        const { exportPerson } = await import('./commands/export-person.js');
        return exportPerson(query);
      }),
    );
}
