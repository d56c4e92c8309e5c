import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import { fingerprint, type IssueReport } from '../issues/issue.repository.js';
import type { Transaction } from '../platform/database/index.js';
import { rows, sql } from '../platform/database/sql.js';
import { lookAgain } from './inbox.repository.js';
import type { Settled } from './push-outcomes.js';
import type { PlannedPush } from './push-plan.js';
import { storeCandidates } from './candidates.repository.js';
import { recordsOfGolden } from './resolve.repository.js';

/** Attempts after which a create tells of the record in its way even if that record cannot be read. */
const PATIENCE = 3;

/**
 * What to make of records that stand in the way of a write. Unknown ones are read first. One that stands for the same
 * customer is a duplicate in that system; one that stands for another customer makes a match candidate.
 *
 * @returns the issues to report, those of conflicts made right
 */
export async function settleConflicts(
  tx: Transaction,
  answered: readonly { readonly push: PlannedPush; readonly settled: Settled }[],
  issues: readonly IssueReport[],
  { connection, setup }: { connection: ActiveConnection; setup: ObjectSetup; runId: string | null },
): Promise<readonly IssueReport[]> {
  const conflicts = answered.flatMap(({ push, settled }) =>
    settled.lookAt === undefined ? [] : [{ push, existing: settled.lookAt, issues: settled.issues }],
  );
  if (conflicts.length === 0) return issues;
  const known = await knownRecords(
    tx,
    connection.id,
    setup,
    conflicts.map((conflict) => conflict.existing),
  );
  const own = await recordsOfGolden(
    tx,
    conflicts.map(({ push }) => push.golden.id),
  );
  const silent = new Set<string>();
  const notices = new Set<string>();
  const unknown: string[] = [];
  const candidates: Parameters<typeof storeCandidates>[1][number][] = [];
  for (const { push, existing, issues: told } of conflicts) {
    const record = known.get(existing);
    const mine = push.record?.id ?? own.get(push.golden.id);
    if (record === undefined) {
      unknown.push(existing);
      if (push.record === null && push.intent.attempts < PATIENCE) mark(silent, told);
    } else if (record.goldenId === push.golden.id) {
      // Its customer already has it: for a create there is nothing left to do, an update cannot hold it twice.
      if (push.record === null) mark(silent, told);
      else mark(notices, told);
    } else if (mine !== undefined) {
      const reason = `${connection.name} keeps a value that belongs to both only once.`;
      candidates.push({
        a: mine,
        b: record.id,
        entity: setup.entity,
        rule: 'conflict in the system',
        reason,
      });
    }
  }
  await lookAgain(tx, { connectionId: connection.id, object: setup.object, externalIds: unknown });
  await storeCandidates(tx, candidates);
  return issues
    .filter((issue) => !silent.has(fingerprint(issue)))
    .map((issue) => (notices.has(fingerprint(issue)) ? { ...issue, severity: 'notice' as const } : issue));
}

function mark(set: Set<string>, issues: readonly IssueReport[]): void {
  for (const issue of issues) if (issue.code === 'CONFLICT') set.add(fingerprint(issue));
}

async function knownRecords(
  tx: Transaction,
  connectionId: string,
  setup: ObjectSetup,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, { id: string; goldenId: string | null }>> {
  const found = await rows<{ id: string; externalId: string; goldenId: string | null }>(
    tx,
    sql`select id::text as id, external_id as "externalId", golden_id::text as "goldenId" from source_record
      where connection_id = ${connectionId}::uuid and object = ${setup.object} and deleted_at is null
        and external_id = any(${externalIds}::text[])`,
  );
  return new Map(found.map((row) => [row.externalId, row]));
}
