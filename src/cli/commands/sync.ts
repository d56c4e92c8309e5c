import { restsUntilLater, type RunReport } from '../../runs/run-report.js';
import { RunsService } from '../../runs/runs.service.js';
import { ApprovalService, type HeldWrites } from '../../sync/approval.service.js';
import { DryRunService } from '../../sync/dry-run.service.js';
import { canAsk, confirm } from '../ask.js';
import { BY } from '../by.js';
import { CommandError } from '../command-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub, type Hub } from '../hub.js';
import type { Output } from '../output.js';
import { presentConnections } from '../present-connections.js';
import { runProgress } from '../progress.js';
import { renderDryRun } from '../render-dry-run.js';
import { howToAnswer, renderHeld } from '../render-held.js';
import { renderRun } from '../render-run.js';

export interface SyncOptions {
  readonly full: boolean;
  readonly wait: boolean;
  readonly dryRun: boolean;
  /** Says yes beforehand to whatever the sync would stop to ask. */
  readonly approve: boolean;
}

const BEFOREHAND = `${BY}, beforehand`;
const NOT_WRITTEN = 'Nothing of this was written. To write it, now or later:';
const LOOK_MS = 200;
/** What a run caused beyond itself (a record to look at again) is waited for at most this long. */
const AFTERMATH_MS = 60_000;

export async function sync(
  names: readonly string[],
  options: SyncOptions,
  output: Output,
): Promise<ExitCode> {
  return withHub({ work: options.wait && !options.dryRun }, async (hub) => {
    if (options.dryRun) return dryRun(hub, names, options, output);
    const runs = hub.get(RunsService);
    const { runId } = await runs.start({
      ...(names.length > 0 && { connectionNames: names }),
      full: options.full,
      trigger: 'manual',
      ...(options.approve && { approvedBy: BEFOREHAND }),
    });
    if (!options.wait) {
      output.result(
        { runId },
        () => `Started run ${runId}. \`rapport serve\` or \`rapport worker\` does the work.`,
      );
      return EXIT.done;
    }
    let report = await settled(runs, runId, hub, output);
    const held = await askAbout(hub, output);
    if (held === 'approved') report = await settled(runs, runId, hub, output);
    const unsynced = await runs.unsynced();
    const left = unsynced.issues + unsynced.writes + unsynced.events + unsynced.unresolved;
    const failed = report.parts.some((part) => part.state === 'failed');
    const waits = held === 'approved' ? [] : held;
    output.result({ ...report, unsynced, held: waits }, () =>
      [
        renderRun(report, unsynced),
        ...(waits.length > 0 ? [renderHeld(waits), NOT_WRITTEN, howToAnswer(waits)] : []),
      ].join('\n\n'),
    );
    if (waits.length > 0) return EXIT.held;
    return left > 0 || failed || report.state === 'running' ? EXIT.unsynced : EXIT.done;
  });
}

/** On a terminal a person is shown what waits and asked; what they leave open, or a script cannot answer, is returned. */
async function askAbout(hub: Hub, output: Output): Promise<readonly HeldWrites[] | 'approved'> {
  const approvals = hub.get(ApprovalService);
  const held = await approvals.held();
  if (held.length === 0 || output.json || !canAsk()) return held;
  output.note(`\n${renderHeld(held)}\n`);
  if (!(await confirm('Nothing of this is written yet. Write it?', hub.signal))) return held;
  for (const runId of new Set(held.map((one) => one.runId))) await approvals.approve(runId, BY);
  return 'approved';
}

async function settled(runs: RunsService, runId: string, hub: Hub, output: Output): Promise<RunReport> {
  const progress = runProgress(output);
  let deadline: number | undefined;
  try {
    for (;;) {
      await runs.settle();
      const report = await runs.find(runId);
      if (report === null) throw new CommandError(EXIT.failed, `Run ${runId} is gone.`);
      progress.show(report);
      if (restsUntilLater(report, Date.now())) return report;
      if (report.state !== 'running') {
        deadline ??= Date.now() + AFTERMATH_MS;
        if (Date.now() > deadline || (await runs.isQuiet(report.parts.map((part) => part.connectionId)))) {
          // Earlier runs that this one let go on end with it; and the counts of what came last.
          await runs.settle();
          return (await runs.find(runId)) ?? report;
        }
      }
      await hub.pause(LOOK_MS);
    }
  } finally {
    progress.stop();
  }
}

async function dryRun(
  hub: Hub,
  names: readonly string[],
  options: SyncOptions,
  output: Output,
): Promise<ExitCode> {
  const present = await presentConnections(hub, names);
  const connections = present.filter(({ state }) => state !== 'paused');
  const result = await hub.get(DryRunService).run({ connections, full: options.full, signal: hub.signal });
  output.result(result, () => renderDryRun(result));
  return result.problems.length > 0 ? EXIT.unsynced : EXIT.done;
}
