import type { ObjectSetup } from '../connections/active-connection.js';
import type { ConnectionSession } from '../connections/connections.service.js';
import { BrokenConnectorError } from '../connections/guard/broken-connector.js';
import { reportIssues } from '../issues/issue.repository.js';
import { execute, sql, type Database, type Transaction } from '../platform/database/index.js';
import type { ConnectorError, PushOperation, PushOutcome, Rejection } from '../sdk/index.js';
import * as outbox from './outbox.repository.js';
import { applyOutcomes } from './push-apply.js';
import { refusal } from './push-issues.js';
import type { PlannedPush } from './push-plan.js';

export interface Batch {
  readonly session: ConnectionSession;
  readonly setup: ObjectSetup;
  readonly planned: readonly PlannedPush[];
}

/** So many records break the connector, each alone, and nothing is written between them: then it is not the records. */
const HOPELESS = 10;

/**
 * Batches that a connector fails on as a whole, for a fault of its own or because the system refuses all of it for one
 * record. They are sent again in ever smaller ones, until the record that breaks them stands alone: it becomes a sync
 * issue, and all others are written.
 */
export class BrokenBatches {
  /** Connection → records that broke it, each alone, since the last write that went through. */
  private readonly inARow = new Map<string, number>();

  constructor(private readonly database: Database) {}

  /** Something was written: the connection is not at fault as a whole. */
  wentThrough(connectionId: string): void {
    this.inARow.delete(connectionId);
  }

  /** @returns whether the batch is taken care of; false when the failure is the whole connection's */
  async takeApart(batch: Batch, error: ConnectorError): Promise<boolean> {
    if (!isOfRecords(error)) return false;
    const { id } = batch.session.connection;
    const [only, ...others] = batch.planned;
    if (only === undefined) return false;
    if (others.length > 0) {
      await this.database.transaction((tx) => narrow(tx, batch, error));
      return true;
    }
    const broken = (this.inARow.get(id) ?? 0) + 1;
    if (broken < HOPELESS) {
      this.inARow.set(id, broken);
      await this.database.transaction((tx) => setAside(tx, { ...batch, push: only }, error));
      return true;
    }
    this.inARow.delete(id);
    await this.database.transaction((tx) => widen(tx, id));
    return false;
  }
}

/** What hangs may still be at work on all of it: that is not sent once more. */
function isOfRecords(error: ConnectorError): boolean {
  if (error instanceof BrokenConnectorError) return error.code !== 'CONNECTOR_HANGS';
  return error.kind === 'rejected';
}

/** A connector that breaks the contract may have sent it all the same. */
export function mayHaveBeenMade(operation: PushOperation, error: ConnectorError): boolean {
  if (operation.kind !== 'create') return false;
  return operation.uncertainSince !== undefined || error instanceof BrokenConnectorError;
}

/** Due at once, in batches of half as many, and of no more than the usual size. */
async function narrow(
  tx: Transaction,
  { session, setup, planned }: Batch,
  error: ConnectorError,
): Promise<void> {
  const dueAt = session.context.clock.now();
  await outbox.postponeIntents(
    tx,
    planned.map(({ intent, operation }) => ({
      id: intent.id,
      dueAt,
      countAttempt: false,
      uncertain: mayHaveBeenMade(operation, error),
    })),
  );
  const atMost = Math.min(Math.ceil(planned.length / 2), setup.declaration.batch.push);
  const ids = planned.map(({ intent }) => intent.id);
  await execute(tx, sql`update push_intent set at_most = ${atMost}::int where id = any(${ids}::bigint[])`);
}

async function widen(tx: Transaction, connectionId: string): Promise<void> {
  await execute(
    tx,
    sql`update push_intent set at_most = null where connection_id = ${connectionId}::uuid and at_most is not null`,
  );
}

/**
 * The record that broke its batch: not written until it says something else, or somebody retries the issue. One that may
 * have been made all the same is looked for first, and from time to time where that fails too.
 */
async function setAside(
  tx: Transaction,
  { session, setup, push }: Omit<Batch, 'planned'> & { readonly push: PlannedPush },
  error: ConnectorError,
): Promise<void> {
  const { connection } = session;
  const cause = causeOf(error, connection.name, setup.declaration.title);
  const key = push.operation.key;
  const isUncertain = mayHaveBeenMade(push.operation, error);
  const outcome: PushOutcome = isUncertain
    ? { key, status: 'unknown', message: cause.message }
    : { key, status: 'rejected', rejections: [cause] };
  const present = await outbox.lockIntents(tx, [push.intent.id]);
  await applyOutcomes(tx, { session, setup, planned: [push], outcomes: [outcome] });
  if (!isUncertain || present.size === 0) return;
  await reportIssues(tx, [refusal({ push, connection, setup }, { ...cause, field: null })]);
}

function causeOf(error: ConnectorError, connection: string, title: string): Rejection {
  const { code, message, remedy, detail } = error;
  const words = detail !== undefined && { detail };
  if (!(error instanceof BrokenConnectorError)) return { code, message, remedy, ...words };
  return {
    code,
    message: `The connector of ${connection} fails at writing this ${title}; it was set aside, and the others are written.`,
    remedy: `It is tried again by itself when it says something else. See what is odd about it, or update the connector and retry the issue; tell its authors what the detail says.`,
    ...words,
  };
}
