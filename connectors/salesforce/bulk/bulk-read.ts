/**
 * A first read of many records as one query job: a handful of calls instead of one for every 2,000 records. The
 * job's id and place stand in the cursor, so that a read that is stopped goes on with the same job.
 */
import type { PullPage } from '../../../src/sdk/index.js';
import { ApiFailure } from '../api/api-failure.js';
import type { SalesforceClient } from '../client.js';
import type { BulkPlace, Cursor, Position } from '../config.js';
import { decodePage, type Wanted } from '../records/decode-page.js';
import { idOf, stampOf } from '../records/decode.js';
import { describe, type Column } from '../records/describe.js';
import type { SObject } from '../objects.js';
import { later } from '../records/position.js';
import { selectOf } from '../records/select.js';
import { rowOf } from './csv.js';
import { lookAtJob, openJob, queryResults, type JobInfo } from './jobs.js';

/** Lines fetched at once: some megabytes of text. */
const FETCH = 10_000;
/** Records in one page for the hub. */
const PAGE = 2_000;
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/** Values of these types have no place in a line. */
const NOT_IN_BULK: ReadonlySet<string> = new Set(['address', 'location', 'base64']);

export function fitsBulk(columns: readonly Column[]): boolean {
  return columns.every(({ field }) => !NOT_IN_BULK.has(field.type));
}

/** Starts a job for all records, deleted ones included; undefined where the org or the user may not. */
export async function startBulkRead(
  client: SalesforceClient,
  target: SObject,
  columns: readonly Column[],
): Promise<BulkPlace | undefined> {
  const readAt = client.ctx.clock.now();
  const query = await selectOf(client, target, columns);
  try {
    const { id } = await openJob(client, 'query', { operation: 'queryAll', query });
    return { job: id, locator: null, skip: 0, readAt };
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.status >= 500 || error.status === 401) throw error;
    if (error.code === 'REQUEST_LIMIT_EXCEEDED') throw error;
    client.ctx.log.warn('salesforce bulk query refused, reading page by page', { code: error.code });
    return undefined;
  }
}

interface BulkRead extends Wanted {
  readonly startedAt: string;
  readonly high: Position | null;
  readonly place: BulkPlace;
  /** Records expected, for progress. */
  readonly total: number | undefined;
}

/**
 * Pages of a job's records, empty ones while the job is at work. `readAt` is when the job was asked for: what it found
 * may be that old. Returns false when the job came to nothing and everything must be read another way.
 */
export async function* bulkPages(
  client: SalesforceClient,
  read: BulkRead,
): AsyncGenerator<PullPage<Cursor>, boolean> {
  const { job, readAt } = read.place;
  const at = (place: BulkPlace, high: Position | null): Cursor => ({
    v: 1,
    open: true,
    at: null,
    high,
    startedAt: read.startedAt,
    bulk: place,
  });
  let state = await stateOf(client, job);
  for (let wait = SHORTEST_WAIT_MS; state === 'working'; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    const { total } = read;
    yield {
      ...{ records: [], tombstones: [], cursor: at(read.place, read.high), readAt },
      ...(total === undefined ? {} : { total }),
    };
    await client.ctx.clock.sleep(wait);
    state = await stateOf(client, job);
  }
  if (state === 'lost') return false;
  const shape = await describe(client, read.target.type);
  let { high } = read;
  let place: BulkPlace | null = read.place;
  while (place !== null) {
    const { locator } = place;
    const fetched = await queryResults(client, job, { locator, max: FETCH });
    const lines = fetched.lines.slice(place.skip);
    const next: BulkPlace | null =
      fetched.next === null ? null : { job, locator: fetched.next, skip: 0, readAt };
    for (let start = 0; start === 0 || start < lines.length; start += PAGE) {
      const rows = lines.slice(start, start + PAGE).map((line) => rowOf(shape, line));
      for (const row of rows) high = later(high, { stamp: stampOf(row), id: idOf(row) });
      const rest: BulkPlace | null =
        start + PAGE < lines.length ? { ...place, skip: place.skip + start + PAGE } : next;
      yield {
        ...(await decodePage(client, rows, read)),
        cursor:
          rest === null ? { v: 1, open: false, at: null, high, startedAt: read.startedAt } : at(rest, high),
        readAt,
      };
    }
    place = next;
  }
  return true;
}

/** A job goes away after seven days, or when somebody deletes it. */
async function stateOf(client: SalesforceClient, id: string): Promise<'working' | 'done' | 'lost'> {
  let info: JobInfo;
  try {
    info = await lookAtJob(client, 'query', id);
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return 'lost';
    throw error;
  }
  if (info.state === 'JobComplete') return 'done';
  if (info.state !== 'Failed' && info.state !== 'Aborted') return 'working';
  client.ctx.log.warn('salesforce bulk query came to nothing, reading page by page', { state: info.state });
  return 'lost';
}
