/** Checks a cron line of five fields: minute, hour, day of month, month, day of week. */
interface FieldRange {
  readonly title: string;
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly [FieldRange, FieldRange, FieldRange, FieldRange, FieldRange] = [
  { title: 'minute', low: 0, high: 59 },
  { title: 'hour', low: 0, high: 23 },
  { title: 'day of month', low: 1, high: 31 },
  { title: 'month', low: 1, high: 12, names: MONTHS },
  { title: 'day of week', low: 0, high: 7, names: DAYS },
];

const LONGEST_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with it; undefined when nothing is. */
export function cronProblem(line: string): string | undefined {
  const fields = line.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    return `It has ${String(fields.length)} fields, not five (minute, hour, day of month, month, day of week).`;
  }
  const sets: ReadonlySet<number>[] = [];
  for (const [index, range] of FIELDS.entries()) {
    const set = numbersOf(fields[index] ?? '', range);
    if (set === undefined)
      return `The ${range.title} is not readable: it goes from ${String(range.low)} to ${String(range.high)}.`;
    sets.push(set);
  }
  const [, , days, months] = sets;
  const free = fields[4] !== '*';
  if (days === undefined || months === undefined || free) return undefined;
  const longest = Math.max(...[...months].map((month) => LONGEST_MONTH[month - 1] ?? 0));
  return Math.min(...days) > longest
    ? 'No such day exists in those months, so it would never run.'
    : undefined;
}

/** `*`, `5`, `1-5`, `mon-fri`, any of them with `/step`, and lists of them. */
function numbersOf(field: string, range: FieldRange): ReadonlySet<number> | undefined {
  const numbers = new Set<number>();
  for (const part of field.split(',')) {
    const parts = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d{1,4}))?$/i.exec(part);
    if (parts === null) return undefined;
    const [, first = '', last, stepText] = parts;
    if (first === '*' && last !== undefined) return undefined;
    const from = first === '*' ? range.low : numberOf(first, range);
    const open = first === '*' || (last === undefined && stepText !== undefined);
    const to = open ? range.high : last === undefined ? from : numberOf(last, range);
    const step = stepText === undefined ? 1 : Number(stepText);
    if (from === undefined || to === undefined || from > to || step < 1) return undefined;
    for (let number = from; number <= to; number += step) numbers.add(number);
  }
  return numbers;
}

function numberOf(text: string, range: FieldRange): number | undefined {
  const index = range.names?.indexOf(text.toLowerCase()) ?? -1;
  const number = index >= 0 ? index + range.low : /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  return number >= range.low && number <= range.high ? number : undefined;
}
