/** The full read: HubSpot's list of live records, with the history of each wanted property. */
import { RefusedError, refusalError } from './failures.js';
import type { PullPage } from '../../src/sdk/index.js';
import { linksOfRecords, listedLinks } from './associations.js';
import { BATCH, BATCH_WITH_HISTORY, readBatches } from './batch-read.js';
import { nextFrom, type ChangesCursor, type Cursor, type FullCursor } from './cursor.js';
import type { ListPage } from './objects-client.js';
import { oneEach } from './read.js';
import type { HubSpotRecord } from './record.js';
import type { Session } from './session.js';
import type { RecordLinks } from './links.js';
import { mergedInto, modifiedAtOf, sourceRecord } from './source-record.js';

/** HubSpot and what stands before it refuse very long addresses; beyond this properties go in a body. */
const LONGEST_URL = 12_000;

interface Listed extends ListPage {
  readonly links: ReadonlyMap<string, RecordLinks>;
  readonly readAt: number;
}

/**
 * Pages in HubSpot's own order; the next is fetched while the hub stores the last. Ends with the cursor of the
 * changes made since the read began: they are searched for, so nothing that moves meanwhile is missed.
 */
export async function* fullPages(
  session: Session,
  from: FullCursor,
): AsyncGenerator<PullPage<Cursor>, ChangesCursor, undefined> {
  const { facts } = session;
  const list = fitsInUrl(session) ? listWithHistory : listThenRead;
  const total = await countRecords(session);
  let { newest } = from;
  let coming = list(session, from.after);
  for (;;) {
    const page = await coming;
    if (page.next !== null) {
      coming = list(session, page.next);
      // Whoever stops here never looks at the page under way.
      coming.catch(() => undefined);
    }
    newest = Math.max(newest, newestOf(session, page.records));
    const cursor: Cursor =
      page.next === null ? firstChanges(session, { ...from, newest }) : { ...from, after: page.next, newest };
    yield {
      records: page.records.map((record) => sourceRecord(session, record, page.links.get(record.id))),
      tombstones: oneEach(page.records.flatMap((record) => mergedInto(facts, record))),
      cursor,
      readAt: page.readAt,
      ...(total === undefined ? {} : { total }),
    };
    if (cursor.phase === 'changes') return cursor;
  }
}

function firstChanges(session: Session, full: FullCursor): ChangesCursor {
  const overlapMs = session.ctx.settings.overlapSeconds * 1000;
  const { begun, newest } = full;
  return {
    phase: 'changes',
    from: nextFrom({ begun, newest, overlapMs }),
    newest,
    scan: null,
    archived: { after: null, since: null, begun },
    sweptTo: null,
    left: null,
  };
}

/** One call a page: 50 records with values, history and companies. */
async function listWithHistory(session: Session, after: string | null): Promise<Listed> {
  const { names, history, links } = session.wanted;
  const readAt = session.ctx.clock.now();
  const page = await list(session, {
    after,
    limit: history.length > 0 ? BATCH_WITH_HISTORY : BATCH,
    properties: names,
    history,
    associations: links.map((link) => link.toPlural),
  });
  const listed = new Map(
    page.records.flatMap((record) => {
      const found = listedLinks(record, links);
      return found === undefined ? [] : [[record.id, found] as const];
    }),
  );
  const cutOff = page.records.filter((record) => !listed.has(record.id)).map((record) => record.id);
  const whole = cutOff.length === 0 ? [] : await linksOfRecords(session, cutOff);
  return { ...page, links: new Map([...listed, ...whole]), readAt };
}

/** For long lists of properties: the page gives ids, the records come by batches that name properties in a body. */
async function listThenRead(session: Session, after: string | null): Promise<Listed> {
  const { names, history } = session.wanted;
  const readAt = session.ctx.clock.now();
  const page = await list(session, { after, limit: BATCH, properties: [session.facts.modified] });
  const ids = page.records.map((record) => record.id);
  const [records, links] = await Promise.all([
    readBatches(session, ids, { properties: names, history }),
    linksOfRecords(session, ids),
  ]);
  return { records, next: page.next, links, readAt };
}

async function list(
  session: Session,
  request: Parameters<Session['api']['objects']['list']>[1],
): Promise<ListPage> {
  try {
    return await session.api.objects.list(session.facts, request);
  } catch (error) {
    if (error instanceof RefusedError) throw refusalError(error, `list ${session.facts.plural}`);
    throw error;
  }
}

function fitsInUrl({ ctx, wanted }: Session): boolean {
  const asked = [
    ...wanted.names.map((name) => `&properties=${name}`),
    ...wanted.history.map((name) => `&propertiesWithHistory=${name}`),
  ];
  return ctx.settings.baseUrl.length + 200 + asked.join('').length <= LONGEST_URL;
}

/** For progress only; HubSpot's list does not tell. */
async function countRecords(session: Session): Promise<number | undefined> {
  try {
    const { facts } = session;
    const answer = await session.api.objects.search(facts, {
      filters: [],
      sort: 'hs_object_id',
      properties: [facts.modified],
      limit: 1,
    });
    return answer.total;
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}

function newestOf(session: Session, records: readonly HubSpotRecord[]): number {
  const times = records.map((record) => Date.parse(modifiedAtOf(session.facts, record) ?? ''));
  return Math.max(0, ...times.filter((time) => !Number.isNaN(time)));
}
