/** HubSpot's rate limits: https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
import { dayOf, type ConnectorError, type HttpResponse, type RateLimit } from '../../src/sdk/index.js';
import type { HubSpotContext } from './config.js';
import { throttledError } from './failures.js';
import { stateOf } from './state.js';
import { parseVendorError, type VendorError } from './vendor-error.js';

export const SEARCH_BUCKET = 'search';
export const DEFAULT_BUCKET = 'default';

const INTERVAL_MS = 10_000;

export const DAILY = 'x-hubspot-ratelimit-daily';
export const DAILY_REMAINING = 'x-hubspot-ratelimit-daily-remaining';

/**
 * A paid portal allows 190 calls in ten seconds; one that allows fewer says so in its headers and is heeded by
 * pauses. Search has a limit of its own, shared by the whole account and told by no header.
 */
export const RATE_LIMITS: readonly RateLimit[] = [
  { bucket: DEFAULT_BUCKET, calls: 190, perMs: INTERVAL_MS, concurrent: 8 },
  { bucket: SEARCH_BUCKET, calls: 4, perMs: 1000, concurrent: 2 },
];

/** Notes what the headers say is left, and holds the bucket when it is nothing. */
export function noteQuota(ctx: HubSpotContext, bucket: string, response: HttpResponse): void {
  if (bucket !== DEFAULT_BUCKET) return;
  const state = stateOf(ctx);
  const now = ctx.clock.now();
  const quota = {
    ...header(response, 'max', 'x-hubspot-ratelimit-max'),
    ...header(response, 'remaining', 'x-hubspot-ratelimit-remaining'),
    ...header(response, 'intervalMs', 'x-hubspot-ratelimit-interval-milliseconds'),
    ...header(response, 'daily', DAILY),
    ...header(response, 'dailyRemaining', DAILY_REMAINING),
  };
  state.quota = { ...state.quota, ...quota };
  const interval = state.quota.intervalMs ?? INTERVAL_MS;
  state.answered = state.answered.filter((at) => at > now - interval);
  state.answered.push(now);
  if (quota.remaining === 0) ctx.http.pause(DEFAULT_BUCKET, windowOpens(ctx));
}

/** When the oldest of our calls leaves HubSpot's rolling window and makes room for another. */
function windowOpens(ctx: HubSpotContext): number {
  const { answered, quota } = stateOf(ctx);
  const interval = quota.intervalMs ?? INTERVAL_MS;
  const oldest = answered[0] ?? ctx.clock.now();
  return Math.max(ctx.clock.now() + 250, oldest + interval);
}

/** After a 429: pauses the bucket until the time (ms) it gives; throws when the day's calls are used up. */
export function heedThrottle(
  ctx: HubSpotContext,
  bucket: string,
  response: HttpResponse,
  error: VendorError,
): number {
  const now = ctx.clock.now();
  if (isDaily(error))
    throw throttledError({
      code: 'DAILY_LIMIT',
      message: 'HubSpot has taken all the API calls it allows this account today.',
      remedy:
        'It goes on by itself after midnight of the account. To need fewer calls, sync less often, or raise the limit in HubSpot.',
      retryAt: dayOf(now, stateOf(ctx).account?.value.timeZone).end,
    });
  const asked = retryAfterMs(response);
  const until = asked !== undefined ? now + asked : bucket === SEARCH_BUCKET ? now + 1000 : windowOpens(ctx);
  ctx.http.pause(bucket, until);
  return until;
}

export function throttledUntil(retryAt: number): ConnectorError {
  return throttledError({
    code: 'RATE_LIMIT',
    message: 'HubSpot refuses calls because too many come in.',
    remedy: 'It is tried again by itself. Other integrations may be using the same account or app.',
    retryAt,
  });
}

export function isDaily(error: VendorError): boolean {
  return error.policyName === 'DAILY' || (error.policyName === undefined && /daily/i.test(error.message));
}

/** ms, from `Retry-After` in seconds. */
export function retryAfterMs(response: HttpResponse): number | undefined {
  const seconds = Number(response.headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 && response.headers['retry-after'] !== undefined
    ? seconds * 1000
    : undefined;
}

function header<K extends string>(response: HttpResponse, key: K, name: string): Partial<Record<K, number>> {
  const raw = response.headers[name];
  const value = Number(raw);
  if (raw === undefined || !Number.isFinite(value)) return {};
  const found: Partial<Record<K, number>> = {};
  found[key] = value;
  return found;
}

/** The error in the body of a refusal; HTML pages of proxies give an empty one. */
export function errorOf(response: Pick<HttpResponse, 'body'>): {
  readonly body: unknown;
  readonly error: VendorError;
} {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(response.body).toString('utf8'));
  } catch {
    body = undefined;
  }
  return { body, error: parseVendorError(body) };
}
