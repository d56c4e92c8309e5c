/** For each rule a connector that breaks it, and no other one. */
import type { Connector, HttpResponse, JsonValue, PullPage, SourceRecord } from '../../src/sdk/index.js';
import { sign } from '../../templates/connector/signature.js';
import { events, good, pages, pullFailure, read, wire } from './bend.js';
import { STREAM_DEFECTS } from './stream-defects.js';
import { WRITE_DEFECTS } from './write-defects.js';
import { ASTRAL, failed, isCode, isKind, mapped, refusing } from './wrong.js';

const PAGE = 50;

export const DEFECTS: Readonly<Record<string, Connector>> = {
  declared: {
    ...good,
    discover: async (ctx) => without(await good.discover(ctx), (name) => name === 'stage'),
  },
  form: pages((page) => each(page, (record) => ({ ...record, modifiedAt: '2026-05-01 10:00' }))),
  // Takes the last record of a full page for the mark of a next one that never comes.
  paging: wire('pull', () => async (request, send) => {
    const response = await send(request);
    const body = json(response);
    const isEdge = body?.more === false && body.rows?.length === PAGE;
    return isEdge ? answer({ ...body, rows: body.rows.slice(0, -1) }) : response;
  }),
  resume: rememberingOnly(),
  ties: wire('pull', () => async (request, send) => {
    const url = new URL(request.url);
    if (url.searchParams.has('since')) url.searchParams.set('id', '~');
    return send({ ...request, url: url.href });
  }),
  moving: wire('pull', byOffset),

  deletes: pages((page) => ({
    ...page,
    tombstones: page.tombstones.filter(({ mergedInto }) => mergedInto !== undefined),
  })),
  undeletes: deafToRestored(),
  merges: pages((page) => ({ ...page, tombstones: page.tombstones.map(({ id }) => ({ id })) })),
  links: wire(
    'pull',
    () => async (request, send) =>
      request.url.includes('/links') ? answer({ changes: [], last: 0 }) : send(request),
  ),
  unreadable: pages((page) => {
    if ((page.unreadable ?? []).length > 0) throw failed('system');
    return page;
  }),

  blanks: pages((page) => values(page, (value, name) => (name === 'note' && value === null ? '' : value))),
  unicode: pages((page) =>
    values(page, (value) => (typeof value === 'string' ? value.replace(ASTRAL, '?') : value)),
  ),
  'odd-values': pages((page) =>
    values(page, (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value)),
  ),
  'custom-fields': {
    ...good,
    discover: async (ctx) => without(await good.discover(ctx), (name) => name === 'added'),
  },

  throttled: pullFailure((error) => (isKind(error, 'throttled') ? failed('system') : error)),
  'lost-read': pullFailure((error) => (isCode(error, 'UNREACHABLE') ? failed('system') : error)),
  'cut-read': endsWhereCutOff(),
  expired: wire('pull', () => async (request, send) => refusing(await send(request))),
  revoked: pullFailure((error) => (isKind(error, 'credentials') ? failed('transient') : error)),

  reread: fromMemory(),
  'reread-gone': read((result) => (result.tombstones.length > 0 ? { ...result, records: [] } : result)),
  'reread-merged': read((result) => ({ ...result, tombstones: result.tombstones.map(({ id }) => ({ id })) })),

  ...WRITE_DEFECTS,

  webhook: events((event) => [event, { ...event, dedupeKey: `${event.dedupeKey}:2`, id: 'person-000002' }]),
  'webhook-forged': {
    ...good,
    webhook: (request, secrets, settings) => {
      const known = (secrets ?? { signingKey: 'none' }) as { readonly signingKey: string };
      const timestamp = request.headers['x-timestamp'] ?? String(request.receivedAt);
      const signature = sign({ ...request, timestamp }, known.signingKey);
      const headers = { ...request.headers, 'x-timestamp': timestamp, 'x-signature': signature };
      return (good.webhook as NonNullable<typeof good.webhook>)({ ...request, headers }, known, settings);
    },
  },
  'webhook-stale': {
    ...good,
    webhook: (request, secrets, settings) => {
      const receivedAt = Number(request.headers['x-timestamp'] ?? request.receivedAt);
      return (good.webhook as NonNullable<typeof good.webhook>)(
        { ...request, receivedAt },
        secrets,
        settings,
      );
    },
  },
  'webhook-doubled': events((event) => [
    { ...event, dedupeKey: `${event.dedupeKey}:${String(deliveries++)}` },
  ]),
  'webhook-reordered': deafToTheLate(),
  'webhook-malformed': {
    ...good,
    webhook: (request, secrets, settings) => {
      if (request.rawBody.length === 0) throw new TypeError('no body');
      return (good.webhook as NonNullable<typeof good.webhook>)(request, secrets, settings);
    },
  },

  ...STREAM_DEFECTS,
};

