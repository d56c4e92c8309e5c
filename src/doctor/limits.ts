/** What a connection has left of its vendor's limits, and whether its clock can be trusted. */
import type { CallsView } from '../connections/call-view.js';
import { duration, ok, warning, type Finding } from './finding.js';

/** Times are corrected by it; beyond, it is worth mending, and it may be the hub's own. */
const CLOCK_LIMIT_MS = 5_000;
/** Of the hub's share: below, the day may not be enough. */
const SCARCE = 0.1;

export interface LimitFacts {
  /** Vendor's clock minus the hub's, ms. */
  readonly clockOffsetMs: number;
  readonly calls: CallsView;
}

export function judgeLimits({ clockOffsetMs, calls }: LimitFacts): readonly Finding[] {
  return [clock(clockOffsetMs), ...quota(calls)];
}

function clock(offsetMs: number): Finding {
  if (Math.abs(offsetMs) < CLOCK_LIMIT_MS) return ok('clock', 'its clock agrees with the hub’s');
  return warning(
    'clock',
    `Its clock is ${duration(Math.abs(offsetMs) / 1000)} ${offsetMs > 0 ? 'ahead of' : 'behind'} the hub’s. Times of edits are corrected by it.`,
    'If other systems differ alike, it is this machine’s clock that is wrong: keep it by NTP.',
  );
}

const WORK = { fetch: 'webhooks', pull: 'reading', push: 'writing' } as const;

function quota({ share, left, until, waiting, others }: CallsView): readonly Finding[] {
  if (share === null) return [];
  const remedy = `It goes on by itself. To have more, raise \`dailyCallsPercent\` under \`limits\`${
    others !== null && others > share ? ', or see which other programs use so many' : ''
  }.`;
  const [first] = waiting;
  if (first !== undefined) {
    const works = waiting.map(({ work }) => WORK[work]).join(' and ');
    return [warning('calls', `No API calls are left: ${works} waits until ${minute(first.until)}.`, remedy)];
  }
  if (until.urgent !== null)
    return [warning('calls', `No API calls are left until ${minute(until.urgent)}.`, remedy)];
  const calls = `${String(left.urgent ?? 0)} of the hub’s ${String(share)} API calls a day are left`;
  return (left.urgent ?? 0) < SCARCE * share
    ? [warning('calls', `${calls}.`, `When they are used up, work waits and goes on by itself. ${remedy}`)]
    : [ok('calls', calls)];
}

/** `2026-11-22 13:05 UTC` */
function minute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
