import { Injectable } from '@nestjs/common';
import { CallsUsedUp } from '../connections/calls-used-up.js';
import { ConnectionsService, type ConnectionSession } from '../connections/connections.service.js';
import { objectOf, type ActiveConnection, type ObjectSetup } from '../connections/active-connection.js';
import { DEFAULT_LIMITS } from '../core/breaker/index.js';
import { Database, type Transaction } from '../platform/database/index.js';
import {
  ConnectorError,
  isRetryable,
  type PushOperation,
  type PushOutcome,
  type ReadResult,
} from '../sdk/index.js';
import { ingest } from './ingest.js';
import { enqueueResolve } from './sync-jobs.js';
import * as outbox from './outbox.repository.js';
import type { Intent } from './outbox.repository.js';
import type { OpenGate } from './gate.js';
import { applyOutcomes } from './push-apply.js';
import { backoff } from './backoff.js';
import { BrokenBatches, mayHaveBeenMade } from './broken-batches.js';
import { loadPushFacts } from './push-facts.js';
import { believableAbsence } from './reading-guard.js';
import { planPush, type PlannedPush } from './push-plan.js';

/** The intents are still there if the database forgets it; what was being sent stands in them, for good. */
const REDONE = { durable: false } as const;

const NOTHING: ReadonlySet<string> = new Set();

/** What a step of pushing came to. */
export type PushStep = 'idle' | 'progress' | 'stopped';

/**
 * Brings records up to their golden records, a batch at a time. One step: take due intents, compute what they come to
 * now, read again what is about to be overwritten, send, remember every outcome.
 */
