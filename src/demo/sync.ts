import { setTimeout as wait } from 'node:timers/promises';
import { show } from '../cli/output.js';
import { runProgress } from '../cli/progress.js';
import { renderHeld } from '../cli/render-held.js';
import type { RunReport } from '../runs/run-report.js';
import { RunsService } from '../runs/runs.service.js';
import { ApprovalService } from '../sync/approval.service.js';
import { DemoError, type DemoHub } from './hub.js';
import { indented, type Screen } from './screen.js';

export interface Synced {
  readonly report: RunReport;
  readonly seconds: number;
}

const LOOK_MS = 100;
const PATIENCE_MS = 15 * 60_000;

/**
 * Syncs both connections, shows how far it is, and returns when all that it caused has settled. Where the hub stops
 * to ask, what it would do is shown, and the demo says yes.
 */
export async function syncAll(hub: DemoHub, screen: Screen): Promise<Synced> {
  const runs = hub.get(RunsService);
  const start = performance.now();
  const { runId } = await runs.start({ full: false, trigger: 'manual' });
  const progress = runProgress({
    json: false,
    result: () => undefined,
    note: (text) => {
      screen.line(`  ${text}`);
    },
  });
  try {
    for (;;) {
      await runs.settle();
      const report = await runs.find(runId);
      if (report === null) throw new DemoError('The sync is gone.');
      progress.show(report);
      if (report.state === 'held') {
        await sayYes(hub, screen);
        continue;
      }
      const left = await runs.unsynced();
      if (report.state !== 'running' && left.events === 0 && left.unresolved === 0) {
        assertRead(report);
        const seconds = (performance.now() - start) / 1000;
        return { report: (await runs.find(runId)) ?? report, seconds };
      }
      if (performance.now() - start > PATIENCE_MS)
        throw new DemoError(`The sync has not settled after ${String(PATIENCE_MS / 60_000)} minutes.`);
      await wait(LOOK_MS);
    }
  } finally {
    progress.stop();
  }
}

/** What is shown of what each system would get. */
const SHOWN = 1;

async function sayYes(hub: DemoHub, screen: Screen): Promise<void> {
  const approvals = hub.get(ApprovalService);
  const held = await approvals.held();
  const shown = held.map((one) => ({ ...one, samples: one.samples.slice(0, SHOWN) }));
  screen.line();
  screen.line('  Before it writes to a system for the first time, the hub stops and shows what it would do:');
  screen.line();
  screen.line(indented(renderHeld(shown)));
  for (const runId of new Set(held.map((one) => one.runId))) {
    screen.line();
    screen.line(`  The demo says yes: rapport approve ${runId}`);
    await approvals.approve(runId, 'the demo');
  }
}

function assertRead({ parts }: RunReport): void {
  for (const { connection, problem } of parts) {
    if (problem === null) continue;
    throw new DemoError(`${connection}: ${show(problem['message'])} ${show(problem['remedy'])}`);
  }
}
