import { Injectable } from '@nestjs/common';
import type { Urgency } from '../core/quota/budget.js';
import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import { ConnectionsService, type ConnectionSession } from '../connections/connections.service.js';
import { Database } from '../platform/database/index.js';
import { HAND_BACK, type JobContext } from '../platform/jobs/index.js';
import type { JobOutcome } from '../platform/jobs/job.js';
import * as runs from '../runs/run.repository.js';
import type { RunPartRow } from '../runs/run.repository.js';
import { ConnectorError, isRetryable } from '../sdk/index.js';
import { backoff } from './backoff.js';
import { tellTooFew } from './full-read.js';
import * as outbox from './outbox.repository.js';
import { PullService } from './pull.service.js';
import { PushService } from './push.service.js';
import { enqueueFetch, enqueuePull, enqueuePush, enqueueResolve } from './sync-jobs.js';
import { settleUncertain } from './uncertain.js';
import { longWait, startWaiting, stopWaiting } from './waiting.js';

type Part = RunPartRow & { readonly full: boolean; readonly approved: boolean; readonly backfill: boolean };

/** A long read gives way to webhooks and pushes of its connection after so long. */
const SLICE_MS = 5_000;
/** Failures in a row, without a page between them, before a run gives up on a system that does not answer well. */
const PATIENCE = 5;

