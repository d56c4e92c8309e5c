/**
 * The jobs of the sync engine. All work on one connection has one queue: what reads it and what writes it never
 * race. Payloads carry ids; what is to be done stands in the tables (cursors, inbox, outbox, resolve tasks), so that a
 * job that runs twice, or for nothing, does no harm. Within one transaction enqueue fetch before resolve before push:
 * transactions that wait for each other's keys then wait in one order.
 */
import { z } from 'zod';
import { defineJob, enqueue, enqueueAll } from '../platform/jobs/index.js';
import type { Transaction } from '../platform/database/index.js';

const queueOf = (connectionId: string): string => `connection:${connectionId}`;

/** Lower runs first: what somebody waits for goes before what a schedule started. */
const PRIORITY = { resolve: -20, fetch: -10, erase: -5, push: 0, pull: 10, audit: 20 } as const;

/** Reads a connection's objects within a run. */
export const pullJob = defineJob({
  name: 'pull',
  payload: z.object({ runId: z.uuid(), connectionId: z.uuid() }),
  queue: ({ connectionId }) => queueOf(connectionId),
  key: ({ runId, connectionId }) => `pull:${runId}:${connectionId}`,
  priority: PRIORITY.pull,
});

/** Reads the records that webhooks, or the hub itself, named. */
export const fetchJob = defineJob({
  name: 'fetch',
  payload: z.object({ connectionId: z.uuid() }),
  queue: ({ connectionId }) => queueOf(connectionId),
  key: ({ connectionId }) => `fetch:${connectionId}`,
  priority: PRIORITY.fetch,
});

/** Links changed records, computes golden records, plans pushes. */
export const resolveJob = defineJob({
  name: 'resolve',
  payload: z.object({}),
  queue: () => 'resolve',
  key: () => 'resolve',
  priority: PRIORITY.resolve,
});

/** Sends what is due to a connection. */
export const pushJob = defineJob({
  name: 'push',
  payload: z.object({ connectionId: z.uuid() }),
  queue: ({ connectionId }) => queueOf(connectionId),
  key: ({ connectionId }) => `push:${connectionId}`,
  priority: PRIORITY.push,
});

/** Removes the records of erased people from a connection. */
export const eraseJob = defineJob({
  name: 'erase',
  payload: z.object({ connectionId: z.uuid() }),
  queue: ({ connectionId }) => queueOf(connectionId),
  key: ({ connectionId }) => `erase:${connectionId}`,
  priority: PRIORITY.erase,
});

/** Reads everything again and compares it with what the hub believes; beside the work on connections. */
export const auditJob = defineJob({
  name: 'audit',
  payload: z.object({ auditId: z.uuid() }),
  queue: () => 'audit',
  key: ({ auditId }) => `audit:${auditId}`,
  priority: PRIORITY.audit,
});

export async function enqueuePull(
  tx: Transaction,
  payload: { readonly runId: string; readonly connectionId: string },
  runAt?: Date,
): Promise<void> {
  await enqueue(tx, pullJob, payload, { ...(runAt && { runAt }) });
}

export async function enqueueFetch(tx: Transaction, connectionId: string, runAt?: Date): Promise<void> {
  await enqueue(tx, fetchJob, { connectionId }, { ...(runAt && { runAt }) });
}

export async function enqueueResolve(tx: Transaction): Promise<void> {
  await enqueue(tx, resolveJob, {});
}

/** Goes on sending what nobody waits for, in turn with reads. */
export async function enqueueBackfill(tx: Transaction, connectionId: string): Promise<void> {
  await enqueue(tx, pushJob, { connectionId }, { priority: PRIORITY.pull });
}

export async function enqueuePush(tx: Transaction, connectionId: string, runAt?: Date): Promise<void> {
  await enqueue(tx, pushJob, { connectionId }, { ...(runAt && { runAt }) });
}

/** The same for several connections, in one statement. */
export async function enqueuePushes(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
  await enqueueAll(
    tx,
    pushJob,
    connectionIds.map((connectionId) => ({ connectionId })),
  );
}

export async function enqueueErase(tx: Transaction, connectionId: string, runAt?: Date): Promise<void> {
  await enqueue(tx, eraseJob, { connectionId }, { ...(runAt && { runAt }) });
}

export async function enqueueAudit(tx: Transaction, auditId: string, runAt?: Date): Promise<void> {
  await enqueue(tx, auditJob, { auditId }, { ...(runAt && { runAt }) });
}
