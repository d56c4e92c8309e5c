/**
 * Reading by (SystemModstamp, Id): a keyset that loses nothing at page edges however many records share a second.
 * Deletions and merges stand in the same stream (queryAll). A record whose transaction commits late shows up behind
 * rows already read, so each read begins an overlap behind the last one. A first read of very many is one job.
 */
import type { PullPage, PullRequest } from '../../src/sdk/index.js';
import { ApiFailure } from './api/api-failure.js';
import { bulkPages, fitsBulk, startBulkRead } from './bulk/bulk-read.js';
import { openClient, type QueryAnswer, type SalesforceClient } from './client.js';
import type { Cursor, Position } from './config.js';
import { idOf, stampOf } from './records/decode.js';
import { decodePage } from './records/decode-page.js';
import { deletionsSince } from './records/deletions.js';
import { before, later } from './records/position.js';
import { columnsFor, describe, type Column } from './records/describe.js';
import { toHubError } from './errors.js';
import { sobjectOf, type SObject } from './objects.js';
import { rowsById, selectOf } from './records/select.js';
import { rolePages } from './roles-pull.js';
import type { Context } from './session/session.js';
import { instant } from './api/soql.js';

/** The largest page Salesforce gives. */
const PAGE = 2000;

export async function* pull(ctx: Context, request: PullRequest<Cursor>): AsyncGenerator<PullPage<Cursor>> {
  try {
    const client = await openClient(ctx);
    let end: Cursor | undefined;
    for await (const page of pages(client, request)) {
      end = page.cursor;
      yield page;
    }
    if (end !== undefined) yield* rolePages(client, request, end, (ids) => pageOf(client, request, ids));
  } catch (error) {
    throw toHubError(error, ctx.clock.now());
  }
}

async function* pages(
  client: SalesforceClient,
  request: PullRequest<Cursor>,
): AsyncGenerator<PullPage<Cursor>> {
  const { cursor } = request;
  const target = sobjectOf(request.object);
  const columns = await columnsFor(client, target.type, request.properties);
  const fresh = cursor?.high == null && cursor?.bulk === undefined;
  const total = fresh ? await count(client, target) : undefined;
  const { bulkReadAbove } = client.ctx.settings;
  const asBulk = cursor === null && total !== undefined && total > bulkReadAbove && fitsBulk(columns);
  const place = cursor?.bulk ?? (asBulk ? await startBulkRead(client, target, columns) : undefined);
  if (place === undefined) {
    yield* keyset(client, { ...request, target, columns, total });
    return;
  }
  const startedAt = cursor?.startedAt ?? new Date(client.ctx.http.serverTime(place.readAt)).toISOString();
  const read = {
    target,
    columns,
    properties: request.properties,
    startedAt,
    high: cursor?.high ?? null,
    place,
    total,
  };
  if (!(yield* bulkPages(client, read)))
    yield* keyset(client, { ...request, cursor: null, target, columns, total });
}

interface KeysetRequest extends PullRequest<Cursor> {
  readonly target: SObject;
  readonly columns: readonly Column[];
  readonly total: number | undefined;
}

async function* keyset(client: SalesforceClient, request: KeysetRequest): AsyncGenerator<PullPage<Cursor>> {
  const { target } = request;
  let { columns, total } = request;
  let withDeleted = true;
  let place = begin(request.cursor, client.ctx.settings.overlapSeconds * 1000);
  let high = request.cursor?.high ?? null;
  let startedAt = request.cursor?.open === true ? request.cursor.startedAt : undefined;
  for (;;) {
    const page = await readPage(client, {
      target,
      properties: request.properties,
      columns,
      place,
      withDeleted,
    });
    const { answer } = page;
    ({ columns, withDeleted } = page);
    startedAt ??= new Date(client.ctx.http.serverTime(answer.readAt)).toISOString();
    const last = answer.rows.at(-1);
    const more = last !== undefined && (!answer.done || answer.rows.length >= PAGE);
    if (last !== undefined) {
      const at = { stamp: stampOf(last), id: idOf(last) };
      // Nothing can come up any more in an overlap that had settled when it was last read: one page of it is enough.
      place = {
        after: more && place.settled && high !== null && before(at, high) ? high : at,
        settled: false,
      };
      high = later(high, at);
    }
    const { records, tombstones } = await decodePage(client, answer.rows, {
      target,
      columns,
      properties: request.properties,
    });
    const log =
      more || withDeleted ? undefined : await deletionsSince(client, target, since(client, request.cursor));
    // The next read looks again where the log was not complete yet.
    if (log !== undefined && log.coveredTo < startedAt) startedAt = log.coveredTo;
    yield {
      records,
      tombstones: [...tombstones, ...(log?.tombstones ?? [])],
      cursor: {
        v: 1,
        open: more,
        at: place.after ?? null,
        high,
        startedAt,
        ...(request.cursor?.roles === undefined ? {} : { roles: request.cursor.roles }),
      },
      ...(total === undefined ? {} : { total }),
      readAt: answer.readAt,
    };
    total = undefined;
    if (!more) return;
  }
}