/** Reads one connection within a run, a slice at a time; the run part remembers how far it is. */
@Injectable()
export class PullJob {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly puller: PullService,
    private readonly pusher: PushService,
  ) {}

  async run(payload: { runId: string; connectionId: string }, job: JobContext): Promise<JobOutcome> {
    const part = await this.database.transaction((tx) =>
      runs.findPart(tx, payload.runId, payload.connectionId),
    );
    if (part === null || part.state === 'pulled' || part.state === 'failed') return undefined;
    const connection = (await this.connections.directory()).find(payload.connectionId);
    // Without objects there is nothing to read, and nothing that would show that it works again.
    const idle = connection === undefined || connection.state === 'paused' || connection.state === 'removed';
    if (!idle && connection.fault !== undefined) {
      await this.failed(connection, part, connection.fault);
      return undefined;
    }
    if (idle || connection.objects.length === 0) {
      await this.finish(part);
      return undefined;
    }
    try {
      const session = await this.connections.open(connection, job.signal, { urgency: urgencyOf(part) });
      const wait = await settleUncertain(this.database, this.pusher, session);
      if (wait !== undefined) {
        await this.later(part, wait);
        return undefined;
      }
      return await this.slice(session, part, job);
    } catch (error) {
      if (job.stopping.aborted) return HAND_BACK;
      if (!(error instanceof ConnectorError)) throw error;
      await this.failed(connection, part, error);
      return undefined;
    }
  }

  private async slice(session: ConnectionSession, start: Part, job: JobContext): Promise<JobOutcome> {
    const end = Date.now() + SLICE_MS;
    const { waiting: _over, ...progress } = start.progress;
    let part: Part = { ...start, state: 'pulling', progress };
    // Asked after each stored page.
    const until = (): boolean => {
      part = { ...part, progress: { ...part.progress, failures: 0 } };
      return job.stopping.aborted || Date.now() > end || session.hadTurn();
    };
    for (const setup of session.connection.objects) {
      if (setup.policy.direction === 'none' || part.progress.done.includes(setup.object)) continue;
      const resume = part.progress.reading === setup.object;
      part = { ...part, progress: { ...part.progress, reading: setup.object } };
      await this.save(part);
      const noteKnown = (known: number): void => {
        part = {
          ...part,
          progress: { ...part.progress, known: { ...part.progress.known, [setup.object]: known } },
        };
      };
      const options = {
        runId: part.runId,
        full: part.full && !resume,
        resume,
        approved: part.approved,
        until,
        onFull: noteKnown,
        onTotal: (object: string, total: number) => {
          part = {
            ...part,
            progress: { ...part.progress, totals: { ...part.progress.totals, [object]: total } },
          };
        },
      };
      const finished = await this.puller.pullObject(session, setup, options).catch(async (error: unknown) => {
        await this.save(part);
        throw error;
      });
      if (!finished) {
        await this.later(part, 0);
        return job.stopping.aborted ? HAND_BACK : undefined;
      }
      await this.judge(session.connection, setup, part);
      part = {
        ...part,
        progress: { ...part.progress, done: [...part.progress.done, setup.object], reading: null },
      };
      await this.save(part);
    }
    await this.database.transaction(async (tx) => {
      await this.connections.recover(tx, session.connection);
      await outbox.bringForward(tx, session.connection.id);
      if (session.connection.state === 'failed') await enqueueFetch(tx, session.connection.id);
    });
    await stopWaiting(this.database, session, 'pull');
    await this.finish(part);
    return undefined;
  }

  private async judge(connection: ActiveConnection, setup: ObjectSetup, part: Part): Promise<void> {
    const known = part.progress.known?.[setup.object];
    if (known === undefined) return;
    const { runId, approved } = part;
    await this.database.transaction((tx) => tellTooFew(tx, { runId, connection, setup, known, approved }));
  }

  private async save(part: Part): Promise<void> {
    await this.database.transaction((tx) => runs.updatePart(tx, part));
  }

  private async later(part: Part, waitMs: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      await runs.updatePart(tx, { ...part, state: 'pulling' });
      await enqueuePull(tx, part, new Date(Date.now() + waitMs));
    });
  }

  private async finish(part: Part): Promise<void> {
    await this.database.transaction(async (tx) => {
      await runs.updatePart(tx, { ...part, state: 'pulled' });
      await enqueueResolve(tx);
      await enqueuePush(tx, part.connectionId);
    });
  }

  /** The run goes on by itself from the last stored page, at the time at which calls may be made again. */
  private async wait(
    connection: ActiveConnection,
    part: Part,
    { error, until }: { readonly error: ConnectorError; readonly until: number },
  ): Promise<void> {
    const waiting = { until: new Date(until).toISOString(), code: error.code, message: error.message };
    await this.later({ ...part, progress: { ...part.progress, waiting } }, until - Date.now());
    await this.database.transaction((tx) => startWaiting(tx, connection, { work: 'pull', error, until }));
  }

  /** What may pass is tried again from the last stored page; what a person must mend ends the part and says so. */
  private async failed(connection: ActiveConnection, part: Part, error: ConnectorError): Promise<void> {
    // A slice keeps there what it read before it failed.
    const stored = await this.database.transaction((tx) => runs.findPart(tx, part.runId, part.connectionId));
    const progress = stored?.progress ?? part.progress;
    const until = longWait(error, Date.now());
    if (until !== undefined) {
      await this.wait(connection, { ...part, progress }, { error, until });
      return;
    }
    const failures = (progress.failures ?? 0) + (error.kind === 'throttled' ? 0 : 1);
    if (isRetryable(error.kind) && failures < PATIENCE) {
      const wait = error.retryAt === undefined ? backoff(failures) : error.retryAt - Date.now();
      await this.later({ ...part, progress: { ...progress, failures } }, Math.max(wait, 0));
      return;
    }
    const problem = { code: error.code, kind: error.kind, message: error.message, remedy: error.remedy };
    await this.database.transaction(async (tx) => {
      await runs.updatePart(tx, { ...part, state: 'failed', progress, problem });
      // What the run brought until here is judged and written.
      await enqueueResolve(tx);
      if (isRetryable(error.kind)) await this.connections.trouble(tx, connection, error);
      else await this.connections.fail(tx, connection, error);
    });
  }
}

/** A first or full read is back-fill, and so is what takes longer than a slice: nobody waits for each record of it. */
function urgencyOf({ backfill, progress }: Part): Urgency {
  return backfill || (progress.reading ?? null) !== null ? 'backfill' : 'urgent';
}
