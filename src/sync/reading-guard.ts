import { isTooMany, type BreakerLimits } from '../core/breaker/index.js';
import { ConnectorError, type PullPage } from '../sdk/index.js';

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

function isInferred({ deletedAt, mergedInto }: PullPage<unknown>['tombstones'][number]): boolean {
  return deletedAt === undefined && mergedInto === undefined;
}

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