@Injectable()
export class PushService {
  private readonly broken: BrokenBatches;

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
  ) {
    this.broken = new BrokenBatches(database);
  }

  /**
   * One batch of what the gate lets through; with null only creates whose answer was lost are settled: also in a
   * connection that failed and is being tried again, for it cannot be read before. An urgent session sends no back-fill.
   *
   * @throws CallsUsedUp when too few calls are left for it; all stays due
   * @throws ConnectorError with null, when only a person can help
   */
  async step(session: ConnectionSession, gate: OpenGate | null): Promise<PushStep> {
    const { connection } = session;
    const works = connection.state === 'active' || (gate === null && connection.state === 'failed');
    if (connection.connector.push === undefined || !works) return 'idle';
    const which = { gate, urgentOnly: session.urgency === 'urgent' && gate !== null };
    const taken = await this.database.transaction((tx) => this.take(tx, connection, which), REDONE);
    if (taken === undefined) return 'idle';
    const { setup, planned } = taken;
    if (planned.length === 0) return 'progress';
    try {
      const { checked, outcomes } = await session.whole(callsOf(connection, planned), async () => {
        const ready = await this.makeReady(session, setup, planned);
        return { checked: ready.checked, outcomes: await this.send(session, setup, ready.operations) };
      });
      const usedUp = outcomes.some(asksForLong) ? await usedUpBy(session) : undefined;
      await this.database.transaction(async (tx) => {
        await applyOutcomes(tx, { session, setup, planned: checked, outcomes });
        if (usedUp !== undefined) await outbox.bringForward(tx, connection.id);
      }, REDONE);
      if (outcomes.some(({ status }) => status === 'stored')) this.broken.wentThrough(connection.id);
      if (usedUp !== undefined) throw usedUp;
      return 'progress';
    } catch (error) {
      // They stay due: it is the connection that waits.
      if (!(error instanceof ConnectorError) || error instanceof CallsUsedUp) throw error;
      if (await this.broken.takeApart({ session, setup, planned }, error)) return 'progress';
      const usedUp = error.kind === 'throttled' ? await usedUpBy(session) : undefined;
      await this.putOff(session, planned, error, usedUp);
      if (usedUp !== undefined) throw usedUp;
      if (isRetryable(error.kind)) return 'progress';
      if (gate === null) throw error;
      return 'stopped';
    } finally {
      await session.flushCounts(setup.object, taken.runId);
    }
  }

  /** Due intents of one object and one kind, and what they come to; those that come to nothing are done. */
  private async take(
    tx: Transaction,
    connection: ActiveConnection,
    which: { readonly gate: OpenGate | null; readonly urgentOnly: boolean },
  ): Promise<{ setup: ObjectSetup; planned: PlannedPush[]; runId: string | null } | undefined> {
    const due = await outbox.dueIntents(tx, connection.id, { limit: mostAtOnce(connection), ...which });
    const [first] = due;
    if (first === undefined) return undefined;
    const setup = objectOf(connection, first.object);
    const alike = due.filter(
      ({ object, kind, atMost }) => object === first.object && kind === first.kind && atMost === first.atMost,
    );
    if (setup === undefined) {
      await outbox.finishIntents(tx, alike);
      return this.take(tx, connection, which);
    }
    const batch = alike.slice(0, first.atMost ?? batchSize(setup, alike.length));
    const facts = await loadPushFacts(tx, connection, batch);
    const planned: PlannedPush[] = [];
    const nothing: Intent[] = [];
    for (const intent of batch) {
      const push = planPush(intent, connection, setup, facts);
      if (push === undefined) nothing.push(intent);
      else planned.push(push);
    }
    await outbox.finishIntents(tx, nothing);
    return { setup, planned, runId: first.runId };
  }

  /**
   * What changed in the system since it was last read is taken in first; its intents wait until that is resolved. What
   * is left is marked as being sent.
   */
  private async makeReady(
    session: ConnectionSession,
    setup: ObjectSetup,
    planned: readonly PlannedPush[],
  ): Promise<{ readonly checked: readonly PlannedPush[]; readonly operations: readonly PushOperation[] }> {
    const { context } = session;
    const read = await this.readAgain(session, setup, planned);
    // Waits for the disk, and takes all that came before it there: what leaves the hub is never forgotten.
    return this.database.transaction(async (tx) => {
      const changed = read === undefined ? NOTHING : await this.takeIn(tx, session, { setup, planned, read });
      const checked = planned.filter(
        ({ operation }) => operation.kind === 'create' || !changed.has(operation.id),
      );
      // What is only looked up keeps the mark of the attempt that is looked for.
      const written = checked.filter(
        ({ intent, operation }) => operation.kind !== 'archive' && intent.sentAt === null,
      );
      const at = context.clock.now();
      const marked = await outbox.markSending(
        tx,
        written.map(({ intent, plan }) => ({
          id: intent.id,
          sending: { values: plan.values, sent: plan.sent, at },
        })),
      );
      const gone = new Set(written.flatMap(({ intent }) => (marked.has(intent.id) ? [] : [intent.id])));
      const operations = checked.flatMap(({ intent, operation }) => (gone.has(intent.id) ? [] : [operation]));
      return { checked, operations };
    });
  }

  /** The records about to be overwritten, as they are now; undefined when there are none, or the system cannot tell. */
  private async readAgain(
    { connection, context }: ConnectionSession,
    setup: ObjectSetup,
    planned: readonly PlannedPush[],
  ): Promise<ReadResult | undefined> {
    const ids = planned.flatMap(({ operation }) => (operation.kind === 'create' ? [] : [operation.id]));
    if (connection.connector.read === undefined || ids.length === 0) return undefined;
    const { object, properties } = setup;
    // Whether somebody was written over by an earlier write is told by the history alone.
    const versions = new Map(
      planned.flatMap(({ record }) =>
        record?.version == null || Object.values(record.fields).some(({ over }) => over !== undefined)
          ? []
          : [[record.externalId, record.version]],
      ),
    );
    const result = await connection.connector.read(context, { object, ids, properties, versions });
    return believableAbsence(result, {
      connection: connection.name,
      object,
      ids,
      limits: setup.policy.breaker ?? DEFAULT_LIMITS,
    });
  }

  /** Ids (external) of the records that say something new. */
  private async takeIn(
    tx: Transaction,
    session: ConnectionSession,
    {
      setup,
      planned,
      read,
    }: {
      readonly setup: ObjectSetup;
      readonly planned: readonly PlannedPush[];
      readonly read: ReadResult;
    },
  ): Promise<ReadonlySet<string>> {
    const ingested = await ingest(tx, read, {
      connection: session.connection,
      setup,
      runId: planned[0]?.intent.runId ?? null,
      counted: false,
      clockOffsetMs: session.clockOffsetMs(),
    });
    if (ingested.changed.length > 0) await enqueueResolve(tx);
    return new Set(ingested.changed);
  }

  private async send(
    { connection, context }: ConnectionSession,
    { object, properties }: ObjectSetup,
    operations: readonly PushOperation[],
  ): Promise<readonly PushOutcome[]> {
    if (operations.length === 0 || connection.connector.push === undefined) return [];
    const outcomes = await connection.connector.push(context, { object, operations, properties });
    return withoutGaps(operations, outcomes);
  }

  /** Nothing was sent: everything waits, and a person is told if only a person can help. */
  private async putOff(
    session: ConnectionSession,
    planned: readonly PlannedPush[],
    error: ConnectorError,
    usedUp: CallsUsedUp | undefined,
  ): Promise<void> {
    const now = session.context.clock.now();
    await this.database.transaction(async (tx) => {
      await outbox.postponeIntents(
        tx,
        planned.map(({ intent, operation }) => ({
          id: intent.id,
          dueAt: error.retryAt ?? now + backoff(intent.attempts),
          countAttempt: error.kind !== 'throttled',
          uncertain: mayHaveBeenMade(operation, error),
        })),
      );
      if (usedUp !== undefined) await outbox.bringForward(tx, session.connection.id);
      if (!isRetryable(error.kind)) await this.connections.fail(tx, session.connection, error);
    });
  }
}

