/**
 * What changed since the last read. HubSpot's search is limited to 10,000 results a query, shows changes late, and
 * sorts by the modified date only roughly; so the records of a time window are walked by id, which no result can
 * slip past, whatever is changed meanwhile.
 */
import type { PullPage } from '../../src/sdk/index.js';
import { archivedPages } from './archived.js';
import { nextFrom, type ChangesCursor, type Cursor } from './cursor.js';
import { RefusedError, refusalError } from './failures.js';
import type { Filter } from './objects-client.js';
import { readRecords } from './read.js';
import { isoOf } from './record.js';
import type { Session } from './session.js';
import { serverNow } from './state.js';
import { sweptPages } from './sweep.js';

const SEARCH_PAGE = 200;

export async function* changedPages(
  session: Session,
  from: ChangesCursor,
  options: { readonly sweep: boolean },
): AsyncGenerator<PullPage<Cursor>, void, undefined> {
  const { settings } = session.ctx;
  const sweeps = options.sweep && session.wanted.links.length > 0;
  const searched = yield* searchedPages(session, from);
  const left = from.left ?? {
    archived: settings.archiveCalls,
    associations: sweeps ? settings.associationCalls : 0,
  };
  const archived = yield* archivedPages(session, searched, left);
  yield* sweptPages(session, archived.cursor, archived.left);
}

/** One search a page; records that the hub holds in the same version are not read again. */
async function* searchedPages(
  session: Session,
  from: ChangesCursor,
): AsyncGenerator<PullPage<Cursor>, ChangesCursor, undefined> {
  const { ctx } = session;
  let cursor = from;
  for (;;) {
    const readAt = ctx.clock.now();
    const { total, found } = await search(session, cursor);
    // The answer's own date tells HubSpot's time even to a connector that just started.
    const begun = cursor.scan?.begun ?? serverNow(ctx) - (ctx.clock.now() - readAt);
    const newest = Math.max(cursor.scan?.newest ?? cursor.newest, ...found.map(({ modified }) => modified));
    const last = found.length < SEARCH_PAGE;
    cursor = last
      ? { ...cursor, from: nextFrom({ begun, newest, overlapMs: overlapMs(session) }), newest, scan: null }
      : { ...cursor, scan: { afterId: highestId(found.map(({ id }) => id)), begun, newest } };
    const changed = await notYetKnown(session, found);
    if (changed.length > 0 || !last)
      yield { ...(await readRecords(session, changed)), cursor, readAt, total };
    if (!last) continue;
    // The last page carries the new beginning even when nothing changed.
    if (changed.length === 0) yield { records: [], tombstones: [], cursor, readAt };
    return cursor;
  }
}

interface FoundId {
  readonly id: string;
  /** ms; 0 when search did not say. */
  readonly modified: number;
}

async function search(
  session: Session,
  cursor: ChangesCursor,
): Promise<{ readonly total: number; readonly found: readonly FoundId[] }> {
  const { facts } = session;
  const filters: Filter[] = [{ property: facts.modified, operator: 'GTE', value: String(cursor.from) }];
  if (cursor.scan !== null)
    filters.push({ property: 'hs_object_id', operator: 'GT', value: cursor.scan.afterId });
  try {
    const { total, records } = await session.api.objects.search(facts, {
      filters,
      sort: 'hs_object_id',
      properties: [facts.modified],
      limit: SEARCH_PAGE,
    });
    const found = records.map((record) => ({
      id: record.id,
      modified: Date.parse(isoOf(record.properties[facts.modified]) ?? record.updatedAt ?? '') || 0,
    }));
    return { total, found };
  } catch (error) {
    if (error instanceof RefusedError) throw refusalError(error, `search ${facts.plural}`);
    throw error;
  }
}

async function notYetKnown(session: Session, found: readonly FoundId[]): Promise<readonly string[]> {
  if (found.length === 0) return [];
  const versions = await session.ctx.known.versions(
    session.facts.object,
    found.map(({ id }) => id),
  );
  // A version is the modified date. The index may lag behind what the hub holds: then it tells of something newer later.
  const isKnown = ({ id, modified }: FoundId): boolean => Date.parse(versions.get(id) ?? '') >= modified;
  return found.filter((entry) => !isKnown(entry)).map(({ id }) => id);
}

/** Ids are numbers of any length, written out. */
function highestId(ids: readonly string[]): string {
  return ids.reduce((highest, id) => (isHigher(id, highest) ? id : highest), '0');
}

function isHigher(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length;
}

function overlapMs(session: Session): number {
  return session.ctx.settings.overlapSeconds * 1000;
}
