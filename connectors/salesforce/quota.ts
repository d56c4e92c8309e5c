/**
 * Calls in 24 hours, of all programs of the org together. Each answer of the REST API tells them, but for those of the
 * list of versions, which do not count: REST API Developer Guide, "Limit Info Header",
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm
 */
import type { CallQuota, QuotaAnswer, QuotaReading } from '../../src/sdk/index.js';

export const QUOTA: CallQuota = { day: 'rolling', read };

function read({ status, headers, body }: QuotaAnswer): QuotaReading | undefined {
  const found = /(?:^|[\s;,])api-usage=(\d+)\/(\d+)/.exec(headers['sforce-limit-info'] ?? '');
  const limit = Number(found?.[2]);
  const day = limit > 0 ? { used: Number(found?.[1]), limit } : undefined;
  // Too many long calls at once are refused by the same code.
  const text = status === 403 ? new TextDecoder().decode(body) : '';
  const exhausted = text.includes('REQUEST_LIMIT_EXCEEDED') && !/concurrent/i.test(text);
  if (day === undefined && !exhausted) return undefined;
  return { ...(day && { day }), exhausted };
}
