/** Facts about the HubSpot account behind a token. */
import { z } from 'zod';
import { ConnectorError, type QuotaAnswer } from '../../src/sdk/index.js';
import type { HubSpotApi } from './client.js';
import type { HubSpotContext } from './config.js';
import { RefusedError } from './failures.js';
import { unexpected } from './record.js';
import { stateOf, type AccountInfo } from './state.js';

const DETAILS_PATH = '/account-info/v3/details';
const FRESH_MS = 24 * 3_600_000;

const detailsSchema = z.object({
  portalId: z.coerce.string(),
  timeZone: z.string().optional().catch(undefined),
  uiDomain: z
    .string()
    .regex(/^[\w.-]+$/)
    .catch('app.hubspot.com'),
  companyCurrency: z.string().optional().catch(undefined),
  additionalCurrencies: z.array(z.string()).catch([]),
});

export async function fetchAccount(ctx: HubSpotContext, api: HubSpotApi): Promise<AccountInfo> {
  const parsed = detailsSchema.safeParse(await api.request('GET', DETAILS_PATH));
  if (!parsed.success) throw unexpected('the details of the account');
  const { timeZone, companyCurrency } = parsed.data;
  const value = { ...parsed.data, timeZone, companyCurrency };
  stateOf(ctx).account = { at: ctx.clock.now(), value };
  return value;
}

/** The time zone in the details of an account; undefined in any other answer. */
export function timeZoneIn(answer: QuotaAnswer): string | undefined {
  if (answer.status !== 200 || !answer.url.endsWith(DETAILS_PATH)) return undefined;
  try {
    return detailsSchema.safeParse(JSON.parse(Buffer.from(answer.body).toString('utf8'))).data?.timeZone;
  } catch {
    return undefined;
  }
}

/** For links to records and for the end of the day; undefined when the token may not ask. */
export async function accountOf(ctx: HubSpotContext, api: HubSpotApi): Promise<AccountInfo | undefined> {
  const { account } = stateOf(ctx);
  if (account !== undefined && account.at + FRESH_MS > ctx.clock.now()) return account.value;
  try {
    return await fetchAccount(ctx, api);
  } catch (error) {
    const harmless =
      error instanceof RefusedError ||
      (error instanceof ConnectorError && (error.kind === 'permission' || error.kind === 'system'));
    if (harmless) return undefined;
    throw error;
  }
}
