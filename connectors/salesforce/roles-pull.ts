/**
 * Contact roles that came and went, after the opportunities themselves. New ones are found by their stamp. Deleted ones
 * only say that some are gone (getDeleted): then the roles of known opportunities are looked through, a bounded number
 * of calls at each read, and the hub compares.
 */
import type { PullPage, PullRequest, SourceRecord } from '../../src/sdk/index.js';
import { instant } from './api/soql.js';
import type { SalesforceClient } from './client.js';
import type { Cursor, RolesPosition } from './config.js';
import { utc } from './records/decode.js';
import { CONTACT_ROLES, isForbidden, ROLE, withRoles } from './records/roles.js';

const PAGE = 2000;
/** Opportunities looked through at once, 400 a call. */
const SWEEP = 2000;
/** Rounds of them at one read: 20,000 opportunities, 50 calls. */
const MOST_SWEEPS = 10;
/** A day short of what the log keeps. */
const EARLIEST_DELETED_MS = 14 * 86_400_000;

type Pages = AsyncGenerator<PullPage<Cursor>, void, undefined>;

/** @param read the opportunities of some ids, as a page */
export async function* rolePages(
  client: SalesforceClient,
  request: PullRequest<Cursor>,
  end: Cursor,
  read: (ids: readonly string[]) => Promise<Pick<PullPage<Cursor>, 'records' | 'tombstones'>>,
): Pages {
  if (request.object !== 'opportunity' || !request.properties.includes(CONTACT_ROLES)) return;
  const before = request.cursor?.roles;
  const since: RolesPosition = { since: end.startedAt, sweep: before?.sweep ?? null };
  try {
    if (before === undefined) {
      yield { records: [], tombstones: [], cursor: { ...end, roles: since }, readAt: client.ctx.clock.now() };
      return;
    }
    const from = Date.parse(before.since) - client.ctx.settings.overlapSeconds * 1000;
    yield* changedRoles(client, from, { ...end, roles: before }, read);
    const { gone, covered } = await someGone(client, Date.parse(before.since), Date.parse(end.startedAt));
    // What the log does not cover yet is asked for again.
    const next = { ...since, since: new Date(covered).toISOString() };
    yield* sweep(client, { ...end, roles: gone ? { ...next, sweep: { after: null } } : next });
  } catch (error) {
    // Who may not see roles gets opportunities without them.
    if (!isForbidden(client, error)) throw error;
  }
}

async function* changedRoles(
  client: SalesforceClient,
  from: number,
  cursor: Cursor,
  read: (ids: readonly string[]) => Promise<Pick<PullPage<Cursor>, 'records' | 'tombstones'>>,
): Pages {
  const start = instant(new Date(from).toISOString());
  let condition = `SystemModstamp >= ${start}`;
  for (;;) {
    const readAt = client.ctx.clock.now();
    const soql = `SELECT Id, OpportunityId, SystemModstamp FROM ${ROLE} WHERE ${condition} ORDER BY SystemModstamp, Id LIMIT ${String(PAGE)}`;
    const { rows } = await client.query(soql, { all: false });
    const last = rows.at(-1);
    if (last === undefined) return;
    const ids = [...new Set(rows.map((row) => String(row['OpportunityId'])))];
    yield { ...(await read(ids)), cursor, readAt };
    if (rows.length < PAGE) return;
    const stamp = instant(utc(last['SystemModstamp']) ?? new Date(from).toISOString());
    condition = `SystemModstamp >= ${stamp} AND (SystemModstamp > ${stamp} OR Id > '${String(last['Id'])}')`;
  }
}

/** Salesforce keeps the log of deletions for a while only: where it does not reach back, some may be gone. */
async function someGone(
  client: SalesforceClient,
  from: number,
  to: number,
): Promise<{ readonly gone: boolean; readonly covered: number }> {
  if (to - from > EARLIEST_DELETED_MS) return { gone: true, covered: to };
  // The call takes whole minutes, and at least one between start and end.
  const minute = 60_000;
  const start = Math.floor(from / minute) * minute;
  const end = Math.max(Math.ceil(to / minute) * minute, start + 2 * minute);
  const { count, earliest, covered } = await client.deletedBetween(ROLE, start, end);
  return { gone: count > 0 || earliest > from, covered: Math.min(to, Math.max(from, covered)) };
}

async function* sweep(client: SalesforceClient, from: Cursor): Pages {
  let cursor = from;
  for (let round = 0; round < MOST_SWEEPS; round += 1) {
    const { roles } = cursor;
    if (roles?.sweep == null) break;
    const ids = await client.ctx.known.ids('opportunity', roles.sweep.after, SWEEP);
    const last = ids.at(-1);
    const over = last === undefined || ids.length < SWEEP;
    cursor = { ...cursor, roles: { ...roles, sweep: over ? null : { after: last } } };
    const readAt = client.ctx.clock.now();
    const modifiedAt = new Date(client.ctx.http.serverTime(readAt)).toISOString();
    const bare = ids.map((id): SourceRecord => ({ id, values: {}, modifiedAt, partial: true }));
    const records = await withRoles(client, bare);
    // Why one is missing nobody says: it went by now.
    yield { records: records.map(({ times: _, ...record }) => record), tombstones: [], cursor, readAt };
  }
  if (cursor === from) yield { records: [], tombstones: [], cursor, readAt: client.ctx.clock.now() };
}
