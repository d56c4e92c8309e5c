/** What the connector remembers of one connection between calls. All of it may be forgotten at any time. */
import type { HubSpotContext } from './config.js';
import type { Owners } from './owners.js';
import type { Pipelines } from './pipelines.js';
import type { Definitions } from './properties.js';

export interface Tokens {
  readonly accessToken: string;
  /** ms, hub's clock. */
  readonly expiresAt: number;
  readonly refreshToken: string;
}

/** A value with the time (hub's clock, ms) it was fetched. */
interface Cached<T> {
  readonly at: number;
  readonly value: T;
}

export interface AccountInfo {
  readonly portalId: string;
  readonly timeZone: string | undefined;
  readonly uiDomain: string;
  /** ISO 4217; undefined when HubSpot does not tell. */
  readonly companyCurrency: string | undefined;
  readonly additionalCurrencies: readonly string[];
}

export interface HubSpotState {
  tokens: Tokens | undefined;
  /** The credentials `tokens` began with: others replace them. */
  tokensFrom: string | undefined;
  refreshing: Promise<Tokens> | undefined;
  /** When calls of the ten-second window were answered (hub's clock), oldest first. */
  answered: number[];
  /** Headers of the last counted answer. */
  quota: Quota;
  account: Cached<AccountInfo> | undefined;
  owners: Cached<Owners> | undefined;
  pipelines: Cached<Pipelines> | undefined;
  readonly definitions: Map<string, Cached<Definitions>>;
  /** Warnings already given. */
  readonly warned: Set<string>;
}

/** As the X-HubSpot-RateLimit-* headers say; undefined where they did not. */
interface Quota {
  readonly max?: number;
  readonly remaining?: number;
  readonly intervalMs?: number;
  readonly daily?: number;
  readonly dailyRemaining?: number;
}

const KEY = 'hubspot';

export function stateOf(ctx: HubSpotContext): HubSpotState {
  const known = ctx.cache.get(KEY);
  if (known !== undefined) return known as HubSpotState;
  const state: HubSpotState = {
    tokens: undefined,
    tokensFrom: undefined,
    refreshing: undefined,
    answered: [],
    quota: {},
    account: undefined,
    owners: undefined,
    pipelines: undefined,
    definitions: new Map(),
    warned: new Set(),
  };
  ctx.cache.set(KEY, state);
  return state;
}

/** HubSpot's present time as far as known, rather too early than too late (ms). */
export function serverNow(ctx: HubSpotContext): number {
  return Math.floor(ctx.http.serverTime(ctx.clock.now()));
}

/** Warns of each thing once, not at every page. */
export function warnOnce(
  ctx: HubSpotContext,
  message: string,
  fields: Readonly<Record<string, string>>,
): void {
  const { warned } = stateOf(ctx);
  const key = `${message} ${JSON.stringify(fields)}`;
  if (warned.has(key)) return;
  warned.add(key);
  ctx.log.warn(message, fields);
}
