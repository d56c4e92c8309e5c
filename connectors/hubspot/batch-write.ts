/**
 * One batch of writes, and what became of each input. HubSpot may judge inputs one by one (207) or refuse all for
 * the sake of one; then the culprit is looked for, and the others go through.
 */
import {
  ConnectorError,
  isRetryable,
  TransportError,
  type CreateOperation,
  type PushOutcome,
  type UpdateOperation,
} from '../../src/sdk/index.js';
import { chunks, mapAtOnce } from './chunks.js';
import { idsIn, isGone, problemsIn, refusedOutcome } from './errors.js';
import { LostAnswerError, RefusedError } from './failures.js';
import type { BatchAnswer } from './objects-client.js';
import type { Write } from './prepare.js';
import type { HubSpotRecord } from './record.js';
import { contextValues, type VendorError } from './vendor-error.js';

/** One push of the hub's, from its first call to its last. */
export interface Run {
  /** Set once HubSpot has taken, or may have taken, anything. */
  applied: boolean;
  /** A failure no further call can get past; the batches after it are not sent. */
  fatal: ConnectorError | undefined;
}

type Operation = CreateOperation | UpdateOperation;

export interface Written<O extends Operation> {
  readonly write: Write<O>;
  readonly record: HubSpotRecord;
}

export interface BatchResult<O extends Operation> {
  readonly written: readonly Written<O>[];
  readonly outcomes: readonly PushOutcome[];
  /** HubSpot says these are not there, or passed over them without a word. */
  readonly absent: readonly Write<O>[];
}

export interface BatchKind<O extends Operation> {
  send(batch: readonly Write<O>[]): Promise<BatchAnswer>;
  /** The result that belongs to an input; results come in no order. */
  match(record: HubSpotRecord, batch: readonly Write<O>[]): Write<O> | undefined;
  /** The id that an error may name an input by. */
  idOf(write: Write<O>): string | undefined;
  /** Looks at a refusal of the whole batch first; undefined when it knows nothing of it. */
  refused?(batch: readonly Write<O>[], refusal: RefusedError): Promise<Sorted<O> | undefined>;
  /** An input passed over without a word may have been applied. */
  readonly silence: 'absent' | 'unknown';
}

/** What a closer look at a refusal gave: inputs that are settled, and those to send again. */
export interface Sorted<O extends Operation> {
  readonly outcomes: readonly PushOutcome[];
  readonly again: readonly Write<O>[];
}

export const WRITE_BATCH = 100;
const AT_ONCE = 3;

export async function writeBatches<O extends Operation>(
  run: Run,
  writes: readonly Write<O>[],
  kind: BatchKind<O>,
): Promise<BatchResult<O>> {
  const results = await mapAtOnce(chunks(writes, WRITE_BATCH), AT_ONCE, (batch) =>
    writeBatch(run, batch, kind),
  );
  return together(results);
}

async function writeBatch<O extends Operation>(
  run: Run,
  batch: readonly Write<O>[],
  kind: BatchKind<O>,
): Promise<BatchResult<O>> {
  if (batch.length === 0) return { written: [], outcomes: [], absent: [] };
  if (run.fatal !== undefined) return onlyOutcomes(failedOutcomes(run, batch, run.fatal));
  try {
    const answer = await kind.send(batch);
    run.applied = true;
    return await sortAnswer(run, batch, { answer, kind });
  } catch (error) {
    if (error instanceof RefusedError) return sortRefusal(run, batch, { refusal: error, kind });
    return onlyOutcomes(failedOutcomes(run, batch, error));
  }
}

/** Outcomes of writes whose call failed as a whole. Throws what is a bug of ours. */
export function failedOutcomes(
  run: Run,
  batch: readonly { readonly key: string }[],
  error: unknown,
): PushOutcome[] {
  if (error instanceof LostAnswerError || (error instanceof TransportError && error.sent)) {
    run.applied = true;
    return batch.map(({ key }) => ({
      key,
      status: 'unknown',
      message: 'HubSpot gave no answer: it may or may not have stored the record.',
    }));
  }
  if (error instanceof TransportError)
    return batch.map(({ key }) => ({
      key,
      status: 'retry',
      code: 'NOT_SENT',
      message: 'The call was not sent.',
    }));
  if (!(error instanceof ConnectorError)) throw error;
  if (!isRetryable(error.kind)) run.fatal ??= error;
  const { code, message, retryAt } = error;
  return batch.map(({ key }) => ({
    key,
    status: 'retry',
    code,
    message,
    ...(retryAt === undefined ? {} : { retryAt }),
  }));
}

