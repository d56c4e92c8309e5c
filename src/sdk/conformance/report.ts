import type { Side } from './rule.js';

export interface RuleResult {
  readonly object: string;
  /** Stable id of the rule. */
  readonly rule: string;
  readonly side: Side;
  /** What holds when it passes. */
  readonly sentence: string;
  readonly result: 'passed' | 'failed' | 'does not apply';
  readonly ms: number;
  /** What went wrong, or why it does not apply. */
  readonly cause: string | null;
  readonly remedy: string | null;
}

export interface ConformanceReport {
  readonly connector: string;
  readonly title: string;
  readonly results: readonly RuleResult[];
}

export function failures(report: ConformanceReport): readonly RuleResult[] {
  return report.results.filter(({ result }) => result === 'failed');
}

/** A table for people: rule, result, time, remarks; below it, each failure with its remedy. */
export function formatReport(report: ConformanceReport): string {
  const objects = [...new Set(report.results.map(({ object }) => object))];
  const tables = objects.map((object) =>
    tableOf(
      object,
      report.results.filter((one) => one.object === object),
    ),
  );
  return [
    `${report.title}: conformance`,
    ...tables,
    ...failures(report).map(explained),
    summaryOf(report),
  ].join('\n\n');
}

function tableOf(object: string, results: readonly RuleResult[]): string {
  const rows = results.map((one) => [
    one.rule,
    one.result,
    one.result === 'does not apply' ? '' : `${String(one.ms)} ms`,
    one.result === 'passed' ? one.sentence : (one.cause ?? ''),
  ]);
  const headings = [object, 'result', 'time', 'remarks'];
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width, column) => '-'.repeat(column === 3 ? 7 : width)).join('  ');
  return [line(headings), rule, ...rows.map(line)].join('\n');
}

function explained({ object, rule, sentence, cause, remedy }: RuleResult): string {
  return [`${object}, ${rule}: ${sentence}`, `  cause   ${cause ?? ''}`, `  remedy  ${remedy ?? ''}`].join(
    '\n',
  );
}

function summaryOf({ results }: ConformanceReport): string {
  const count = (wanted: RuleResult['result']): string =>
    String(results.filter(({ result }) => result === wanted).length);
  return `${count('passed')} passed, ${count('failed')} failed, ${count('does not apply')} do not apply`;
}
