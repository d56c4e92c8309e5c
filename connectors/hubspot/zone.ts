/** Days on the calendar of the HubSpot account. A close date is an instant there, and a day to everybody who reads it. */

/** `YYYY-MM-DD` of an instant on the wall calendar of a zone (UTC when it is not known). */
export function dayIn(at: number, timeZone: string | undefined): string {
  return new Date(wallClock(at, timeZone)).toISOString().slice(0, 10);
}

/** Noon of a day there, ISO 8601 in UTC: the same day to readers in nearly all zones. */
export function noonOf(day: string, timeZone: string | undefined): string {
  const noon = Date.parse(`${day}T12:00:00Z`);
  const offset = wallClock(noon, timeZone) - noon;
  return new Date(noon - offset).toISOString();
}

/** The clock on the wall there, read as if it were UTC (ms). */
export function wallClock(at: number, timeZone: string | undefined): number {
  try {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone: timeZone ?? 'UTC',
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    }).formatToParts(at);
    const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  } catch {
    return Math.floor(at / 1000) * 1000;
  }
}
