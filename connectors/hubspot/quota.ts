/**
 * Calls a day, as HubSpot counts them: from midnight to midnight of the account, all of its private apps together.
 * https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
 *
 * Answers of search tell nothing, but count. Apps installed by OAuth have no limit a day, and their answers no headers
 * of one (https://developers.hubspot.com/changelog/rate-limit-headers-will-now-appear-for-oauth-authenticated-calls).
 */
import type { CallQuota, QuotaAnswer, QuotaReading } from '../../src/sdk/index.js';
import { timeZoneIn } from './account.js';
import { DAILY, DAILY_REMAINING, errorOf, isDaily } from './limits.js';

export const QUOTA: CallQuota = { day: 'calendar', read };

function read(answer: QuotaAnswer): QuotaReading | undefined {
  const day = dayIn(answer.headers);
  const exhausted = answer.status === 429 && isDaily(errorOf(answer).error);
  const timeZone = timeZoneIn(answer);
  if (day === undefined && !exhausted && timeZone === undefined) return undefined;
  return { ...(day && { day }), exhausted, ...(timeZone !== undefined && { timeZone }) };
}

function dayIn(headers: QuotaAnswer['headers']): QuotaReading['day'] {
  const [limit, remaining] = [Number(headers[DAILY]), Number(headers[DAILY_REMAINING])];
  return limit > 0 && Number.isFinite(remaining)
    ? { limit, used: Math.max(0, limit - remaining) }
    : undefined;
}
