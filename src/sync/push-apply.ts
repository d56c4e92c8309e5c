import type { ObjectSetup } from '../connections/active-connection.js';
import type { ConnectionSession } from '../connections/connections.service.js';
import {
  clearIssues,
  clearCreateIssues,
  reportIssues,
  type IssueReport,
  releaseBlocked,
} from '../issues/issue.repository.js';
import type { Transaction } from '../platform/database/index.js';
import type { PushOutcome } from '../sdk/index.js';
import { ATTEMPTS_BEFORE_ISSUE, backoff } from './backoff.js';
import { settleConflicts } from './conflicts.js';
import { ingest } from './ingest.js';
import { addResolveTasks, noteOwnDeletions } from './ingest.repository.js';
import * as outbox from './outbox.repository.js';
import { storeCreates } from './push-creates.js';
import { settleOutcome } from './push-outcomes.js';
import { stuck } from './push-issues.js';
import type { Answered } from './answered.js';
import type { PlannedPush } from './push-plan.js';
import { lockResolve } from './resolve.repository.js';
import { addCounts, type RunCounts } from '../runs/run.repository.js';
import { enqueueResolve } from './sync-jobs.js';

/** Remembers every outcome of a batch in one transaction, with a handful of statements. */
export async function applyOutcomes(
  tx: Transaction,
  batch: {
    readonly session: ConnectionSession;
    readonly setup: ObjectSetup;
    readonly planned: readonly PlannedPush[];
    readonly outcomes: readonly PushOutcome[];
  },
): Promise<void> {
  const { session, setup } = batch;
  // As measured by now, not as it was when the work began.
  const connection = { ...session.connection, clockOffsetMs: session.clockOffsetMs() };
  const now = session.context.clock.now();
  const byKey = new Map(batch.outcomes.map((outcome) => [outcome.key, outcome]));
  // A customer placed meanwhile must see the account made here, or be seen by it: its link waits for one of the two.
  if (batch.planned.some(({ record }) => record === null)) await lockResolve(tx);
  // An erasure takes the intents of a person with it: what was written for them meanwhile is not remembered.
  const revisions = await outbox.lockIntents(
    tx,
    batch.planned.map(({ intent }) => intent.id),
  );
  const planned = batch.planned.filter(({ intent }) => revisions.has(intent.id));
  const answered = planned.flatMap((push): Answered[] => {
    const outcome = byKey.get(push.intent.id);
    if (outcome === undefined) return [];
    return [{ push, outcome, settled: settleOutcome(outcome, { push, connection, setup, now }) }];
  });
  const [first] = answered;
  if (first === undefined) return;
  const runId = first.push.intent.runId;

  await storeUpdates(tx, answered, now);
  const anew = answered.filter(({ push, settled: { stored } }) => {
    if (stored === undefined) return false;
    // What was computed again while a record was being made did not know of that yet.
    const overtaken = push.record === null && revisions.get(push.intent.id) !== push.intent.revision;
    return stored.rewritten || overtaken;
  });
  const tasks = [
    await addResolveTasks(
      tx,
      'golden',
      anew.map(({ push }) => push.golden.id),
      runId,
    ),
    await storeCreates(tx, answered, { connectionId: connection.id, setup, now, runId }),
  ];
  await storeReceipts(tx, answered, connection.id, setup);
  tasks.push(await forgetGone(tx, answered, batch));
  await finish(tx, answered, now);
  await forgetIssues(tx, answered, connection.id, setup);
  const issues = answered.flatMap(({ push, outcome, settled }) => [
    ...settled.issues,
    ...stuckIssue({ push, outcome, settled }, batch, now),
  ]);
  await reportIssues(tx, await settleConflicts(tx, answered, issues, { connection, setup, runId }));
  tasks.push(await planFreed(tx, answered, { connectionId: connection.id, setup, runId }));
  await addCounts(tx, runId, countsOf(answered, connection.id, setup.object));
  if (tasks.some((count) => count > 0)) await enqueueResolve(tx);
}

/** What was written, or is gone, may have stood in the way of other writes. Returns how many are to be resolved. */
async function planFreed(
  tx: Transaction,
  answered: readonly Answered[],
  key: { connectionId: string; setup: ObjectSetup; runId: string | null },
): Promise<number> {
  const externalIds = answered.flatMap(({ push, settled }) =>
    push.record !== null && settled.stored !== undefined ? [push.record.externalId] : [],
  );
  const { connectionId, setup, runId } = key;
  const freed = await releaseBlocked(tx, { connectionId, object: setup.object, externalIds });
  await addResolveTasks(
    tx,
    'record',
    freed.flatMap((row) => row.recordId ?? []),
    runId,
  );
  const creates = freed.flatMap((row) => (row.recordId === null ? (row.goldenId ?? []) : []));
  await addResolveTasks(tx, 'golden', creates, runId);
  return freed.length;
}

