import type { RunReport, Unsynced } from '../runs/run-report.js';
import { renderProblem } from './render-problem.js';
import { showTime, table } from './output.js';

const COLUMNS = [
  'read',
  'changed',
  'created',
  'updated',
  'archived',
  'skipped',
  'failed',
] as const satisfies readonly (keyof RunReport['counts'][number])[];

/** What a sync did, why parts of it failed, and what is left. */
export function renderRun(report: RunReport, unsynced: Unsynced): string {
  const problems = report.parts.flatMap(({ connection, problem }) =>
    problem === null ? [] : [renderProblem(connection, problem)],
  );
  const waits = renderWaits(report);
  // What was not read or failed may differ: only a run that came to its end can say that all agrees.
  const ended = waits.length === 0 && problems.length === 0;
  return [renderCounts(report), ...problems, ...waits, ...left(unsynced, ended)].join('\n\n');
}

export function renderCounts(report: RunReport): string {
  return table(
    ['connection', 'object', ...COLUMNS, 'API calls'],
    report.counts.map((row) => [
      row.connection,
      row.object,
      ...COLUMNS.map((column) => row[column]),
      row.calls,
    ]),
  );
}

/** Who let it write where, or did not; nothing where nobody was asked. */
export function renderGates({ gates }: RunReport): string[] {
  return gates.flatMap(({ connection, state, decidedBy, decidedAt }) =>
    decidedBy === null || decidedAt === null
      ? []
      : [`${connection}: ${state} by ${decidedBy} at ${showTime(decidedAt)} (UTC).`],
  );
}

/** What a run waits for, and until when. */
export function renderWaits(report: RunReport): string[] {
  const lines = report.waits.map(({ connection, work, until }) => {
    const what = work === 'pull' ? 'Reading' : 'Writing to';
    return `${what} ${connection} waits for API calls until ${showTime(until.toISOString())} (UTC).`;
  });
  if (lines.length === 0) return [];
  return [[...lines, 'The run goes on by itself while `rapport serve` or `rapport worker` runs.'].join('\n')];
}

function left({ issues, writes, events, unresolved }: Unsynced, ended: boolean): string[] {
  const parts = [
    [issues, issues === 1 ? 'issue' : 'issues'],
    [writes, writes === 1 ? 'write that waits' : 'writes that wait'],
    [events, events === 1 ? 'webhook event' : 'webhook events'],
    [unresolved, unresolved === 1 ? 'record to match' : 'records to match'],
  ] as const;
  const some = parts.filter(([count]) => count > 0);
  if (some.length === 0) return ended ? ['Everything is in sync.'] : [];
  const list = some.map(([count, what]) => `${String(count)} ${what}`).join(', ');
  const hint =
    issues > 0
      ? '`rapport issues` tells each with its remedy.'
      : 'It is tried again by itself while `rapport serve` runs.';
  return [`Left unsynced: ${list}. ${hint}`];
}
