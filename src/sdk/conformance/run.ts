import { ConnectorError } from '../index.js';
import { reasonAgainst, unexplained } from './applies.js';
import { Bench } from './bench.js';
import type { ConformanceTarget, Harness, Specimen } from './harness.js';
import type { ConformanceReport, RuleResult } from './report.js';
import { type Rule, RuleBroken } from './rule.js';
import { RULES } from './rules/index.js';

/** No rule takes nearly as long: what does, never ends. */
const LIMIT_MS = 60_000;

export interface RunOptions {
  /** Only rules with these ids; all unless told. */
  readonly rules?: readonly string[];
  /** Hears of each result as it is there. */
  readonly onResult?: (result: RuleResult) => void;
  /** A rule that has not ended after so many ms is broken; 60,000 unless told. */
  readonly limitMs?: number;
}

/** Puts each object of the target through each rule. Never throws for a broken rule: the report tells. */
export async function runConformance(
  target: ConformanceTarget,
  options: RunOptions = {},
): Promise<ConformanceReport> {
  const rules = RULES.filter(({ id }) => options.rules?.includes(id) ?? true);
  const results: RuleResult[] = [];
  for (const specimen of target.objects) {
    for (const rule of rules) {
      const result = await runRule(rule, target, specimen, options.limitMs);
      results.push(result);
      options.onResult?.(result);
    }
  }
  return { connector: target.connector.name, title: target.connector.title, results };
}

/** One rule on one object, in a system of its own. */
export async function runRule(
  rule: Rule,
  target: ConformanceTarget,
  specimen: Specimen,
  limitMs = LIMIT_MS,
): Promise<RuleResult> {
  const about = { object: specimen.object, rule: rule.id, side: rule.side, sentence: rule.sentence };
  const reason = reasonAgainst(rule, target, specimen);
  if (reason !== undefined) return { ...about, result: 'does not apply', ms: 0, cause: reason, remedy: null };
  const startedAt = performance.now();
  const broken = await attempt(rule, target, specimen, limitMs);
  const ms = Math.round(performance.now() - startedAt);
  if (broken === undefined) return { ...about, result: 'passed', ms, cause: null, remedy: null };
  return { ...about, result: 'failed', ms, cause: broken.message, remedy: broken.remedy ?? rule.remedy };
}

async function attempt(
  rule: Rule,
  target: ConformanceTarget,
  specimen: Specimen,
  limitMs: number,
): Promise<RuleBroken | undefined> {
  let system: Harness | undefined;
  const stop = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new RuleBroken(`it did not end within ${String(limitMs / 1000)} s`));
    stop.abort(new Error('the rule took too long'));
  }, limitMs);
  try {
    system = await target.open();
    expectDriveable(rule, system, specimen);
    const bench = new Bench(target.connector, specimen, system, stop.signal);
    await Promise.race([late.promise, rule.check(bench)]);
    return undefined;
  } catch (error) {
    return brokenBy(error);
  } finally {
    clearTimeout(timer);
    stop.abort(new Error('the rule is over'));
    await system?.close();
  }
}

function expectDriveable(rule: Rule, system: Harness, specimen: Specimen): void {
  const lacks = unexplained(rule, system, specimen);
  if (lacks.length === 0) return;
  throw new RuleBroken(
    `neither the harness nor the specimen has ${lacks.map((one) => `\`${one}\``).join(', ')}`,
    'Implement it, or say in `cannot` why the system has no such thing.',
  );
}

function brokenBy(error: unknown): RuleBroken {
  if (error instanceof RuleBroken) return error;
  if (error instanceof ConnectorError)
    return new RuleBroken(`it throws "${error.message}" (${error.kind}, ${error.code})`);
  if (error instanceof Error) return new RuleBroken(`it throws ${error.name}: ${error.message}`);
  return new RuleBroken(`it throws what is no Error: ${String(error)}`);
}
