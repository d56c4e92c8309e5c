import { Injectable } from '@nestjs/common';
import { objectOf, type ObjectSetup } from '../connections/active-connection.js';
import { ConnectionsService, type ConnectionSession } from '../connections/connections.service.js';
import { ErasedElsewhere } from '../erasure/erased-elsewhere.js';
import { reportIssues } from '../issues/issue.repository.js';
import { DEFAULT_LIMITS } from '../core/breaker/index.js';
import { Database, type Transaction } from '../platform/database/index.js';
import { HAND_BACK, type JobContext } from '../platform/jobs/index.js';
import type { JobOutcome } from '../platform/jobs/job.js';
import { ConnectorError, isRetryable } from '../sdk/index.js';
import { backoff } from './backoff.js';
import { withEventTimes } from './event-times.js';
import * as inbox from './inbox.repository.js';
import type { PendingEvent } from './inbox.repository.js';
import { takeIn, type Batch } from './ingest.js';
import { PushService } from './push.service.js';
import { believableAbsence } from './reading-guard.js';
import { lockResolve } from './resolve.repository.js';
import { ResolveService } from './resolve.service.js';
import { setAsideIssue, storeInParts } from './set-aside.js';
import { enqueueFetch } from './sync-jobs.js';
import { settleUncertain } from './uncertain.js';
import { longWait, startWaiting, stopWaiting } from './waiting.js';
import { withMissing } from './with-missing.js';

/** Reads the records that the inbox names, in batches, and takes them the same way as a pulled page. */
@Injectable()
export class FetchJob {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly pusher: PushService,
    private readonly erased: ErasedElsewhere,
    private readonly resolver: ResolveService,
  ) {}

  async run({ connectionId }: { connectionId: string }, job: JobContext): Promise<JobOutcome> {
    const connection = (await this.connections.directory()).find(connectionId);
    if (connection?.state !== 'active') return undefined;
    try {
      const session = await this.connections.open(connection, job.signal);
      const wait = await settleUncertain(this.database, this.pusher, session);
      if (wait !== undefined) {
        await this.again(connectionId, wait);
        return undefined;
      }
      while (await this.batch(session)) {
        if (job.stopping.aborted) return HAND_BACK;
      }
      await stopWaiting(this.database, session, 'fetch');
    } catch (error) {
      if (job.stopping.aborted) return HAND_BACK;
      if (!(error instanceof ConnectorError)) throw error;
      const until = longWait(error, Date.now());
      await this.database.transaction(async (tx) => {
        if (until !== undefined) {
          await startWaiting(tx, connection, { work: 'fetch', error, until });
          return;
        }
        if (isRetryable(error.kind)) await this.connections.trouble(tx, connection, error);
        else await this.connections.fail(tx, connection, error);
      });
      if (isRetryable(error.kind)) {
        await this.again(
          connectionId,
          error.retryAt === undefined ? backoff(job.attempt + 2) : error.retryAt - Date.now(),
        );
      }
    }
    return undefined;
  }

  /** The oldest events of one object; false when there are none left. */
  private async batch(session: ConnectionSession): Promise<boolean> {
    const { connection } = session;
    // What comes meanwhile is read along with what waits.
    await session.evenly();
    const events = await inbox.pendingEvents(this.database, connection.id, 1_000);
    const [first] = events;
    if (first === undefined) return false;
    const alike = events.filter((event) => event.object === first.object);
    const setup = objectOf(connection, first.object);
    if (setup === undefined || connection.connector.read === undefined) {
      await this.database.transaction((tx) =>
        inbox.markHandled(
          tx,
          alike.map((event) => event.id),
        ),
      );
      return true;
    }
    await this.take(session, setup, alike);
    return true;
  }

  private async take(
    session: ConnectionSession,
    setup: ObjectSetup,
    events: readonly PendingEvent[],
  ): Promise<void> {
    const { connection, context } = session;
    const ids = [...new Set(events.map((event) => event.externalId))].slice(0, setup.declaration.batch.read);
    const taken = new Set(ids);
    await this.erased.hear(
      connection,
      setup,
      events.flatMap((event) =>
        event.kind === 'erased' && taken.has(event.externalId) ? [event.externalId] : [],
      ),
    );
    const result = await connection.connector.read?.(context, {
      object: setup.object,
      ids,
      properties: setup.properties,
    });
    if (result === undefined) return;
    const read = { ...result, records: withEventTimes(result.records, events) };
    const options = {
      connection,
      setup,
      runId: null,
      counted: false,
      clockOffsetMs: session.clockOffsetMs(),
    };
    const handled = (tx: Transaction): Promise<void> =>
      inbox.markHandled(
        tx,
        events.filter((event) => taken.has(event.externalId)).map((event) => event.id),
      );
    const storeWith = async (part: Batch, last: (tx: Transaction) => Promise<void>): Promise<void> => {
      await this.database.transaction(
        async (tx) => {
          await lockResolve(tx);
          const context = await this.resolver.context(tx);
          const how = { resolvesNow: true, suppresses: context.suppresses };
          const { work } = await takeIn(tx, part, options, how);
          await last(tx);
          await this.resolver.resolveNow(tx, work, context);
        },
        // The events are still to be handled if the database forgets it.
        { durable: false },
      );
    };
    // What the system says was deleted, or merged, is missing for good reason.
    const told = new Set(events.flatMap(({ kind, externalId }) => (kind === 'changed' ? [] : [externalId])));
    believableAbsence(read, {
      connection: connection.name,
      object: setup.object,
      ids: ids.filter((id) => !told.has(id)),
      limits: setup.policy.breaker ?? DEFAULT_LIMITS,
    });
    const batch = withMissing(ids, read);
    try {
      await storeWith(batch, handled);
    } catch (error) {
      if (error instanceof ConnectorError || batch.records.length === 0) throw error;
      await storeInParts(batch, {
        store: (part) => storeWith(part, () => Promise.resolve()),
        setAside: (record, cause) =>
          this.database.transaction((tx) => reportIssues(tx, [setAsideIssue(options, record, cause)])),
      });
      await this.database.transaction(handled);
    }
    await session.flushCounts(setup.object, null);
  }

  private async again(connectionId: string, waitMs: number): Promise<void> {
    await this.database.transaction((tx) =>
      enqueueFetch(tx, connectionId, new Date(Date.now() + Math.max(waitMs, 0))),
    );
  }
}
