import { DAY_MS } from '../../sdk/index.js';
import type { Budget } from './budget.js';

/** Of a share, what back-fill gets on a day on which urgent work keeps its part. */
const BACKFILL_PART = 0.9;

/**
 * When calls that begin now have all been made, ms: as fast as the system allows and answers, with the day's end waited
 * for as often as the share asks for it.
 *
 * @param msPerCall from one call to the next
 */
export function endOf(
  calls: number,
  { budget, now, msPerCall }: { readonly budget: Budget; readonly now: number; readonly msPerCall: number },
): number {
  const left = budget.left('backfill');
  if (calls <= left) return now + calls * msPerCall;
  const aDay = Math.max(1, Math.floor(budget.share * BACKFILL_PART));
  const further = calls - left;
  const wholeDays = Math.ceil(further / aDay) - 1;
  const first = budget.until('backfill') ?? budget.renewal();
  return first + wholeDays * DAY_MS + (further - wholeDays * aDay) * msPerCall;
}
