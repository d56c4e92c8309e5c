import { isTooMany, type BreakerLimits } from '../core/breaker/index.js';
import { ConnectorError, type PullPage, type ReadResult } from '../sdk/index.js';
import { withMissing } from './with-missing.js';

export interface CheckedReading {
  readonly connection: string;
  readonly object: string;
  /** From the beginning: all there is should come. */
  readonly full: boolean;
  readonly limits: BreakerLimits | false;
  /** Live records that the hub knows of the object. */
  readonly known: () => Promise<number>;
}

/** A system that held so many records and now has none at all is more likely broken than empty. */
const MUCH = 10;

/**
 * Pages as they come, but for what would make records gone on a mere absence: records that are not there any more,
 * without a word of the system on their deletion, are passed on at the end, when they are known to be few.
 *
 * @throws ConnectorError before anything of it is passed on, when many records are missing, or all are
 */
export async function* believable(
  pages: AsyncIterable<PullPage<unknown>>,
  reading: CheckedReading,
): AsyncGenerator<PullPage<unknown>> {
  const withheld: PullPage<unknown>[] = [];
  let read = 0;
  let gone = 0;
  for await (const page of pages) {
    read += page.records.length + page.tombstones.length + (page.unreadable?.length ?? 0);
    const isAbsence = page.records.length === 0 && page.tombstones.some(isInferred);
    if (isAbsence || (reading.full && read === 0)) {
      gone += page.tombstones.length;
      withheld.push(page);
      if (reading.limits !== false && isTooMany(gone, await reading.known(), reading.limits))
        throw vanished(reading);
      continue;
    }
    yield* withheld.splice(0);
    yield page;
  }
  if (reading.full && read === 0 && reading.limits !== false && (await reading.known()) >= MUCH)
    throw nothing(reading);
  yield* withheld;
}

/** So many of a batch, and more than half of it, are not missing by chance. */
const MANY_AT_ONCE = 10;

/**
 * Records that were asked for by id and are nowhere are gone, when they are few: a permission that was taken away hides
 * many at once.
 *
 * @throws ConnectorError before any of it is believed
 */
export function believableAbsence(
  result: ReadResult,
  asked: {
    readonly connection: string;
    readonly object: string;
    readonly ids: readonly string[];
    readonly limits: BreakerLimits | false;
  },
): ReadResult {
  const complete = withMissing(asked.ids, result);
  const missing = complete.tombstones.length - result.tombstones.length;
  if (asked.limits !== false && missing >= MANY_AT_ONCE && missing * 2 > asked.ids.length)
    throw hidden(asked);
  return complete;
}

function isInferred({ deletedAt, mergedInto }: PullPage<unknown>['tombstones'][number]): boolean {
  return deletedAt === undefined && mergedInto === undefined;
}

/** Many records that were asked for one by one are nowhere. */
export function hidden({
  connection,
  object,
}: Pick<CheckedReading, 'connection' | 'object'>): ConnectorError {
  return new ConnectorError({
    kind: 'configuration',
    code: 'RECORDS_VANISHED',
    message: `${connection} does not know many of its ${object} records any more when it is asked for them. None of them was marked as gone.`,
    remedy: `See whether its credentials still reach them. ${GONE_INDEED}`,
  });
}

/** What to do where so many are gone for good, and the system has no word on it. */
export const GONE_INDEED =
  'If they are gone indeed: set `breaker: false` for them under `sync`, run `rapport audit --repair`, and take it out again.';

function vanished({ connection, object }: CheckedReading): ConnectorError {
  return new ConnectorError({
    kind: 'configuration',
    code: 'RECORDS_VANISHED',
    message: `More ${object} records than the limit of ${connection} are missing from it, and it does not say that they were deleted. None of them was marked as gone.`,
    remedy: `See whether ${connection} is complete. If they are gone indeed: \`rapport sync ${connection} --approve\`.`,
  });
}

function nothing({ connection, object }: CheckedReading): ConnectorError {
  return new ConnectorError({
    kind: 'configuration',
    code: 'READS_NOTHING',
    message: `${connection} gives no ${object} records at all, though the hub knows many of it.`,
    remedy: `See whether its credentials still reach them. If there are none indeed: \`rapport sync ${connection} --approve\`.`,
  });
}
