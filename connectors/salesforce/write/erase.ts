/**
 * Deletes for good: into the recycle bin, and out of it. Emptying the bin of what the user may see takes "Modify All
 * Data"; without it the records stay there for fifteen days.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_emptyrecyclebin.htm
 */
import type { EraseOperation, EraseOutcome, EraseRequest, PushOutcome } from '../../../src/sdk/index.js';
import { fullId } from '../api/ids.js';
import { openClient, type BinAnswer, type SalesforceClient } from '../client.js';
import { toHubError } from '../errors.js';
import { sobjectOf } from '../objects.js';
import type { Context } from '../session/session.js';
import { archiveAll } from './archive.js';

/** Both calls take so many. */
const BATCH = 200;

export async function erase(ctx: Context, request: EraseRequest): Promise<readonly EraseOutcome[]> {
  try {
    const client = await openClient(ctx);
    const known = request.operations.filter(({ id }) => fullId(id) !== undefined);
    const outcomes: EraseOutcome[] = request.operations
      .filter((operation) => !known.includes(operation))
      .map(({ key }) => ({ key, status: 'gone' }));
    for (let start = 0; start < known.length; start += BATCH) {
      outcomes.push(...(await eraseBatch(client, request.object, known.slice(start, start + BATCH))));
    }
    return outcomes;
  } catch (error) {
    throw toHubError(error, ctx.clock.now());
  }
}

async function eraseBatch(
  client: SalesforceClient,
  object: string,
  operations: readonly EraseOperation[],
): Promise<EraseOutcome[]> {
  const desk = { client, writer: client, target: sobjectOf(object), columns: [] };
  const archived = new Map((await archiveAll(desk, operations)).map((outcome) => [outcome.key, outcome]));
  const inBin = operations.filter(({ key }) => isGone(archived.get(key)));
  const emptied = await emptyBin(client, inBin);
  return operations.map((operation) => {
    const outcome = archived.get(operation.key);
    if (outcome === undefined || !isGone(outcome)) return notDeleted(operation.key, outcome);
    return fromBin(operation.key, outcome, emptied.get(operation.id));
  });
}

function isGone(outcome: PushOutcome | undefined): boolean {
  return outcome?.status === 'stored' || outcome?.status === 'gone';
}

/** By id; empty when the call failed: the records are deleted all the same, and the next attempt goes on from there. */
async function emptyBin(
  client: SalesforceClient,
  operations: readonly EraseOperation[],
): Promise<ReadonlyMap<string, BinAnswer>> {
  if (operations.length === 0) return new Map();
  const answers = await client.emptyRecycleBin(operations.map(({ id }) => id));
  return new Map(operations.flatMap(({ id }, index) => (answers[index] ? [[id, answers[index]]] : [])));
}

const NOTE =
  'It lies in the recycle bin of Salesforce, from where it goes after fifteen days. To have it gone at once, give the integration user "Modify All Data", or empty the bin by hand.';

function fromBin(key: string, outcome: PushOutcome, answer: BinAnswer | undefined): EraseOutcome {
  if (answer?.success === true) return { key, status: 'erased' };
  // Deleted before, and not in the bin any more.
  if (outcome.status === 'gone' && answer !== undefined && NOT_THERE.has(answer.code))
    return { key, status: 'gone' };
  return { key, status: 'archived', note: NOTE };
}

const NOT_THERE: ReadonlySet<string> = new Set([
  'ENTITY_IS_DELETED',
  'INVALID_CROSS_REFERENCE_KEY',
  'INVALID_ID_FIELD',
  'MALFORMED_ID',
]);

function notDeleted(key: string, outcome: PushOutcome | undefined): EraseOutcome {
  if (outcome?.status === 'rejected') {
    const [first] = outcome.rejections;
    return {
      key,
      status: 'rejected',
      code: first?.code ?? 'DELETION_REFUSED',
      message: first?.message ?? 'Salesforce refuses to delete the record.',
      remedy: first?.remedy ?? 'Delete it there by hand.',
    };
  }
  if (outcome?.status === 'retry') {
    const { code, message, retryAt } = outcome;
    return { key, status: 'retry', code, message, ...(retryAt === undefined ? {} : { retryAt }) };
  }
  const message = 'Salesforce did not say what became of the deletion.';
  return { key, status: 'retry', code: 'NO_ANSWER', message };
}
