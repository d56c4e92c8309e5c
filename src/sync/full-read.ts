import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import { DEFAULT_LIMITS, isTooMany } from '../core/breaker/index.js';
import { clearIssues, reportIssues, type IssueTarget } from '../issues/issue.repository.js';
import { GONE_INDEED } from './reading-guard.js';
import { firstRow, sql, type Transaction } from '../platform/database/index.js';

export interface FullRead {
  readonly runId: string;
  readonly connection: ActiveConnection;
  readonly setup: ObjectSetup;
  /** Live records that the hub knew when it began. */
  readonly known: number;
  /** Somebody said yes beforehand to whatever may be missing. */
  readonly approved: boolean;
}

/**
 * Says so when a full read that came to its end brought far fewer records than are known: a permission that was taken
 * away looks like this. Nothing is marked as gone by it; that would need the system's word on each record.
 */
export async function tellTooFew(tx: Transaction, full: FullRead): Promise<void> {
  const { connection, setup, known, approved } = full;
  const limits = setup.policy.breaker ?? DEFAULT_LIMITS;
  const target = targetOf(connection, setup);
  const missing = known - (await readIn(tx, full));
  if (approved || limits === false || !isTooMany(missing, known, limits)) {
    await clearIssues(tx, [target]);
    return;
  }
  const { name } = connection;
  await reportIssues(tx, [
    {
      ...target,
      recordId: null,
      code: 'READS_TOO_FEW',
      severity: 'error',
      valueKind: null,
      valueLength: null,
      refused: null,
      message: `A full read of ${name} brought ${String(known - missing)} ${setup.object} records; the hub knows ${String(known)}. The others were not marked as gone, and their changes are not heard of.`,
      remedy: `See whether the credentials of ${name} still reach all records (permissions, sharing rules), then run \`rapport sync ${name} --full\`. ${GONE_INDEED}`,
      detail: null,
      nextTryAt: null,
    },
  ]);
}

async function readIn(tx: Transaction, { runId, connection, setup }: FullRead): Promise<number> {
  const found = await firstRow<{ read: number }>(
    tx,
    sql`select read from run_count
      where run_id = ${runId}::uuid and connection_id = ${connection.id}::uuid and object = ${setup.object}`,
  );
  return found?.read ?? 0;
}

function targetOf(connection: ActiveConnection, setup: ObjectSetup): IssueTarget {
  return {
    connectionId: connection.id,
    object: setup.object,
    externalId: null,
    goldenId: null,
    operation: 'read',
    field: null,
  };
}
