import { IssuesService } from '../../issues/issues.service.js';
import type { IssueGroup, IssueView } from '../../issues/issue-list.repository.js';
import { FrozenFieldService } from '../../customers/frozen-field.service.js';
import { MAX_PAGE } from '../../customers/paging.js';
import { suggestion } from '../../sdk/nearest.js';
import { BY } from '../by.js';
import { CommandError } from '../command-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub, type Hub } from '../hub.js';
import { table, type Output } from '../output.js';
import { presentConnections } from '../present-connections.js';

interface Chosen {
  readonly connection: string | undefined;
  readonly all: boolean;
}

/** Lines shown unless all are asked for. */
const SHOWN = 50;

export async function listIssues({ connection, all }: Chosen, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    await refuseUnknown(hub, connection);
    const service = hub.get(IssuesService);
    const filter = { connection, state: all ? undefined : 'open' } as const;
    const groups = await service.groups(filter);
    const issues: IssueView[] = [];
    let cursor: string | undefined;
    do {
      const page = await service.list({ ...filter, cursor, limit: all ? MAX_PAGE : SHOWN });
      issues.push(...page.items);
      cursor = page.next ?? undefined;
    } while (all && cursor !== undefined);
    output.result({ groups, issues }, () => renderIssues(groups, issues));
    return EXIT.done;
  });
}

/** `issues` has `list` as its default, which is given whatever is no command. */
export function refuseWords(words: readonly string[]): void {
  const [word] = words;
  if (word === undefined) return;
  const remedy = suggestion(word, ['list', 'retry', 'skip', 'decide']);
  throw new CommandError(EXIT.usage, `There is no command "issues ${word}".`, remedy);
}

export async function retryIssues(
  id: string | undefined,
  { connection, all }: Chosen,
  output: Output,
): Promise<ExitCode> {
  if ((id === undefined) !== all) {
    throw new CommandError(EXIT.usage, 'Say which issue: its id, or --all.', 'See `rapport issues`.');
  }
  return withHub({ work: false }, async (hub) => {
    await refuseUnknown(hub, connection);
    const which = id === undefined ? ({ connection, state: 'open' } as const) : { id };
    const retried = await hub.get(IssuesService).retry(which);
    output.result(
      { retried },
      () =>
        `${String(retried)} to try again. \`rapport serve\` does it at once; without it, \`rapport sync --wait\` does.`,
    );
    return EXIT.done;
  });
}

export async function decideIssue(
  id: string,
  word: { readonly value?: string | undefined; readonly connection?: string | undefined },
  output: Output,
): Promise<ExitCode> {
  const { value, connection } = word;
  if ((value === undefined) === (connection === undefined)) {
    throw new CommandError(
      EXIT.usage,
      'Say which: --value TEXT or --connection NAME.',
      'See `rapport issues`.',
    );
  }
  return withHub({ work: false }, async (hub) => {
    await refuseUnknown(hub, connection);
    const choice = connection === undefined ? { value: value ?? null } : { connection };
    const decided = await hub.get(FrozenFieldService).decide({ ...choice, issueId: id, by: BY });
    output.result(decided, () => `${decided.field} is decided, and written again.`);
    return EXIT.done;
  });
}

export async function skipIssue(id: string, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const issue = await hub.get(IssuesService).skip(id);
    output.result(issue, () => `Issue ${id} is skipped until its value is another one.`);
    return EXIT.done;
  });
}

async function refuseUnknown(hub: Hub, connection: string | undefined): Promise<void> {
  if (connection !== undefined) await presentConnections(hub, [connection]);
}

function renderIssues(groups: readonly IssueGroup[], issues: readonly IssueView[]): string {
  if (groups.length === 0) return 'No issues.';
  const causes = groups.map(
    ({ count, connection, operation, code, severity, message, remedy }) =>
      `${String(count)} × ${connection}, ${operation}: ${code}${severity === 'notice' ? ' (notice)' : ''}\n  ${message}\n  ${remedy}`,
  );
  const lines = table(
    ['id', 'connection', 'object', 'record', 'field', 'code', 'tries', 'message'],
    issues.map((issue) => [
      issue.id,
      issue.connection,
      issue.object ?? '',
      issue.externalId ?? (issue.customerId === null ? '' : `(new) ${issue.customerId}`),
      issue.field ?? '',
      issue.state === 'skipped' ? `${issue.code} (skipped)` : issue.code,
      issue.attempts,
      issue.message,
    ]),
  );
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  const rest = total - issues.length;
  return [causes.join('\n\n'), lines, ...(rest > 0 ? [`${String(rest)} more: --all shows them.`] : [])].join(
    '\n\n',
  );
}