let deliveries = 0;

/** The position stands in the process's memory; the cursor of a page is ahead of it. */
function rememberingOnly(): Connector {
  return {
    ...good,
    pull: async function* (ctx, request) {
      const cursor = ctx.cache.get('position') ?? request.cursor;
      for await (const page of good.pull(ctx, { ...request, cursor })) {
        ctx.cache.set('position', page.cursor);
        yield { ...page, cursor: ahead(page) };
      }
    },
  };
}

/** A full page is followed by another one, whose records this cursor leaves out. */
function ahead(page: PullPage<unknown>): unknown {
  const cursor = page.cursor as { readonly changedAt: string };
  if (page.records.length < PAGE) return cursor;
  return { ...cursor, changedAt: new Date(Date.parse(cursor.changedAt) + 5).toISOString() };
}

/** Reads by offset: what moves to the end while it reads makes all others move up by one. */
function byOffset(): Parameters<typeof wire>[1] extends () => infer Between ? Between : never {
  let offset = 0;
  let base: { readonly since: string; readonly id: string } | undefined;
  return async (request, send) => {
    const url = new URL(request.url);
    const since = url.searchParams.get('since');
    if (since === null) return send(request);
    base ??= { since, id: url.searchParams.get('id') ?? '' };
    const rows: { readonly changedAt: string; readonly id: string }[] = [];
    for (let at = base; ;) {
      url.searchParams.set('since', at.since);
      url.searchParams.set('id', at.id);
      const response = await send({ ...request, url: url.href });
      const body = json(response);
      if (response.status !== 200 || body === undefined) return response;
      rows.push(...((body.rows ?? []) as typeof rows));
      const last = rows.at(-1);
      if (body.more !== true || last === undefined) break;
      at = { since: last.changedAt, id: last.id };
    }
    const page = rows.slice(offset, offset + PAGE);
    offset += PAGE;
    return answer({ rows: page, more: rows.length > offset });
  };
}

function deafToRestored(): Connector {
  const gone = new Set<string>();
  return pages((page, ctx) => {
    for (const { id } of page.tombstones) gone.add(placeOf(ctx.settings, id));
    return { ...page, records: page.records.filter(({ id }) => !gone.has(placeOf(ctx.settings, id))) };
  });
}

/** Half an answer is all there is now: it goes on from this moment. */
function endsWhereCutOff(): Connector {
  return {
    ...good,
    pull: async function* (ctx, request) {
      let cursor = request.cursor;
      try {
        for await (const page of good.pull(ctx, request)) {
          ({ cursor } = page);
          yield page;
        }
      } catch (error) {
        if (!isCode(error, 'CUT_OFF')) throw error;
        const end = { ...(cursor as object), changedAt: new Date(Date.now() + 1000).toISOString() };
        yield { records: [], tombstones: [], cursor: end, readAt: ctx.clock.now() };
      }
    },
  };
}

function fromMemory(): Connector {
  const seen = new Map<string, SourceRecord>();
  return read((result, ctx) => ({
    ...result,
    records: result.records.map((record) => {
      const place = placeOf(ctx.settings, record.id);
      const known = seen.get(place) ?? record;
      seen.set(place, known);
      return known;
    }),
  }));
}

/** Keeps the number of the last event, and passes over what is older. */
function deafToTheLate(): Connector {
  const newest = new Map<string, number>();
  return events((event, settings) => {
    const place = placeOf(settings, '');
    const number = Number(/^event-(\d+)/.exec(event.dedupeKey)?.[1]);
    if (number < (newest.get(place) ?? 0)) return [];
    newest.set(place, number);
    return [event];
  });
}

function each(page: PullPage<unknown>, change: (record: SourceRecord) => SourceRecord): PullPage<unknown> {
  return { ...page, records: page.records.map(change) };
}

function values(
  page: PullPage<unknown>,
  change: (value: JsonValue, name: string) => JsonValue,
): PullPage<unknown> {
  return each(page, (record) => ({ ...record, values: mapped(record.values, change) }));
}

function without(
  described: Awaited<ReturnType<Connector['discover']>>,
  isGone: (name: string) => boolean,
): Awaited<ReturnType<Connector['discover']>> {
  return described.map((object) => ({
    ...object,
    properties: object.properties.filter(({ name }) => !isGone(name)),
  }));
}

/** Each sandbox has an address of its own. */
function placeOf(settings: unknown, id: string): string {
  return `${(settings as { readonly baseUrl: string }).baseUrl} ${id}`;
}

/** undefined when it was cut off. */
function json(response: HttpResponse): Answer | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(response.body)) as Answer;
  } catch {
    return undefined;
  }
}

interface Answer {
  readonly rows?: readonly unknown[];
  readonly more?: boolean;
}

function answer(body: object): HttpResponse {
  return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(body)) };
}
