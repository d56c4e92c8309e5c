import { isUuid } from '../../customers/golden.repository.js';
import { RunsService } from '../../runs/runs.service.js';
import { ApprovalService } from '../../sync/approval.service.js';
import { BY } from '../by.js';
import { CommandError } from '../command-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub } from '../hub.js';
import { showTime, table, type Output } from '../output.js';
import { howToAnswer, renderHeld } from '../render-held.js';
import { renderCounts, renderGates, renderWaits } from '../render-run.js';

/** Runs shown in the list. */
const SHOWN = 20;

export async function listRuns(output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const runs = await hub.get(RunsService).list({ limit: SHOWN });
    output.result({ runs }, () =>
      runs.length === 0
        ? 'No run yet.'
        : table(
            ['run', 'started (UTC)', 'state', 'by', 'connections'],
            runs.map((run) => [
              run.id,
              showTime(run.startedAt),
              run.state,
              run.full ? `${run.trigger}, full` : run.trigger,
              run.connections.join(', '),
            ]),
          ),
    );
    return EXIT.done;
  });
}

export async function showRun(id: string, output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const report = isUuid(id) ? await hub.get(RunsService).find(id) : null;
    if (report === null)
      throw new CommandError(EXIT.notFound, `There is no run ${id}.`, '`rapport runs` lists them.');
    const held = await hub.get(ApprovalService).held(id);
    output.result({ ...report, held }, () =>
      [
        `Run ${id}: ${report.state}, ${report.trigger}, since ${showTime(report.startedAt)}.`,
        ...(report.counts.length > 0 ? [renderCounts(report)] : []),
        ...renderWaits(report),
        ...renderGates(report),
        ...(held.length > 0 ? [renderHeld(held), howToAnswer(held)] : []),
      ].join('\n\n'),
    );
    return EXIT.done;
  });
}

export async function decideRun(
  id: string,
  decision: 'approve' | 'reject',
  output: Output,
): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    await hub.get(ApprovalService)[decision](id, BY);
    output.result({ runId: id, decision }, () =>
      decision === 'approve'
        ? `Run ${id} goes on: \`rapport serve\` writes at once; without it, the next \`rapport sync --wait\` does.`
        : `Nothing of run ${id} is written. The systems stay apart from the hub; \`rapport issues\` says so until the cause is gone.`,
    );
    return EXIT.done;
  });
}
