/** zod's issues in our words: what is wrong, and the nearest thing that would be right. */
import type { z } from 'zod';
import { suggestion } from '../../sdk/nearest.js';
import type { ConfigPath, Finding } from './problem.js';
import { choicesAt, keysAt } from './schema-walk.js';

type Issue = z.core.$ZodIssue;

export interface CheckedInput {
  readonly schema: z.core.$ZodType;
  readonly value: unknown;
  /** Where the value stands in the file. */
  readonly at: ConfigPath;
  /** Text out of the environment is never compared or shown. */
  isExpanded(path: ConfigPath): boolean;
}

export function findingsOf(issues: readonly Issue[], input: CheckedInput): readonly Finding[] {
  const all = flattened(issues).flatMap((issue) => describe(issue, input));
  // A key that was misspelt is not missing as well.
  const meant = new Set(
    all.filter((finding) => finding.atKey === true).map((finding) => finding.remedy + parentOf(finding)),
  );
  return all.filter(
    (finding) => !meant.has(`Did you mean "${String(finding.path.at(-1))}"?${parentOf(finding)}`),
  );
}

function parentOf(finding: Finding): string {
  return JSON.stringify(finding.path.slice(0, -1));
}

function describe(issue: Issue, input: CheckedInput): readonly Finding[] {
  const inner = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const path = [...input.at, ...inner];
  const last = path.at(-1);
  const subject =
    last === undefined ? 'The file' : typeof last === 'number' ? `Entry ${String(last + 1)}` : `"${last}"`;
  const given = valueAt(input.value, inner);
  if (issue.code === 'unrecognized_keys') {
    const valid = keysAt(input.schema, inner);
    const present = Object.keys(typeof given === 'object' && given !== null ? given : {});
    const free = valid.filter((key) => !present.includes(key));
    return issue.keys.map((key) => ({
      path: [...path, key],
      atKey: true,
      message: `There is no key "${key}" here.`,
      remedy: suggestion(key, free),
    }));
  }
  if (given === undefined)
    return [{ path, message: `${subject} is missing.`, remedy: missingRemedy(issue, input, inner) }];
  const choices = choicesAt(input.schema, inner);
  if (choices.length > 0 && (issue.code === 'invalid_value' || issue.code === 'invalid_union')) {
    const shown = typeof given === 'string' && !input.isExpanded(path) ? given : undefined;
    return [
      { path, message: `${subject} is none of ${choices.join(', ')}.`, remedy: suggestion(shown, choices) },
    ];
  }
  return [{ path, message: `${subject} ${complaint(issue)}`, remedy: remedyOf(issue, given) }];
}

function remedyOf(issue: Issue, given: unknown): string {
  if (issue.code === 'invalid_type' && issue.expected === 'string' && typeof given !== 'object')
    return 'Put it in quotes.';
  const own: unknown = issue.code === 'custom' ? issue.params?.['remedy'] : undefined;
  return typeof own === 'string' ? own : 'Correct the value.';
}

function complaint(issue: Issue): string {
  if (issue.code === 'invalid_type') return `must be ${TYPES[issue.expected] ?? issue.expected}.`;
  if (issue.code === 'too_small') return tooSmall(issue.origin, Number(issue.minimum));
  if (issue.code === 'too_big') {
    return `must be at most ${String(issue.maximum)}${issue.origin === 'string' ? ' characters long' : ''}.`;
  }
  return sentence(issue.message);
}

function tooSmall(origin: string, minimum: number): string {
  if (origin !== 'string' && origin !== 'array') return `must be at least ${String(minimum)}.`;
  return minimum <= 1 ? 'must not be empty.' : `must not be shorter than ${String(minimum)}.`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

/** Our own messages continue the subject; others' stand after a colon. */
function sentence(message: string): string {
  const text = /[.!?]$/.test(message) ? message : `${message}.`;
  return /^(?:is|are|must|needs|has|cannot|may|should)\b/.test(text) ? text : `is not valid: ${text}`;
}

function missingRemedy(issue: Issue, input: CheckedInput, inner: ConfigPath): string {
  const choices = choicesAt(input.schema, inner);
  if (choices.length > 0) return `Add it: one of ${choices.join(', ')}.`;
  const expected = issue.code === 'invalid_type' ? TYPES[issue.expected] : undefined;
  return expected === undefined ? 'Add it.' : `Add it: ${expected}.`;
}

/** A union's complaint is that of the branch that comes nearest to what was given. */
function flattened(issues: readonly Issue[]): readonly Issue[] {
  return issues.flatMap((issue): readonly Issue[] => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
    const fitting = issue.errors.filter((branch) => !branch.some(isMisfit));
    const best = [...fitting].sort((a, b) => a.length - b.length)[0];
    if (best === undefined) return [issue];
    const nested = best.map((one): Issue => ({ ...one, path: [...issue.path, ...one.path] }));
    return flattened(nested);
  });
}

/** The branch is for another type of value, or another case of a discriminated union. */
function isMisfit(issue: Issue): boolean {
  if (issue.code === 'invalid_type') return issue.path.length === 0;
  return issue.code === 'invalid_value' && (issue.path.length === 0 || issue.values.length === 1);
}

function valueAt(value: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((current, step) => {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    return (current as Readonly<Record<string | number, unknown>>)[step];
  }, value);
}
