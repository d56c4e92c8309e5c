/** Whether a connector keeps the contract: the rules, and a small interface to put a system in front of them. */
export { defineConformance } from './harness.js';
export type * from './harness.js';
export { describeConformance } from './describe.js';
export { failures, formatReport } from './report.js';
export type { ConformanceReport, RuleResult } from './report.js';
export { RULES } from './rules/index.js';
export type { Rule } from './rule.js';
export { runConformance } from './run.js';
export type { RunOptions } from './run.js';