/** From when on deletions are looked for where the log must tell them; as far back as it goes when nobody knows. */
function since(client: SalesforceClient, cursor: Cursor | null): number {
  if (cursor === null || cursor.open) return 0;
  return Date.parse(cursor.startedAt) - client.ctx.settings.overlapSeconds * 1000;
}

/** Where a page begins. */
interface Place {
  /** Right after this row. */
  readonly after?: Position;
  /** From this second on. */
  readonly from?: string;
  /** The overlap was read once before when all its transactions had ended. */
  readonly settled: boolean;
}

export function begin(cursor: Cursor | null, overlapMs: number): Place {
  if (cursor?.open === true && cursor.at !== null) return { after: cursor.at, settled: false };
  if (cursor?.high == null) return { settled: false };
  const high = Date.parse(cursor.high.stamp);
  const visible = Date.parse(cursor.startedAt) - overlapMs;
  const from = Math.min(high, Date.parse(cursor.startedAt)) - overlapMs;
  return { from: new Date(from).toISOString(), settled: visible > high };
}

interface PageRequest {
  readonly target: SObject;
  readonly properties: readonly string[];
  readonly columns: readonly Column[];
  readonly place: Place;
  /** False: deleted records are left to the delete log. */
  readonly withDeleted: boolean;
}

interface PageRead {
  readonly answer: QueryAnswer;
  readonly columns: readonly Column[];
  readonly withDeleted: boolean;
}

async function readPage(client: SalesforceClient, request: PageRequest): Promise<PageRead> {
  const { target, properties, columns } = request;
  try {
    return await queryPage(client, request);
  } catch (error) {
    if (error instanceof ApiFailure && error.code === 'QUERY_TIMEOUT' && request.withDeleted) {
      client.ctx.log.warn(
        'salesforce query over deleted records took too long; taking deletions from the log',
        {
          object: target.type,
        },
      );
      return queryPage(client, { ...request, withDeleted: false });
    }
    if (!(error instanceof ApiFailure) || error.code !== 'INVALID_FIELD') throw error;
    // A field went away, or out of sight, since the object was last described.
    await describe(client, target.type, 0);
    const left = await columnsFor(client, target.type, properties);
    if (left.length === columns.length) throw error;
    return queryPage(client, { ...request, columns: left });
  }
}

async function queryPage(
  client: SalesforceClient,
  { target, columns, place, withDeleted }: PageRequest,
): Promise<PageRead> {
  const select = await selectOf(client, target, columns);
  const soql = `${select}${where(place)} ORDER BY SystemModstamp, Id LIMIT ${String(PAGE)}`;
  return { answer: await client.query(soql, { all: withDeleted }), columns, withDeleted };
}

/** The first half of the condition says nothing new, but lets Salesforce use its index on the stamp. */
function where({ after, from }: Place): string {
  if (after !== undefined) {
    const stamp = instant(after.stamp);
    return ` WHERE SystemModstamp >= ${stamp} AND (SystemModstamp > ${stamp} OR Id > '${after.id}')`;
  }
  return from === undefined ? '' : ` WHERE SystemModstamp >= ${instant(from)}`;
}

async function count(client: SalesforceClient, target: SObject): Promise<number> {
  const answer = await client.query(`SELECT count() FROM ${target.type}`, { all: true });
  return answer.totalSize;
}

/** Records by id, as a page. */
async function pageOf(
  client: SalesforceClient,
  { object, properties }: PullRequest<Cursor>,
  ids: readonly string[],
): Promise<Pick<PullPage<Cursor>, 'records' | 'tombstones'>> {
  const target = sobjectOf(object);
  const columns = await columnsFor(client, target.type, properties);
  const rows = await rowsById(client, target, { ids, columns });
  return decodePage(client, [...rows.values()], { target, columns, properties });
}
