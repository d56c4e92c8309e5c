import { Injectable } from '@nestjs/common';
import type { Urgency } from '../core/quota/budget.js';
import { ConnectionsService, type ConnectionSession } from '../connections/connections.service.js';
import { Database, firstRow, sql } from '../platform/database/index.js';
import { HAND_BACK, type JobContext } from '../platform/jobs/index.js';
import type { JobOutcome } from '../platform/jobs/job.js';
import { ConnectorError, isRetryable } from '../sdk/index.js';
import { backoff } from './backoff.js';
import { openGate, type OpenGate } from './gate.js';
import * as outbox from './outbox.repository.js';
import { PullService } from './pull.service.js';
import { PushService } from './push.service.js';
import { enqueueBackfill, enqueuePush, enqueueResolve } from './sync-jobs.js';
import { settleUncertain } from './uncertain.js';
import { longWait, startWaiting, stopWaiting } from './waiting.js';

const SLICE_MS = 5_000;

/** Sends what is due to a connection until nothing is, or until it is somebody else's turn. */
@Injectable()
export class PushJob {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly pusher: PushService,
    private readonly puller: PullService,
  ) {}

  async run({ connectionId }: { connectionId: string }, job: JobContext): Promise<JobOutcome> {
    const connection = (await this.connections.directory()).find(connectionId);
    if (connection?.state !== 'active') return undefined;
    const end = Date.now() + SLICE_MS;
    try {
      const session = await this.connections.open(connection, job.signal);
      // Read unawares, a record that a lost create made would look like somebody's new one.
      const settled = (await settleUncertain(this.database, this.pusher, session)) === undefined;
      const { gate, toRefresh } = await this.database.transaction(
        async (tx) => {
          const open = await openGate(tx, connection);
          return {
            gate: open,
            toRefresh: settled ? await outbox.entitiesToRefresh(tx, connectionId, open) : [],
          };
        },
        { durable: false },
      );
      // Nothing is made in a system that was not read since it was wanted.
      for (const entity of toRefresh) await this.puller.refresh(session, entity, null);
      const over = (): boolean => job.stopping.aborted || Date.now() >= end;
      const urgent = await this.sendAll(session, { gate, over });
      if (urgent === 'stopped') return undefined;
      const rest =
        urgent === 'more'
          ? urgent
          : await this.sendAll(await this.connections.open(connection, job.signal, { urgency: 'backfill' }), {
              gate,
              over,
            });
      if (rest === 'stopped') return undefined;
      await stopWaiting(this.database, session, 'push');
      if (job.stopping.aborted) return HAND_BACK;
      await this.comeBack(connectionId, gate, urgent === 'more' ? 'urgent' : 'backfill');
    } catch (error) {
      if (job.stopping.aborted) return HAND_BACK;
      if (!(error instanceof ConnectorError)) throw error;
      await this.failed(connectionId, error);
    }
    return undefined;
  }

  /** What is due, of the session's urgency, until the time is up. */
  private async sendAll(
    session: ConnectionSession,
    { gate, over }: { readonly gate: OpenGate; readonly over: () => boolean },
  ): Promise<'more' | 'done' | 'stopped'> {
    while (!over() && !session.hadTurn()) {
      const step = await this.pusher.step(session, gate);
      if (step === 'idle') return 'done';
      if (step === 'stopped') return 'stopped';
    }
    return 'more';
  }

  /** The system could not be read before something was to be made there, or takes no calls now. */
  private async failed(connectionId: string, error: ConnectorError): Promise<void> {
    await this.database.transaction(async (tx) => {
      const connection = (await this.connections.directory(tx)).find(connectionId);
      if (connection === undefined) return;
      const until = longWait(error, Date.now());
      if (until !== undefined) {
        await startWaiting(tx, connection, { work: 'push', error, until });
        await enqueuePush(tx, connectionId, new Date(until));
        return;
      }
      if (isRetryable(error.kind)) {
        await this.connections.trouble(tx, connection, error);
        await enqueuePush(tx, connectionId, new Date(error.retryAt ?? Date.now() + 5_000 + backoff(3)));
      } else {
        await this.connections.fail(tx, connection, error);
      }
    });
  }

  /** At once if more is due, else when the next is. What waits for resolve is started again by resolve. */
  private async comeBack(connectionId: string, gate: OpenGate, urgency: Urgency): Promise<void> {
    await this.database.transaction(
      async (tx) => {
        const due = await outbox.dueIntents(tx, connectionId, { limit: 1, gate });
        if (due.length > 0) {
          if (urgency === 'urgent') await enqueuePush(tx, connectionId);
          else await enqueueBackfill(tx, connectionId);
          return;
        }
        const tasks = await firstRow<{ waiting: boolean }>(
          tx,
          sql`select exists (select from resolve_task) as waiting`,
        );
        if (tasks?.waiting === true) await enqueueResolve(tx);
        const next = await outbox.nextDue(tx, connectionId);
        if (next !== null) await enqueuePush(tx, connectionId, new Date(next));
      },
      { durable: false },
    );
  }
}
