import { setWait, type WaitingWork } from '../connections/call-ledger.repository.js';
import type { ActiveConnection } from '../connections/active-connection.js';
import type { ConnectionSession } from '../connections/connections.service.js';
import { clearIssues, reportIssues, type IssueTarget } from '../issues/issue.repository.js';
import type { Database, Transaction } from '../platform/database/index.js';
import type { ConnectorError } from '../sdk/index.js';

/** A system that asks for more patience than this is waited for in the open: status, runs and issues say so. */
const LONG_MS = 60_000;

/** When to go on, ms, if the error is a long wait that a system, or the hub's share of its calls, asks for. */
export function longWait(error: ConnectorError, now: number): number | undefined {
  const { kind, retryAt } = error;
  return kind === 'throttled' && retryAt !== undefined && retryAt - now > LONG_MS ? retryAt : undefined;
}

/** Says that work of a connection waits, why, and until when; nothing of it is lost. */
export async function startWaiting(
  tx: Transaction,
  connection: ActiveConnection,
  wait: { readonly work: WaitingWork; readonly error: ConnectorError; readonly until: number },
): Promise<void> {
  const { work, error, until } = wait;
  await setWait(tx, connection.id, work, until);
  await reportIssues(tx, [
    {
      ...noticeOf(connection, work),
      recordId: null,
      code: error.code,
      severity: 'notice',
      valueKind: null,
      valueLength: null,
      refused: null,
      message: error.message,
      remedy: error.remedy,
      detail: error.detail ?? null,
      nextTryAt: until,
    },
  ]);
}

/** Work of a connection was done: if it had waited, that is over. */
export async function stopWaiting(
  database: Database,
  session: ConnectionSession,
  work: WaitingWork,
): Promise<void> {
  const { connection } = session;
  if (session.waits()[work] === undefined) return;
  await database.transaction(async (tx) => {
    await setWait(tx, connection.id, work, null);
    await clearIssues(tx, [noticeOf(connection, work)]);
  });
}

function noticeOf({ id }: ActiveConnection, work: WaitingWork): IssueTarget {
  return {
    connectionId: id,
    object: null,
    externalId: null,
    goldenId: null,
    operation: work === 'push' ? 'write' : 'read',
    // Reads of a run and reads that webhooks ask for wait each by themselves.
    field: work === 'fetch' ? 'webhook' : null,
  };
}