async function sortAnswer<O extends Operation>(
  run: Run,
  batch: readonly Write<O>[],
  given: { readonly answer: BatchAnswer; readonly kind: BatchKind<O> },
): Promise<BatchResult<O>> {
  const { answer, kind } = given;
  const written = answer.records.flatMap((record): Written<O>[] => {
    const write = kind.match(record, batch);
    return write === undefined ? [] : [{ write, record }];
  });
  const open = new Set(batch);
  for (const { write } of written) open.delete(write);

  const outcomes: PushOutcome[] = [];
  const absent: Write<O>[] = [];
  const unclaimed: VendorError[] = [];
  for (const error of answer.errors) {
    const named = namedBy(error, [...open], kind);
    if (named.length === 0) unclaimed.push(error);
    for (const write of named) {
      open.delete(write);
      if (isGone(error) && write.operation.kind === 'update') absent.push(write);
      else outcomes.push(refusedOutcome(write.key, error));
    }
  }
  const rest = await settleRest(run, [...open], { unclaimed, kind });
  return together([{ written, outcomes, absent }, rest]);
}

/** Inputs that neither a result nor an error names. */
async function settleRest<O extends Operation>(
  run: Run,
  open: readonly Write<O>[],
  given: { readonly unclaimed: readonly VendorError[]; readonly kind: BatchKind<O> },
): Promise<BatchResult<O>> {
  const { unclaimed, kind } = given;
  const [only] = open;
  const [error] = unclaimed;
  if (only === undefined) return onlyOutcomes([]);
  if (error !== undefined && open.length === 1) return onlyOutcomes([refusedOutcome(only.key, error)]);
  // As many errors as inputs left: none of them was stored, and each alone will get an answer of its own.
  if (unclaimed.length >= open.length)
    return together(await mapAtOnce(open, 1, (write) => writeBatch(run, [write], kind)));
  if (kind.silence === 'absent') return { written: [], outcomes: [], absent: open };
  return onlyOutcomes(
    open.map(({ key }) => ({
      key,
      status: 'unknown',
      message: 'HubSpot left the record out of its answer.',
    })),
  );
}

async function sortRefusal<O extends Operation>(
  run: Run,
  batch: readonly Write<O>[],
  given: { readonly refusal: RefusedError; readonly kind: BatchKind<O> },
): Promise<BatchResult<O>> {
  const { refusal, kind } = given;
  const [only] = batch;
  if (only !== undefined && batch.length === 1) {
    const gone = refusal.status === 404 || isGone(refusal.error);
    if (gone && only.operation.kind === 'update') return { written: [], outcomes: [], absent: [only] };
    return onlyOutcomes([refusedOutcome(only.key, refusal.error, refusal.status)]);
  }
  const sorted = await kind.refused?.(batch, refusal);
  if (sorted !== undefined)
    return together([onlyOutcomes(sorted.outcomes), await writeBatch(run, sorted.again, kind)]);
  const results: BatchResult<O>[] = [];
  for (const part of split(batch, { error: refusal.error, kind }))
    results.push(await writeBatch(run, part, kind));
  return together(results);
}

/** Suspects apart from the rest where the error gives any, else two halves. */
function split<O extends Operation>(
  batch: readonly Write<O>[],
  given: { readonly error: VendorError; readonly kind: BatchKind<O> },
): readonly (readonly Write<O>[])[] {
  const suspects = new Set([...namedBy(given.error, batch, given.kind), ...withValues(given.error, batch)]);
  if (suspects.size > 0 && suspects.size < batch.length)
    return [[...suspects], batch.filter((write) => !suspects.has(write))];
  const middle = Math.ceil(batch.length / 2);
  return [batch.slice(0, middle), batch.slice(middle)];
}

function namedBy<O extends Operation>(
  error: VendorError,
  batch: readonly Write<O>[],
  kind: BatchKind<O>,
): readonly Write<O>[] {
  const traces = contextValues(error, 'objectWriteTraceId');
  if (traces.length > 0) return batch.filter((write) => traces.includes(write.traceId));
  const ids = new Set(idsIn(error));
  return ids.size === 0 ? [] : batch.filter((write) => ids.has(kind.idOf(write) ?? ''));
}

/** Inputs that hold one of the values HubSpot refuses. */
function withValues<O extends Operation>(
  error: VendorError,
  batch: readonly Write<O>[],
): readonly Write<O>[] {
  return problemsIn(error).flatMap(({ property, value, message }) =>
    property === undefined
      ? []
      : batch.filter(({ properties }) => {
          const sent = properties[property];
          if (sent === undefined || sent === '') return false;
          return value === undefined || value === '' ? message.includes(sent) : sent === value;
        }),
  );
}

function onlyOutcomes<O extends Operation>(outcomes: readonly PushOutcome[]): BatchResult<O> {
  return { written: [], outcomes, absent: [] };
}

function together<O extends Operation>(results: readonly BatchResult<O>[]): BatchResult<O> {
  return {
    written: results.flatMap((result) => result.written),
    outcomes: results.flatMap((result) => result.outcomes),
    absent: results.flatMap((result) => result.absent),
  };
}
