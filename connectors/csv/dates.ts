/** Dates and times as files hold them. undefined: not one. */

const ORDERED = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;

/** `12/11/1978` as `YYYY-MM-DD`, in the order said; a year of two digits says too little. */
export function readOrderedDate(text: string, order: 'mdy' | 'dmy' | undefined): string | undefined {
  const [, first = '', second = '', year = ''] = ORDERED.exec(text.trim()) ?? [];
  if (order === undefined || year === '') return undefined;
  const [month, day] = order === 'mdy' ? [first, second] : [second, first];
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(date) ? date : undefined;
}

const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)?)?$/i;

/** ISO 8601, UTC where no offset is written, or ms since 1970; as ISO 8601 in UTC. */
export function readInstant(text: string): string | undefined {
  if (/^\d{12,14}$/.test(text)) return new Date(Number(text)).toISOString();
  const [, day, time = '00:00', zone = 'Z'] = INSTANT.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return undefined;
  const offset = /^z$/i.test(zone) ? 'Z' : zone.replace(/^(...)(\d\d)$/, '$1:$2');
  const ms = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** `Date` rolls the 31st of a short month over into the next one. */
function isDay(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === date;
}
