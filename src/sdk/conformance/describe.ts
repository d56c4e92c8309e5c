import { reasonAgainst } from './applies.js';
import type { ConformanceTarget } from './harness.js';
import { RuleBroken } from './rule.js';
import { RULES } from './rules/index.js';
import { runRule } from './run.js';

interface Framework {
  readonly describe: (title: string, define: () => void) => unknown;
  readonly it: {
    (title: string, test: () => Promise<void>, timeoutMs?: number): unknown;
    skip(title: string, test: () => Promise<void>): unknown;
  };
}

const LIMIT_MS = 70_000;

/**
 * The whole suite as tests: one line in a file of jest, vitest or node:test. What does not apply is a skipped test
 * with its reason.
 */
export function describeConformance(target: ConformanceTarget): void {
  const { describe, it } = framework();
  describe(`${target.connector.title} keeps the contract`, () => {
    for (const specimen of target.objects) {
      describe(specimen.object, () => {
        for (const rule of RULES) {
          const reason = reasonAgainst(rule, target, specimen);
          if (reason !== undefined) it.skip(`${rule.id}: does not apply, ${reason}`, () => Promise.resolve());
          else
            it(`${rule.id}: ${rule.sentence}`, () => passes(() => runRule(rule, target, specimen)), LIMIT_MS);
        }
      });
    }
  });
}

async function passes(run: () => ReturnType<typeof runRule>): Promise<void> {
  const { cause, remedy, result } = await run();
  if (result === 'failed') throw new RuleBroken(`${String(cause)}\n\nRemedy: ${String(remedy)}`);
}

/** The one that is at work: jest's and vitest's stand in the global scope, node:test is always there. */
function framework(): Framework {
  const { describe, it } = globalThis as Partial<Framework>;
  if (describe !== undefined && it !== undefined) return { describe, it };
  const node = process.getBuiltinModule('node:test');
  const test = (title: string, run: () => Promise<void>, timeoutMs?: number): unknown =>
    node.it(title, timeoutMs === undefined ? {} : { timeout: timeoutMs }, run);
  return {
    describe: (title, define) => node.describe(title, define),
    it: Object.assign(test, { skip: (title: string, run: () => Promise<void>) => node.it.skip(title, run) }),
  };
}