async function storeUpdates(tx: Transaction, answered: readonly Answered[], now: number): Promise<void> {
  await outbox.storeSettled(
    tx,
    answered.flatMap(({ push, settled: { stored } }) =>
      stored === undefined || push.record === null
        ? []
        : [
            {
              recordId: push.record.id,
              fields: stored.fields,
              version: stored.version,
              modifiedAt: stored.modifiedAt,
              writtenAt: now,
            },
          ],
    ),
  );
}

async function storeReceipts(
  tx: Transaction,
  answered: readonly Answered[],
  connectionId: string,
  setup: ObjectSetup,
): Promise<void> {
  await outbox.storeReceipts(
    tx,
    answered.flatMap(({ push, outcome, settled }) => {
      if (outcome.status !== 'stored') return [];
      return [
        {
          goldenId: push.golden.id,
          recordId: push.record?.id ?? null,
          connectionId,
          object: setup.object,
          externalId: outcome.id,
          operation:
            outcome.found === true && push.operation.kind === 'create' ? 'found' : push.operation.kind,
          fields: settled.stored?.receipt ?? {},
          goldenVersion: push.golden.version,
          runId: push.intent.runId,
        },
      ];
    }),
  );
}

/** Returns how many records are gone. */
async function forgetGone(
  tx: Transaction,
  answered: readonly Answered[],
  { session, setup }: { readonly session: ConnectionSession; readonly setup: ObjectSetup },
): Promise<number> {
  const tombstones = answered.flatMap(({ push, settled: { gone } }) =>
    gone === undefined || push.record === null
      ? []
      : [{ id: push.record.externalId, ...(gone.mergedInto !== null && { mergedInto: gone.mergedInto }) }],
  );
  if (tombstones.length === 0) return 0;
  const readAt = session.context.clock.now();
  await ingest(
    tx,
    { records: [], tombstones, readAt },
    {
      connection: session.connection,
      setup,
      runId: answered[0]?.push.intent.runId ?? null,
      counted: false,
      clockOffsetMs: session.clockOffsetMs(),
    },
  );
  const archived = answered.flatMap(({ push, settled }) =>
    settled.gone !== undefined && push.operation.kind === 'archive' ? [push.operation.id] : [],
  );
  await noteOwnDeletions(tx, { connectionId: session.connection.id, object: setup.object }, archived);
  return tombstones.length;
}

/** What was tried is told anew or not at all; fields left out of this write keep their issues. */
async function forgetIssues(
  tx: Transaction,
  answered: readonly Answered[],
  connectionId: string,
  setup: ObjectSetup,
): Promise<void> {
  // What was only looked for, and is not there, was not written: what kept it from that still does.
  const tried = answered.filter(
    ({ outcome: { status }, push }) =>
      status !== 'retry' && status !== 'unknown' && !(status === 'gone' && push.record === null),
  );
  await clearIssues(
    tx,
    tried.flatMap(({ push }) =>
      [null, ...Object.keys(push.plan.values)].map((field) => ({
        connectionId,
        object: setup.object,
        externalId: push.record?.externalId ?? null,
        goldenId: push.golden.id,
        operation: 'write' as const,
        field,
      })),
    ),
  );
  const made = tried.filter(({ push, outcome }) => push.record === null && outcome.status === 'stored');
  await clearCreateIssues(
    tx,
    connectionId,
    made.map(({ push }) => push.golden.id),
  );
}

async function finish(tx: Transaction, answered: readonly Answered[], now: number): Promise<void> {
  await outbox.finishIntents(
    tx,
    answered.flatMap(({ push, settled }) => (settled.next === 'done' ? [push.intent] : [])),
  );
  await outbox.postponeIntents(
    tx,
    answered.flatMap(({ push, settled }) =>
      settled.next === 'done'
        ? []
        : [
            {
              id: push.intent.id,
              dueAt:
                settled.next === 'again' ? now : (settled.retryAt ?? now + backoff(push.intent.attempts)),
              countAttempt: settled.next === 'later' && settled.retryAt === undefined,
              uncertain: settled.uncertain ?? false,
            },
          ],
    ),
  );
}

function stuckIssue(
  { push, outcome }: Answered,
  { session, setup }: { readonly session: ConnectionSession; readonly setup: ObjectSetup },
  now: number,
): IssueReport[] {
  if (outcome.status !== 'retry' && outcome.status !== 'unknown') return [];
  if (push.intent.attempts + 1 < ATTEMPTS_BEFORE_ISSUE) return [];
  const code = outcome.status === 'retry' ? outcome.code : 'NO_ANSWER';
  const nextTryAt = now + backoff(push.intent.attempts);
  return [
    stuck({ push, connection: session.connection, setup }, { code, message: outcome.message, nextTryAt }),
  ];
}

function countsOf(answered: readonly Answered[], connectionId: string, object: string): RunCounts[] {
  const counts = { created: 0, updated: 0, archived: 0, skipped: 0, failed: 0 };
  for (const { settled } of answered) if (settled.counts !== null) counts[settled.counts] += 1;
  return [{ connectionId, object, ...counts }];
}
