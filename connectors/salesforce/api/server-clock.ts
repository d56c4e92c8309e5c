/** Salesforce's clock against the hub's. Stamps are compared with Salesforce's own time, never with ours. */
import type { Context } from '../session/session.js';

const KEY = 'salesforce.clock-offset';

/**
 * To be called when an answer has come. `Date` has whole seconds and was written before: the time is taken a little
 * too early, never past a record that was not yet visible.
 */
export function measureServerClock(ctx: Context, date: string | undefined): void {
  const at = Date.parse(date ?? '');
  if (!Number.isNaN(at)) ctx.cache.set(KEY, at - ctx.clock.now());
}

export function serverTime(ctx: Context, hubTime: number): number {
  return hubTime + ((ctx.cache.get(KEY) as number | undefined) ?? 0);
}