/** Enough to see whether a large job pays. */
function mostAtOnce(connection: ActiveConnection): number {
  return Math.max(2_000, ...connection.objects.map(({ declaration }) => declaration.batch.bulk?.size ?? 0));
}

function batchSize({ declaration }: ObjectSetup, waiting: number): number {
  const { push, bulk } = declaration.batch;
  return bulk !== undefined && waiting > bulk.above ? bulk.size : push;
}

/** Where the day's calls are used up it is the connection that waits: its writes stay due, for when it goes on. */
async function usedUpBy(session: ConnectionSession): Promise<CallsUsedUp | undefined> {
  try {
    await session.whole(1, () => Promise.resolve());
    return undefined;
  } catch (error) {
    if (error instanceof CallsUsedUp) return error;
    throw error;
  }
}

function asksForLong(outcome: PushOutcome): boolean {
  return outcome.status === 'retry' && outcome.retryAt !== undefined && outcome.retryAt > Date.now() + 60_000;
}

/** What a batch takes: the records are read again, and written. */
function callsOf({ connector }: ActiveConnection, planned: readonly PlannedPush[]): number {
  const count = (kind: PushOperation['kind']): number =>
    planned.filter(({ operation }) => operation.kind === kind).length;
  const operations = { create: count('create'), update: count('update'), archive: count('archive') };
  const object = planned[0]?.intent.object ?? '';
  return (connector.pushCost?.(object, operations) ?? 1) + Number(operations.create < planned.length);
}

/** A connector that forgets an operation leaves it as unknown as a lost answer. */
function withoutGaps(
  operations: readonly PushOperation[],
  outcomes: readonly PushOutcome[],
): readonly PushOutcome[] {
  const answered = new Set(outcomes.map((outcome) => outcome.key));
  const gaps = operations.filter((operation) => !answered.has(operation.key));
  return [
    ...outcomes,
    ...gaps.map((operation) => ({
      key: operation.key,
      status: 'unknown' as const,
      message: 'The connector gave no outcome for this operation.',
    })),
  ];
}
