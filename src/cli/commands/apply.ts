import { readFile } from 'node:fs/promises';
import { ApplyService, type ApplyResult } from '../../connections/apply/apply.service.js';
import type { AppliedChange } from '../../connections/apply/reconcile.js';
import type { ConfigProblem } from '../../platform/config/index.js';
import { errorCode } from '../../platform/error-code.js';
import { CommandError } from '../command-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import type { Output } from '../output.js';

export async function apply(
  file: string,
  { dryRun }: { readonly dryRun: boolean },
  output: Output,
): Promise<ExitCode> {
  const text = await readConfiguration(file);
  const result = await withHub({ work: false }, (hub) =>
    hub.get(ApplyService).apply(text, { path: file, env: process.env, dryRun }),
  );
  if (output.json) output.result(result, () => '');
  if (!result.ok) {
    if (!output.json) output.note(renderProblems(file, result.problems));
    return EXIT.usage;
  }
  if (!output.json) output.result(result, () => renderChanges(result));
  return EXIT.done;
}

async function readConfiguration(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = WHY_UNREADABLE[errorCode(error) ?? ''] ?? 'It cannot be read.';
    throw new CommandError(EXIT.usage, `${file}: ${why}`, 'Give the path of your rapport.yaml.');
  }
}

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EISDIR: 'It is a folder.',
  EACCES: 'You may not read it.',
};

/** `rapport.yaml:12:5 connections[0].conector: what is wrong`, and below it what to do. */
export function renderProblems(file: string, problems: readonly ConfigProblem[]): string {
  const lines = problems.flatMap(({ path, line, column, message, remedy }) => [
    `${file}:${String(line)}:${String(column)} ${path === '' ? '' : `${path}: `}${message}`,
    `  ${remedy}`,
  ]);
  const count = problems.length === 1 ? '1 problem' : `${String(problems.length)} problems`;
  return [...lines, '', `Nothing was applied: ${count}.`].join('\n');
}

function renderChanges({ changes, dryRun }: ApplyResult & { readonly ok: true }): string {
  if (changes.length === 0) return 'This is in force already: nothing to change.';
  const end = dryRun
    ? 'Nothing was changed: without --dry-run this would be in force.'
    : 'In force. `rapport check` tries the connections, `rapport sync --wait` syncs them.';
  return [...changes.flatMap(renderChange), '', end].join('\n');
}

function renderChange({ what, name, action, details }: AppliedChange): string[] {
  const head = what === 'rules' ? `${name}: ${action}` : `${what} ${name}: ${action}`;
  return [
    head,
    ...details.map(({ path, before, after }) => `  ${path}: ${before ?? '(none)'} → ${after ?? '(none)'}`),
  ];
}
