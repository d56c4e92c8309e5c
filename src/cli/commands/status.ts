import { CronTime } from 'cron';
import { connectionFacts } from '../../api/connections.repository.js';
import { connectionView, type ConnectionView } from '../../api/connection-view.js';
import { callsOf } from '../../connections/call-view.js';
import { ConnectionsService } from '../../connections/connections.service.js';
import { workFacts } from '../../doctor/work.js';
import { AuditsService } from '../../drift/audits.service.js';
import type { AuditView } from '../../drift/drift.repository.js';
import { ErasureService } from '../../erasure/erasure.service.js';
import type { ErasureSummary } from '../../erasure/erasure-list.repository.js';
import type { IssueGroup } from '../../issues/issue-list.repository.js';
import { IssuesService } from '../../issues/issues.service.js';
import { Database } from '../../platform/database/index.js';
import type { RunSummary } from '../../runs/run-report.js';
import { RunsService } from '../../runs/runs.service.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { withHub, type Hub } from '../hub.js';
import type { Output } from '../output.js';
import { renderStatus } from '../render-status.js';

export interface ConnectionStatus extends Omit<ConnectionView, 'openIssues'> {
  /** When its schedule starts the next sync; null without one, or while it cannot be synced. */
  readonly nextAt: string | null;
  /** Open ones. */
  readonly issues: { readonly error: number; readonly notice: number };
}

export interface Status {
  /** That do the work now: without one nothing starts by itself. */
  readonly processes: number;
  readonly connections: readonly ConnectionStatus[];
  /** Syncs under way, and those that wait for a person. */
  readonly runs: readonly RunSummary[];
  readonly erasures: ErasureSummary;
  /** The newest. */
  readonly audit: AuditView | null;
}

/** More are never under way at once. */
const RUNS = 100;

export async function status(output: Output): Promise<ExitCode> {
  return withHub({ work: false }, async (hub) => {
    const runs = await hub.get(RunsService).list({ limit: RUNS });
    const { releases } = await workFacts(hub.get(Database).prisma);
    const found: Status = {
      processes: releases.length,
      connections: await connectionsOf(hub),
      runs: runs.filter((run) => run.state === 'running' || run.state === 'held'),
      erasures: await hub.get(ErasureService).summary(),
      audit: await hub.get(AuditsService).latest(),
    };
    output.result(found, () => renderStatus(found, Date.now()));
    return EXIT.done;
  });
}

async function connectionsOf(hub: Hub): Promise<ConnectionStatus[]> {
  const { external } = await hub.get(ConnectionsService).directory();
  const present = external.filter((connection) => connection.state !== 'removed');
  const db = hub.get(Database);
  const facts = await connectionFacts(
    db,
    present.map((connection) => connection.id),
  );
  const calls = await callsOf(db, present, Date.now());
  const byId = new Map(facts.map((row) => [row.id, row]));
  const groups = await hub.get(IssuesService).groups({ state: 'open' });
  return present.flatMap((connection) => {
    const [known, made] = [byId.get(connection.id), calls.get(connection.id)];
    if (known === undefined || made === undefined) return [];
    return [statusOf(connectionView(connection, { facts: known, calls: made }), groups)];
  });
}

function statusOf(view: ConnectionView, groups: readonly IssueGroup[]): ConnectionStatus {
  const { openIssues: _, ...rest } = view;
  const count = (severity: IssueGroup['severity']): number =>
    groups
      .filter((group) => group.connection === view.name && group.severity === severity)
      .reduce((sum, group) => sum + group.count, 0);
  const starts = view.schedule !== null && view.state !== 'paused';
  return {
    ...rest,
    nextAt: starts ? nextOf(view.schedule, view.timeZone) : null,
    issues: { error: count('error'), notice: count('notice') },
  };
}

function nextOf(schedule: string, timeZone: string): string {
  return new CronTime(schedule, timeZone).sendAt().toJSDate().toISOString();
}
