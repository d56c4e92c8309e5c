import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpResponse } from '../../src/sdk/index.js';
import { brokenAnswer, statusError, transportError } from './errors.js';
import type { CsvContext, Mark, Source } from './source.js';

/** A large file comes in pieces of this many bytes, where the server gives pieces (RFC 9110, 14). */
const PIECE = 8 * 1024 * 1024;
const MAX_REDIRECTS = 5;

/** Loads the file to a nameless one on disk. `null`: the server says it is the same as at `before`. */
export async function download(
  ctx: CsvContext,
  url: string,
  before: Mark | undefined,
): Promise<Source | null> {
  const first = await get(ctx, url, { range: rangeFrom(0), ...conditional(before) });
  if (first.response.status === 304) return null;
  const handle = await openNameless();
  try {
    const final = await store(ctx, handle, first);
    const { size } = await handle.stat();
    const { etag, 'last-modified': lastModified } = final.headers;
    const mark = {
      size,
      ...(etag !== undefined && { etag }),
      ...(lastModified !== undefined && { lastModified }),
    };
    const time = lastModified === undefined ? NaN : Date.parse(lastModified);
    const modifiedAt = new Date(Number.isNaN(time) ? ctx.clock.now() : time).toISOString();
    return { handle, name: new URL(url).pathname, mark, modifiedAt, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

interface Answer {
  readonly response: HttpResponse;
  /** Where redirects ended. */
  readonly url: string;
}

/** Writes the whole file and returns the answer that its marks come from. */
async function store(ctx: CsvContext, handle: FileHandle, first: Answer): Promise<HttpResponse> {
  const { response, url } = first;
  if (response.status === 416) return response;
  if (response.status === 200) return whole(handle, response);
  const version = validatorOf(response);
  // Without a mark of its version, pieces of two versions could be put together.
  if (version === undefined && !isComplete(response))
    return whole(handle, (await get(ctx, url, {})).response);
  let position = 0;
  let piece = response;
  for (;;) {
    const { start, end } = contentRange(piece);
    if (start !== position)
      throw brokenAnswer('The server gives another piece of the file than the one asked for.');
    await handle.write(piece.body, 0, piece.body.length, position);
    position = end;
    if (isComplete(piece) || piece.body.length === 0) return response;
    const { response: next } = await get(ctx, url, { range: rangeFrom(position), 'if-range': version ?? '' });
    if (next.status === 416) return response;
    // It changed meanwhile: the server starts over by itself.
    if (next.status === 200) return whole(handle, next);
    piece = next;
  }
}

async function whole(handle: FileHandle, response: HttpResponse): Promise<HttpResponse> {
  if (response.status !== 200)
    throw brokenAnswer('The server gives a piece of the file where the whole was asked for.');
  await handle.truncate(0);
  await handle.write(response.body, 0, response.body.length, 0);
  return response;
}

/** A GET that follows redirects; credentials go to the first server only. */
async function get(
  ctx: CsvContext,
  start: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const isFirst = new URL(url).origin === new URL(ctx.settings.url ?? url).origin;
    const authorization = isFirst ? authorizationOf(ctx) : {};
    const sent = { 'accept-encoding': 'identity', ...headers, ...authorization };
    const response = await ctx.http.send({ method: 'GET', url, headers: sent }).catch((error: unknown) => {
      throw transportError(error);
    });
    if ([200, 206, 304, 416].includes(response.status)) return { response, url };
    const { location } = response.headers;
    if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined) {
      throw statusError(response.status, retryAt(response, ctx.clock.now()));
    }
    const next = URL.parse(location, url);
    if (next === null || !/^https?:$/.test(next.protocol))
      throw brokenAnswer('The server sends on to an address that is none.');
    url = next.href;
  }
  throw brokenAnswer('The server sends on from address to address without end.');
}

function authorizationOf({ credentials }: CsvContext): Readonly<Record<string, string>> {
  if ('token' in credentials) return { authorization: `Bearer ${credentials.token}` };
  if (!('username' in credentials)) return {};
  const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

function conditional(before: Mark | undefined): Readonly<Record<string, string>> {
  if (before?.etag !== undefined) return { 'if-none-match': before.etag };
  return before?.lastModified === undefined ? {} : { 'if-modified-since': before.lastModified };
}

function rangeFrom(position: number): string {
  return `bytes=${String(position)}-${String(position + PIECE - 1)}`;
}

/** Weak tags compare meaning, not bytes, and may not guard a range. */
function validatorOf({ headers }: HttpResponse): string | undefined {
  const { etag, 'last-modified': lastModified } = headers;
  return etag === undefined || etag.startsWith('W/') ? lastModified : etag;
}

function contentRange({ headers, body }: HttpResponse): {
  start: number;
  end: number;
  total: number | undefined;
} {
  const [, start, end, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
  const range = {
    start: Number(start),
    end: Number(end) + 1,
    total: total === '*' ? undefined : Number(total),
  };
  if (start === undefined || range.end - range.start !== body.length) {
    throw brokenAnswer('The server does not say which piece of the file it gives.');
  }
  return range;
}

function isComplete(response: HttpResponse): boolean {
  const { end, total } = contentRange(response);
  return total !== undefined && end >= total;
}

/** `Retry-After` in seconds or as a date. */
function retryAt({ headers }: HttpResponse, now: number): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const at = /^\d+$/.test(value) ? now + Number(value) * 1000 : Date.parse(value);
  return Number.isNaN(at) ? undefined : at;
}

/** A file that is gone from its folder as soon as it is open: whatever happens, no copy of the data stays behind. */
async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-csv-'));
  try {
    return await open(join(folder, 'file'), 'w+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
