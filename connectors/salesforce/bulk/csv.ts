/** Rows of Bulk API 2.0 as text: CSV with commas and line feeds. Bulk API 2.0 Developer Guide, "Prepare CSV Files". */
import { parse } from 'csv-parse/sync';
import type { Row } from '../client.js';
import type { Describe } from '../records/describe.js';

export type Cells = Readonly<Record<string, string>>;

/** Each line by the names in the first one. Throws when the text is cut off or is no CSV. */
export function readCsv(text: string): readonly Cells[] {
  return parse<Cells>(text, { columns: true, bom: true, skip_empty_lines: true });
}

/** What stands for "make it blank": an empty cell says nothing. */
export const BLANK = '#N/A';

/** One line a record; `null` makes a field blank, and what a record does not name is left as it is. */
export function writeCsv(columns: readonly string[], records: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\n`;
  return [columns, ...records.map((record) => columns.map((name) => cellOf(record[name])))]
    .map(line)
    .join('');
}

function cellOf(value: unknown): string {
  if (value === undefined) return '';
  if (value === null || value === '') return BLANK;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'double', 'currency', 'percent']);

/** A line as the REST API would have given the row: the types come from the object's description. */
export function rowOf(shape: Describe, cells: Cells): Row {
  return Object.fromEntries(
    Object.entries(cells).map(([name, text]): [string, unknown] => {
      const type = shape.fields.get(name.toLowerCase())?.type;
      if (text === '') return [name, null];
      if (type === 'boolean') return [name, text === 'true'];
      return [name, type !== undefined && NUMBERS.has(type) ? Number(text) : text];
    }),
  );
}
