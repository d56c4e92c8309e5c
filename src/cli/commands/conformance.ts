import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  failures,
  formatReport,
  runConformance,
  type ConformanceTarget,
} from '../../sdk/conformance/index.js';
import { CommandError } from '../command-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Output } from '../output.js';

/** Beside this code: `connectors` of the build. */
const CONNECTORS = fileURLToPath(new URL('../../../connectors', import.meta.url));

/** Runs the conformance suite of a connector in `connectors`, or of the module at a path, and prints the table. */
export async function conformance(
  which: string,
  rules: readonly string[],
  output: Output,
): Promise<ExitCode> {
  const target = await targetOf(which);
  const report = await runConformance(target, {
    ...(rules.length > 0 && { rules }),
    onResult: ({ object, rule, result }) => {
      if (result === 'failed') output.note(`${object}, ${rule}: failed`);
    },
  });
  output.result(report, () => formatReport(report));
  return failures(report).length > 0 ? EXIT.failed : EXIT.done;
}

async function targetOf(which: string): Promise<ConformanceTarget> {
  const own = join(CONNECTORS, which, 'conformance.js');
  const path = existsSync(own) ? own : resolve(which);
  if (!existsSync(path)) {
    throw new CommandError(
      EXIT.usage,
      `There is no conformance suite for "${which}".`,
      'Name a connector whose folder has a conformance.ts, or the path of a built conformance.js.',
    );
  }
  const { default: target } = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  if (!isTarget(target)) {
    throw new CommandError(
      EXIT.usage,
      `The default export of ${which} is no conformance target.`,
      'Export what defineConformance() returns; see docs/writing-a-connector.md.',
    );
  }
  return target;
}

function isTarget(value: unknown): value is ConformanceTarget {
  return (
    typeof value === 'object' &&
    value !== null &&
    'connector' in value &&
    'objects' in value &&
    'open' in value
  );
}
