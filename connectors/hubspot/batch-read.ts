/** Reading records by id, or by another unique property, in HubSpot's batches. */
import { chunks, mapAtOnce } from './chunks.js';
import { refusalError, RefusedError } from './failures.js';
import type { HubSpotRecord } from './record.js';
import type { Session } from './session.js';

/** HubSpot reads fewer records at once when it must look up their history. */
export const BATCH_WITH_HISTORY = 50;
export const BATCH = 100;

const AT_ONCE = 4;

interface BatchReadOptions {
  readonly properties: readonly string[];
  readonly history?: readonly string[];
  readonly archived?: boolean;
  readonly idProperty?: string;
}

/** The records found, in no particular order. What was not found is not among them. */
export async function readBatches(
  session: Session,
  ids: readonly string[],
  options: BatchReadOptions,
): Promise<readonly HubSpotRecord[]> {
  const history = options.history ?? [];
  const size = history.length > 0 ? BATCH_WITH_HISTORY : BATCH;
  const answers = await mapAtOnce(chunks([...new Set(ids)], size), AT_ONCE, (batch) =>
    readBatch(session, batch, options),
  );
  return answers.flat();
}

async function readBatch(
  session: Session,
  ids: readonly string[],
  options: BatchReadOptions,
): Promise<readonly HubSpotRecord[]> {
  try {
    const answer = await session.api.objects.batchRead(session.facts, { ids, ...options });
    const failed = answer.errors.find((error) => error.category !== undefined && !isMissing(error.category));
    if (failed !== undefined) throw new RefusedError(207, failed);
    return answer.records;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (error.status === 404) return [];
    throw refusalError(error, `read ${session.facts.plural}`);
  }
}

function isMissing(category: string): boolean {
  return category === 'OBJECT_NOT_FOUND' || category === 'NOT_FOUND';
}
