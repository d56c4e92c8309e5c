/**
 * One call to HubSpot over the hub's metered HTTP: the token, the limits, and again what may be sent again: reads, links
 * and archives. A create never is, unless HubSpot surely did not take it; nor is an update: while it waited somebody may
 * have edited the record, so the hub looks first.
 */
import { TransportError, type HttpResponse } from '../../src/sdk/index.js';
import { isOAuth, type HubSpotContext } from './config.js';
import {
  credentialsError,
  LostAnswerError,
  permissionError,
  RefusedError,
  throttledError,
  transientError,
} from './failures.js';
import {
  DEFAULT_BUCKET,
  errorOf,
  heedThrottle,
  noteQuota,
  retryAfterMs,
  SEARCH_BUCKET,
  throttledUntil,
} from './limits.js';

/** Gives the token to call with; `stale` is one that HubSpot has just refused. */
export type TokenSource = (ctx: HubSpotContext, stale?: string) => Promise<string>;

interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const MAX_FAULTS = 4;
const MAX_THROTTLES = 8;
const BASE_DELAY_MS = 500;
/** A portal on the move says how long it takes; up to this it is waited for, beyond it the hub comes back later. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Resolves with a 2xx answer whose body, if any, is JSON. Throws {@link RefusedError} when HubSpot took nothing,
 * {@link LostAnswerError} when a write may have been applied, ConnectorError for what no caller can mend.
 */
export async function send(
  ctx: HubSpotContext,
  call: Call,
  tokens: TokenSource | undefined,
): Promise<HttpResponse> {
  const path = new URL(call.url).pathname;
  const bucket = path.endsWith('/search') ? SEARCH_BUCKET : DEFAULT_BUCKET;
  const overwrites = overwritesRecords(call.method, path);
  const repeatable = !overwrites && !makesRecords(call.method, path);
  const tries = { faults: 0, throttles: 0, renewed: false };
  for (;;) {
    const token = await tokens?.(ctx);
    const answer = await attempt(ctx, call, bucket, token);
    if (answer instanceof TransportError) {
      if (answer.code === 'aborted') throw answer;
      if (answer.sent && !repeatable)
        throw new LostAnswerError('the connection broke before an answer came', answer);
      if (overwrites) throw answer;
      await pauseAfterFault(ctx, tries, answer);
      continue;
    }
    if (answer.status >= 200 && answer.status < 300) {
      if (isReadable(answer)) return answer;
      if (!repeatable) throw new LostAnswerError('the answer could not be read');
      await pauseAfterFault(ctx, tries, 'an answer that is not JSON');
      continue;
    }
    if (answer.status >= 500) {
      if (!repeatable) throw new LostAnswerError(`HTTP ${String(answer.status)}`);
      await pauseAfterFault(ctx, tries, `HTTP ${String(answer.status)}`);
      continue;
    }
    await mend(ctx, { answer, bucket, token, tries, tokens, waits: !overwrites });
  }
}

interface Tries {
  faults: number;
  throttles: number;
  renewed: boolean;
}

async function attempt(
  ctx: HubSpotContext,
  call: Call,
  bucket: string,
  token: string | undefined,
): Promise<HttpResponse | TransportError> {
  try {
    const response = await ctx.http.send({
      ...call,
      headers: token === undefined ? call.headers : { ...call.headers, Authorization: `Bearer ${token}` },
      bucket,
    });
    noteQuota(ctx, bucket, response);
    return response;
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  }
}

/** Returns when the same call may go again, unless it may not wait; these answers mean that nothing was applied. */
async function mend(
  ctx: HubSpotContext,
  given: {
    readonly answer: HttpResponse;
    readonly bucket: string;
    readonly token: string | undefined;
    readonly tries: Tries;
    readonly tokens: TokenSource | undefined;
    readonly waits: boolean;
  },
): Promise<void> {
  const { answer, bucket, token, tries, tokens, waits } = given;
  const { body, error } = errorOf(answer);
  switch (answer.status) {
    case 401:
      if (token === undefined || tries.renewed || !isOAuth(ctx.credentials))
        throw credentialsError(error.category ?? 'UNAUTHORIZED', error.message);
      tries.renewed = true;
      await tokens?.(ctx, token);
      return;
    case 403:
      throw permissionError(error);
    case 423:
      tries.faults += 1;
      if (!waits || tries.faults > MAX_FAULTS) throw transientError('HubSpot keeps the records locked.');
      await ctx.clock.sleep(2000);
      return;
    case 429: {
      tries.throttles += 1;
      if (tries.throttles > MAX_THROTTLES) throw throttledUntil(ctx.clock.now() + 60_000);
      const until = heedThrottle(ctx, bucket, answer, error);
      if (!waits) throw throttledUntil(until);
      return;
    }
    case 477:
      await waitForMove(ctx, answer, waits ? tries : { ...tries, faults: MAX_FAULTS });
      return;
    default:
      throw new RefusedError(answer.status, body);
  }
}

async function waitForMove(ctx: HubSpotContext, answer: HttpResponse, tries: Tries): Promise<void> {
  const wait = retryAfterMs(answer) ?? 60_000;
  tries.faults += 1;
  if (wait > LONGEST_WAIT_MS || tries.faults > MAX_FAULTS)
    throw throttledError({
      code: 'MIGRATION_IN_PROGRESS',
      message: 'HubSpot is moving this account to another data centre and takes no calls meanwhile.',
      remedy: 'Nothing to do: it is tried again when HubSpot says it will be done.',
      retryAt: ctx.clock.now() + wait,
    });
  await ctx.clock.sleep(wait);
}

async function pauseAfterFault(
  ctx: HubSpotContext,
  tries: Tries,
  fault: TransportError | string,
): Promise<void> {
  tries.faults += 1;
  if (tries.faults > MAX_FAULTS) {
    const said = typeof fault === 'string' ? fault : fault.message;
    throw transientError(
      `HubSpot gives no usable answer (${said}).`,
      typeof fault === 'string' ? undefined : fault,
    );
  }
  const delay = BASE_DELAY_MS * 2 ** (tries.faults - 1);
  await ctx.clock.sleep(Math.round(delay * (0.5 + Math.random())));
}

/** Calls that write over values which were compared with the record just before. */
function overwritesRecords(method: string, path: string): boolean {
  return /\/crm\/v3\/objects\/[^/]+\/batch\/update$/.test(path) || method === 'PATCH';
}

/**
 * Calls that make a new record each time they are applied; or, as an upsert does, write over what people changed in it
 * since the first time.
 */
function makesRecords(method: string, path: string): boolean {
  return method === 'POST' && /\/crm\/v3\/objects\/[^/]+(\/batch\/(create|upsert))?$/.test(path);
}

function isReadable(response: HttpResponse): boolean {
  if (response.status === 204) return true;
  if (!/json/i.test(response.headers['content-type'] ?? '')) return false;
  try {
    JSON.parse(Buffer.from(response.body).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
