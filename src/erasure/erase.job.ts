import { Injectable } from '@nestjs/common';
import { objectOf, type ObjectSetup } from '../connections/active-connection.js';
import { ConnectionsService, type ConnectionSession } from '../connections/connections.service.js';
import { BrokenConnectorError } from '../connections/guard/broken-connector.js';
import { toNative } from '../core/mapping/index.js';
import { Database } from '../platform/database/index.js';
import { HAND_BACK, type JobContext } from '../platform/jobs/index.js';
import type { JobOutcome } from '../platform/jobs/job.js';
import { SecretError, Vault } from '../platform/secrets/index.js';
import { ConnectorError, isRetryable, type EraseOutcome, type PushOutcome } from '../sdk/index.js';
import { backoff } from '../sync/backoff.js';
import { enqueueErase } from '../sync/sync-jobs.js';
import {
  dueTasks,
  finishErasures,
  nextTaskDue,
  storeResults,
  type DueTask,
  type TaskResult,
} from './erasure.repository.js';
import { dropReferences } from './references.repository.js';
import { resultOfErase, resultOfPush, type Answered } from './results.js';
import { eraseTarget, targetContext, type EraseTarget } from './target.js';

const BATCH = 100;

type Opened = DueTask & { readonly target: EraseTarget };

/** Removes the records of erased people from one system; what does not work yet is tried again until it does. */
@Injectable()
export class EraseJob {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly vault: Vault,
  ) {}

  async run({ connectionId }: { connectionId: string }, job: JobContext): Promise<JobOutcome> {
    const connection = (await this.connections.directory()).find(connectionId);
    // Taken up again by housekeeping once the connection works.
    if (connection?.state !== 'active') return undefined;
    const session = await this.open(connectionId, () => this.connections.open(connection, job.signal));
    while (session !== undefined && (await this.step(session, connectionId))) {
      if (job.stopping.aborted) return HAND_BACK;
    }
    await this.comeBack(connectionId);
    return undefined;
  }

  private async open(
    connectionId: string,
    open: () => Promise<ConnectionSession>,
  ): Promise<ConnectionSession | undefined> {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      await this.putOff(connectionId, await dueTasks(this.database, connectionId, BATCH), error);
      return undefined;
    }
  }

  /** Some due tasks of one object and action; false when there are none. */
  private async step(session: ConnectionSession, connectionId: string): Promise<boolean> {
    const due = await this.unsealed(await dueTasks(this.database, connectionId, BATCH));
    if (due === undefined) return true;
    const [first] = due;
    if (first === undefined) return false;
    const setup = objectOf(session.connection, first.object);
    const alike = due
      .filter((task) => task.object === first.object && task.action === first.action)
      .filter((task) => 'id' in task.target === 'id' in first.target)
      // What failed before is tried alone: it may be what fails the others.
      .filter((task) => task.attempts > 0 === first.attempts > 0)
      .slice(0, first.attempts > 0 ? 1 : (setup?.declaration.batch.push ?? BATCH));
    try {
      const results = setup === undefined ? dropped(alike) : await this.attempt(session, setup, alike);
      await this.store(alike, results);
      await this.sweep(connectionId, alike, results);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      await this.putOff(connectionId, alike, error);
      return isRetryable(error.kind) || error instanceof BrokenConnectorError;
    } finally {
      await session.flushCounts(first.object, null);
    }
    return true;
  }

  private async attempt(
    session: ConnectionSession,
    setup: ObjectSetup,
    tasks: readonly Opened[],
  ): Promise<TaskResult[]> {
    const { connection, context } = session;
    const known = tasks.flatMap((task) =>
      'id' in task.target ? [{ key: task.id, id: task.target.id }] : [],
    );
    const now = context.clock.now();
    const answered: Answered = {
      now,
      seal: (task, id) => this.vault.seal(JSON.stringify({ id }), targetContext(task.erasureId)),
      waitMs: (task) => backoff(task.attempts),
    };
    if (known.length > 0 && tasks[0]?.action === 'delete' && connection.connector.erase !== undefined) {
      const outcomes = await connection.connector.erase(context, { object: setup.object, operations: known });
      return together(tasks, outcomes, (task, outcome) => resultOfErase(task, outcome, answered));
    }
    const operations = tasks.map(({ id: key, target }) =>
      'id' in target
        ? ({ kind: 'archive', key, id: target.id } as const)
        : ({
            kind: 'create',
            key,
            hubId: target.lookUp.hubId,
            values: toNative({
              entity: setup.entity,
              mapping: setup.mapping,
              fields: target.lookUp.values,
            }).values,
            uncertainSince: new Date(target.lookUp.sentAt).toISOString(),
          } as const),
    );
    const { properties } = setup;
    const outcomes =
      (await connection.connector.push?.(context, { object: setup.object, operations, properties })) ?? [];
    return together(tasks, outcomes, (task, outcome) => resultOfPush(task, outcome, answered));
  }

  /** Which records they are; undefined when some could not be opened, which are put off and say why. */
  private async unsealed(tasks: readonly DueTask[]): Promise<readonly Opened[] | undefined> {
    const opened: Opened[] = [];
    const closed: TaskResult[] = [];
    for (const task of tasks) {
      try {
        const text = this.vault.open(task.sealed, targetContext(task.erasureId));
        opened.push({ ...task, target: eraseTarget.parse(JSON.parse(text)) });
      } catch (error) {
        if (!(error instanceof SecretError)) throw error;
        const problem = { code: 'TARGET_SEALED', message: error.message, remedy: error.remedy };
        closed.push({ id: task.id, kind: 'later', dueAt: Date.now() + backoff(task.attempts), problem });
      }
    }
    if (closed.length === 0) return opened;
    await this.database.transaction((tx) => storeResults(tx, closed));
    return undefined;
  }

  private async store(tasks: readonly DueTask[], results: readonly TaskResult[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await storeResults(tx, results);
      await finishErasures(
        tx,
        tasks.map((task) => task.erasureId),
      );
    });
  }

  /** A deal that was being read, or written, while its person was erased may have come to point at them again. */
  private async sweep(
    connectionId: string,
    tasks: readonly Opened[],
    results: readonly TaskResult[],
  ): Promise<void> {
    const done = new Set(results.flatMap(({ id, kind }) => (kind === 'done' ? [id] : [])));
    const places = tasks.flatMap(({ id, object, target }) =>
      done.has(id) && 'id' in target ? [{ connectionId, object, externalId: target.id }] : [],
    );
    if (places.length > 0) await this.database.transaction((tx) => dropReferences(tx, places));
  }

  /** The system said nothing of any record. */
  private async putOff(
    connectionId: string,
    tasks: readonly DueTask[],
    error: ConnectorError,
  ): Promise<void> {
    const { code, message, remedy } = error;
    const results = tasks.map((task): TaskResult => ({
      id: task.id,
      kind: 'later',
      dueAt: error.retryAt ?? Date.now() + backoff(task.attempts),
      problem: { code, message, remedy },
    }));
    await this.database.transaction(async (tx) => {
      await storeResults(tx, results);
      const connection = (await this.connections.directory(tx)).find(connectionId);
      // A record that breaks the connector waits by itself, and says why; all else of the connection goes on.
      const isWhole = !isRetryable(error.kind) && !(error instanceof BrokenConnectorError);
      if (connection !== undefined && isWhole) await this.connections.fail(tx, connection, error);
    });
  }

  private async comeBack(connectionId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const next = await nextTaskDue(tx, connectionId);
      if (next !== null) await enqueueErase(tx, connectionId, new Date(next));
    });
  }
}

/** The object is not synced any more since the erasure began. */
function dropped(tasks: readonly DueTask[]): TaskResult[] {
  const note = 'It is not synced any more. Remove the person there by hand.';
  return tasks.map(({ id }) => ({ id, kind: 'done', outcome: 'kept', note }));
}

const NO_ANSWER = { code: 'NO_ANSWER', message: 'The connector gave no outcome for the record.' } as const;

function together<O extends EraseOutcome | PushOutcome>(
  tasks: readonly Opened[],
  outcomes: readonly O[],
  result: (
    task: Opened,
    outcome: O | { key: string; status: 'retry'; code: string; message: string },
  ) => TaskResult,
): TaskResult[] {
  const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
  return tasks.map((task) =>
    result(task, byKey.get(task.id) ?? { key: task.id, status: 'retry', ...NO_ANSWER }),
  );
}
