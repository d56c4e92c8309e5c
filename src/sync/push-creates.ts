import type { ObjectSetup } from '../connections/active-connection.js';
import type { Transaction } from '../platform/database/index.js';
import { decideSame } from './crm-merge.js';
import { addResolveTasks, findRecords } from './ingest.repository.js';
import * as outbox from './outbox.repository.js';
import type { PlannedPush } from './push-plan.js';
import type { Answered } from './answered.js';
import { addReferrers, recordsOfGolden } from './resolve.repository.js';

/**
 * Records that a push made, or found made by an earlier attempt: each is linked to the customer it was made for.
 *
 * @returns how many are to be resolved
 */
export async function storeCreates(
  tx: Transaction,
  answered: readonly Answered[],
  key: { connectionId: string; setup: ObjectSetup; now: number; runId: string | null },
): Promise<number> {
  const made = answered.flatMap(({ push, settled: { stored } }) =>
    stored === undefined || push.record !== null ? [] : [{ push, stored }],
  );
  if (made.length === 0) return 0;
  const inserted = await outbox.storeCreated(
    tx,
    made.map(({ push, stored }) => ({
      connectionId: key.connectionId,
      object: key.setup.object,
      entity: key.setup.entity,
      externalId: stored.externalId,
      goldenId: push.golden.id,
      fields: stored.fields,
      version: stored.version,
      modifiedAt: stored.modifiedAt,
      writtenAt: key.now,
    })),
  );
  const fresh = new Set(inserted.map((row) => row.externalId));
  const known = made.filter(({ stored }) => !fresh.has(stored.externalId));
  await joinKnown(tx, known, key);
  const joined = await addResolveTasks(
    tx,
    'golden',
    known.map(({ push }) => push.golden.id),
    key.runId,
  );
  const referrers = await addReferrers(
    tx,
    made.map(({ push }) => push.golden.id),
    key.runId,
  );
  return joined + referrers;
}

/**
 * The record that a lost create made was read, and placed, before the answer was known: it is ours all the same, and
 * the hub's own memory says so for good.
 */
async function joinKnown(
  tx: Transaction,
  known: readonly { readonly push: PlannedPush; readonly stored: { readonly externalId: string } }[],
  key: { connectionId: string; setup: ObjectSetup; runId: string | null },
): Promise<void> {
  if (known.length === 0) return;
  const records = await findRecords(tx, {
    connectionId: key.connectionId,
    entity: key.setup.entity,
    externalIds: known.map(({ stored }) => stored.externalId),
  });
  const idOf = new Map(records.map((row) => [row.externalId, row.id]));
  const own = await recordsOfGolden(
    tx,
    known.map(({ push }) => push.golden.id),
  );
  const pairs = known.flatMap(({ push, stored }) => {
    const a = idOf.get(stored.externalId);
    const b = own.get(push.golden.id);
    return a === undefined || b === undefined || a === b ? [] : [{ a, b }];
  });
  await decideSame(tx, pairs, 'the hub made this record');
  await addResolveTasks(
    tx,
    'record',
    pairs.map((pair) => pair.a),
    key.runId,
  );
}
