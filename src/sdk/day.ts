/** Days as the clock on the wall has them: what resets "at midnight" resets at somebody's midnight. */

export const DAY_MS = 24 * 3_600_000;

export interface Day {
  /** Both ms since 1970; the end is the next day's start. */
  readonly start: number;
  readonly end: number;
}

/** The day an instant belongs to in a time zone (IANA); in UTC when there is none, or none of that name. */
export function dayOf(at: number, timeZone: string | null | undefined): Day {
  const zone = timeZone ?? 'UTC';
  const midnight = Math.floor((at + offsetOf(at, zone)) / DAY_MS) * DAY_MS;
  return { start: instantOf(midnight, zone), end: instantOf(midnight + DAY_MS, zone) };
}

/** When the clock on the wall shows a time, given as if it were UTC. Clocks may be put forward or back that day. */
function instantOf(wall: number, timeZone: string): number {
  const about = wall - offsetOf(wall, timeZone);
  return wall - offsetOf(about, timeZone);
}

/** By zone; null for a name that is none. Making one takes far longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat | null>();

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = makeFormat(timeZone);
  formats.set(timeZone, made);
  return made;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    });
  } catch {
    return null;
  }
}

/** What the clock on the wall is ahead of UTC by, ms. */
function offsetOf(at: number, timeZone: string): number {
  const format = formatOf(timeZone);
  if (format === null) return 0;
  const second = Math.floor(at / 1000) * 1000;
  const parts = format.formatToParts(second);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return wall - second;
}
