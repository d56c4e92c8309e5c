const DATE = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/;
const MIDNIGHT = /^(\d{4})-(\d\d)-(\d\d)[T ]00:00(?::00(?:[.,]0+)?)?(?:Z|[+-]\d\d:?\d\d)?$/i;
const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
const DAY_MS = 86_400_000;
const LARGEST_MS = 8.64e15;

/** `YYYY-MM-DD`, also out of an instant that is a midnight where it was written; else the text as it is. */
export function dateKey(text: string): string {
  const parts = DATE.exec(text) ?? MIDNIGHT.exec(text);
  if (parts === null) return text;
  const [, year = '', month = '', day = ''] = parts;
  return isDay(Number(year), Number(month), Number(day))
    ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    : text;
}

/** Whole ms since 1970 of an ISO 8601 instant (UTC where no offset is written) or a number of ms; else the text. */
export function datetimeKey(text: string): string {
  if (/^-?\d{1,16}$/.test(text)) {
    const ms = Number(text);
    return Math.abs(ms) <= LARGEST_MS ? String(ms === 0 ? 0 : ms) : text;
  }
  const parts = INSTANT.exec(text);
  if (parts === null) return text;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part: string | undefined) => Number(part ?? 0));
  if (!isDay(year, month, day) || hour > 24 || minute > 59 || second > 60) return text;
  const ms = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  return String(
    daysSince1970(year, month, day) * DAY_MS +
      ((hour * 60 + minute) * 60 + second) * 1000 +
      ms -
      offsetMs(parts[8]),
  );
}

function offsetMs(zone: string | undefined): number {
  const parts = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '');
  if (parts === null) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return (parts[1] === '-' ? -minutes : minutes) * 60_000;
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999; with 400 years more, exactly 146,097 days, it does not. */
function daysSince1970(year: number, month: number, day: number): number {
  return Date.UTC(year + 400, month - 1, day) / DAY_MS - 146_097;
}
