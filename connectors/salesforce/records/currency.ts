/**
 * The currency of an org that has one only. Such an org has no field for it: its amounts are in that currency all the
 * same. Connect REST API, Organization: `features.defaultCurrencyIsoCode`, given when `features.multiCurrency` is false.
 */
import { isObject } from '../api/api-failure.js';
import type { SalesforceClient } from '../client.js';
import { toHubError } from '../errors.js';

export const CURRENCY = 'CurrencyIsoCode';

const KEY = 'salesforce.currency';
const KEEP_MS = 30 * 60_000;

/** ISO 4217; undefined when neither the settings nor the org tell. */
export async function orgCurrency(client: SalesforceClient): Promise<string | undefined> {
  const { cache, clock, settings } = client.ctx;
  if (settings.currency !== undefined) return settings.currency;
  const held = cache.get(KEY) as { readonly at: number; readonly code: string | undefined } | undefined;
  if (held !== undefined && clock.now() - held.at <= KEEP_MS) return held.code;
  const code = await ask(client);
  cache.set(KEY, { at: clock.now(), code });
  return code;
}

async function ask(client: SalesforceClient): Promise<string | undefined> {
  let answer: unknown;
  try {
    answer = await client.get('/connect/organization');
  } catch (error) {
    const failure = toHubError(error, client.ctx.clock.now());
    if (!('kind' in failure) || (failure.kind !== 'configuration' && failure.kind !== 'permission'))
      throw error;
    client.ctx.log.warn('salesforce does not tell the currency of the org: name it in the settings');
    return undefined;
  }
  const features = isObject(answer) ? answer['features'] : undefined;
  const code = isObject(features) ? features['defaultCurrencyIsoCode'] : undefined;
  return typeof code === 'string' && /^[A-Z]{3}$/.test(code) ? code : undefined;
}
