import type { ActiveConnection } from '../connections/active-connection.js';
import { clearIssues, reportIssues, type IssueTarget } from '../issues/issue.repository.js';
import type { Transaction } from '../platform/database/index.js';
import { undecided } from './gate.repository.js';

/** Tells of what waits for a person's word, or was rejected and keeps the system apart; nothing when nothing does. */
export async function tellUndecided(
  tx: Transaction,
  connection: Pick<ActiveConnection, 'id' | 'name'>,
): Promise<void> {
  const target: IssueTarget = {
    connectionId: connection.id,
    object: null,
    externalId: null,
    goldenId: null,
    operation: 'write',
    field: null,
  };
  const kept = await undecided(tx, connection.id);
  const told = kept.find(({ state }) => state === 'held') ?? kept[0];
  if (told === undefined) {
    await clearIssues(tx, [target]);
    return;
  }
  const { runId, state, reason, writes } = told;
  const count = `${String(writes)} ${writes === 1 ? 'write' : 'writes'}`;
  await reportIssues(tx, [
    {
      ...target,
      recordId: null,
      severity: 'error',
      valueKind: null,
      valueLength: null,
      refused: null,
      detail: null,
      nextTryAt: null,
      ...(state === 'held'
        ? {
            code: 'RUN_HELD',
            message:
              reason === 'first'
                ? `${connection.name} has never been written, and holds records: ${count} of run ${runId} wait until somebody has looked at them.`
                : `${count} of run ${runId} wait: they would change more of ${connection.name} than its limit.`,
            remedy: `\`rapport runs ${runId}\` shows what would happen; then \`rapport approve ${runId}\` or \`rapport reject ${runId}\`.`,
          }
        : {
            code: 'RUN_REJECTED',
            message: `${count} of run ${runId} to ${connection.name} were rejected: it differs from the hub until then.`,
            remedy: `Correct the cause (a rule, a mapping, a source); what then agrees goes by itself. \`rapport approve ${runId}\` writes them after all.`,
          }),
    },
  ]);
}
