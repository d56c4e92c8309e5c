/** Numbers, dates and times out of what systems and people write. undefined: not one. */
import type { JsonValue } from '../../sdk/index.js';
import { numberKey } from '../normalise/number.js';

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;
/** Thousands parted by comma, blank or apostrophe: `1,234.5`, `1 234`, `1'234`. */
const GROUPED = /^[+-]?\d{1,3}(?:([,' \u00a0\u202f])\d{3})(?:\1\d{3})*(?:\.\d*)?$/;

export function readNumber(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const plain = GROUPED.test(text) ? text.replace(/[,' \u00a0\u202f]/g, '') : text;
  if (!PLAIN.test(plain)) return undefined;
  const number = Number(plain);
  return Number.isFinite(number) ? number : undefined;
}

/**
 * The decimal text of an amount, as exact as it came: cents never pass through a binary fraction.
 */
export function readDecimal(value: JsonValue): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = String(value).trim();
  const plain = GROUPED.test(text) ? text.replace(/[,' \u00a0\u202f]/g, '') : text;
  return PLAIN.test(plain) ? numberKey(plain) : undefined;
}

const DAY = /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|(\d\d)(\d\d))(?:[T ]\d\d:.*)?$/;

/** `1971-06-24`, `1971/6/24`, `19710624`, or the day of an instant as written. Day and month never swap places. */
export function readDate(value: JsonValue): string | undefined {
  const parts = DAY.exec(
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '',
  );
  if (parts === null) return undefined;
  const year = parts[1] ?? '';
  const month = (parts[2] ?? parts[4] ?? parts[6] ?? '').padStart(2, '0');
  const day = (parts[3] ?? parts[5] ?? parts[7] ?? '').padStart(2, '0');
  const date = `${year}-${month}-${day}`;
  return isDay(date) ? date : undefined;
}

/** `Date` rolls the 31st of a short month over into the next one. */
function isDay(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === date;
}

const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
/** Below it a number is no time in ms that a CRM holds, but more likely a count or seconds. */
const EARLIEST_MS = 1e11;

/** ISO 8601 in UTC of an instant (UTC where no offset is written), of a day (its start), or of ms since 1970. */
export function readDatetime(value: JsonValue): string | undefined {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{12,14}$/.test(value))) {
    const ms = Number(value);
    return ms >= EARLIEST_MS && ms <= 8.64e15 ? new Date(ms).toISOString() : undefined;
  }
  const parts = typeof value === 'string' ? INSTANT.exec(value.trim()) : null;
  const day = parts?.[1];
  if (day === undefined || !isDay(day)) return undefined;
  const time = (parts?.[2] ?? '00:00').replace(',', '.');
  const ms = Date.parse(`${day}T${time}${zone(parts?.[3])}`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function zone(written: string | undefined): string {
  if (written === undefined || /^z$/i.test(written)) return 'Z';
  const digits = written.slice(1).replace(':', '').padEnd(4, '0');
  return `${written.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
