import type { Command } from 'commander';
import { JSON_OPTION, type JsonFlag, type Run } from './declaration.js';

/** For those who write connectors. */
export function declareDevelopment(program: Command, run: Run): void {
  program
    .command('new')
    .description('Begin something new.')
    .command('connector')
    .description('Write a connector that works, with a sandbox and a conformance suite that passes.')
    .argument('<name>', 'lower-case letters, digits and hyphens')
    .option('--package <folder>', 'as an npm package of its own, in this folder')
    .option(...JSON_OPTION)
    .action((name: string, options: JsonFlag & { readonly package?: string }) =>
      run(options, async (output) => {
        const { newConnector } = await import('./commands/new-connector.js');
        return newConnector(name, options.package, output);
      }),
    );
  program
    .command('conformance')
    .description('Put a connector through the rules of the contract, and print what became of each.')
    .argument('<connector>', 'a folder of connectors, or the path of a built conformance.js')
    .option('--rule <id...>', 'only these rules')
    .option(...JSON_OPTION)
    .action((which: string, options: JsonFlag & { readonly rule?: readonly string[] }) =>
      run(options, async (output) => {
        const { conformance } = await import('./commands/conformance.js');
        return conformance(which, options.rule ?? [], output);
      }),
    );
}
