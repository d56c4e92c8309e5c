import type { Command } from 'commander';
import { JSON_OPTION, type JsonFlag, type Run } from './declaration.js';

const WHO = 'id, e-mail, phone, name, or id in a system';

/** Looking at customers and accounts, and deciding which are the same. */
export function declareCustomers(program: Command, run: Run): void {
  program
    .command('customer')
    .description(
      'Show a customer, account or deal whole: every field, where it comes from, and what each tool holds.',
    )
    .argument('<query...>', WHO)
    .option(...JSON_OPTION)
    .action((words: readonly string[], options: JsonFlag) =>
      run(options, async (output) => {
        const { customer } = await import('./commands/customer.js');
        return customer(words.join(' '), output);
      }),
    );

  program
    .command('explain')
    .description('Say why a field has the value it has: who says what, since when, and which rule decided.')
    .argument('<customer>', WHO)
    .argument('<field>', 'phone, address.city, custom.tier, …')
    .option(...JSON_OPTION)
    .action((query: string, field: string, options: JsonFlag) =>
      run(options, async (output) => {
        const { explain } = await import('./commands/explain.js');
        return explain(query, field, output);
      }),
    );

  program
    .command('merge')
    .description('Say that two are one. The older one keeps its id.')
    .argument('<a>', WHO)
    .argument('<b>', WHO)
    .option(...JSON_OPTION)
    .action((a: string, b: string, options: JsonFlag) =>
      run(options, async (output) => {
        const { merge } = await import('./commands/merge.js');
        return merge(a, b, output);
      }),
    );

  program
    .command('unmerge')
    .description('Take back the newest merge of a customer, or the one that an id was merged away by.')
    .argument('<a>', WHO)
    .option(...JSON_OPTION)
    .action((a: string, options: JsonFlag) =>
      run(options, async (output) => {
        const { unmerge } = await import('./commands/merge.js');
        return unmerge(a, output);
      }),
    );

  const exported = program.command('export').description('Write everything to stdout, as a stream.');
  for (const what of ['links', 'customers'] as const) {
    exported
      .command(what)
      .description(EXPORTS[what])
      .option('--format <format>', 'csv or json', 'csv')
      .option('--entity <entity>', 'only customer, account, or deal')
      .action((options: { readonly format: string; readonly entity?: string }) =>
        run({}, async () => {
          const { exportAll } = await import('./commands/export.js');
          return exportAll(what, options);
        }),
      );
  }
}

const EXPORTS = {
  links: 'Which record of which tool stands for which customer: connection,object,external_id,customer_id.',
  customers: 'Golden records with their values; customers unless --entity says account or deal.',
} as const;
