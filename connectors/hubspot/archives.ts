/** Archiving: HubSpot keeps archived records for 90 days, and a person can restore them. */
import type { ArchiveOperation, PushOutcome } from '../../src/sdk/index.js';
import { failedOutcomes, WRITE_BATCH, type Run } from './batch-write.js';
import { chunks, mapAtOnce } from './chunks.js';
import { isGone, refusedOutcome } from './errors.js';
import { RefusedError } from './failures.js';
import type { Session } from './session.js';

export async function pushArchives(
  session: Session,
  run: Run,
  operations: readonly ArchiveOperation[],
): Promise<readonly PushOutcome[]> {
  const outcomes = await mapAtOnce(chunks(operations, WRITE_BATCH), 2, (batch) =>
    archiveBatch(session, run, batch),
  );
  return outcomes.flat();
}

/** Records that are gone already count as archived: HubSpot answers 204 for them as well. */
async function archiveBatch(
  session: Session,
  run: Run,
  batch: readonly ArchiveOperation[],
): Promise<readonly PushOutcome[]> {
  if (run.fatal !== undefined) return failedOutcomes(run, batch, run.fatal);
  try {
    await session.api.objects.archive(
      session.facts,
      batch.map(({ id }) => id),
    );
    run.applied = true;
    return batch.map(({ key, id }) => ({ key, status: 'stored', id, values: {} }));
  } catch (error) {
    if (!(error instanceof RefusedError)) return failedOutcomes(run, batch, error);
    const [only] = batch;
    if (only !== undefined && batch.length === 1)
      return error.status === 404 || isGone(error.error)
        ? [{ key: only.key, status: 'gone' }]
        : [refusedOutcome(only.key, error.error, error.status)];
    const middle = Math.ceil(batch.length / 2);
    return [
      ...(await archiveBatch(session, run, batch.slice(0, middle))),
      ...(await archiveBatch(session, run, batch.slice(middle))),
    ];
  }
}
