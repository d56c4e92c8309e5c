/**
 * Rows out of text, after RFC 4180, of any size in bounded memory. A row with a broken quote must not swallow those
 * behind it: its first line is reported, and reading goes on with the next line.
 */
export interface Dialect {
  readonly delimiter: string;
  /** Empty: quotes mean nothing. */
  readonly quote: string;
}

export type Fault = 'quote' | 'length';

/** `line` is where the row starts, from 1. With a fault, `cells` are those before it. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
  readonly fault?: Fault;
}

/** Longest row in characters. A quote that is never closed is found out after so many. */
const LONGEST_ROW = 1024 * 1024;

const TAB = 9;
const LF = 10;
const CR = 13;
const BLANK = 32;

export class RowParser {
  private text = '';
  private line = 1;
  /** Within a line that was given up: everything up to its end is dropped. */
  private dropping = false;
  private readonly delimiter: number;
  private readonly longestRow: number;

  constructor(
    private readonly dialect: Dialect,
    options: { readonly longestRow?: number } = {},
  ) {
    this.delimiter = dialect.delimiter.charCodeAt(0);
    this.longestRow = options.longestRow ?? LONGEST_ROW;
  }

  /** The rows that are complete with this piece. */
  push(piece: string): readonly Row[] {
    this.text = this.text === '' ? piece : this.text + piece;
    return this.rows(false);
  }

  /** The rows left when there is no more text. */
  end(): readonly Row[] {
    return this.rows(true);
  }

  private rows(final: boolean): readonly Row[] {
    const rows: Row[] = [];
    let at = this.dropping ? this.dropped(0, final) : 0;
    while (at < this.text.length) {
      const record = this.record(at, final);
      const tooLong = record.state === 'more' && this.text.length - at > this.longestRow;
      if (record.state === 'more' && !tooLong) break;
      if (record.state === 'row') {
        const isEmpty = record.cells.length === 1 && record.end - at <= 2 && record.cells[0] === '';
        if (!isEmpty) rows.push({ line: this.line, cells: record.cells });
        this.line += linesIn(this.text, at, record.end);
        at = record.end;
      } else {
        rows.push({
          line: this.line,
          fault: tooLong && !record.quoted ? 'length' : 'quote',
          cells: record.cells,
        });
        at = this.dropped(at, final);
      }
    }
    this.text = this.text.slice(at);
    return rows;
  }

  /** Where the line after the one at `at` starts. */
  private dropped(at: number, final: boolean): number {
    for (let index = at; index < this.text.length; index += 1) {
      const code = this.text.charCodeAt(index);
      if (code !== LF && code !== CR) continue;
      const end = lineEnd(this.text, index, final);
      // A carriage return at the edge of a piece may have its line feed in the next one.
      this.dropping = end === undefined;
      if (end === undefined) return index;
      this.line += 1;
      return end;
    }
    this.dropping = true;
    return this.text.length;
  }

  private record(start: number, final: boolean): Parsed {
    const cells: string[] = [];
    let at = start;
    for (;;) {
      const cell = this.cell(at, final);
      if (cell.state !== 'cell') return { ...cell, cells };
      cells.push(cell.value);
      if (cell.end >= this.text.length) return { state: 'row', cells, end: cell.end };
      if (this.text.charCodeAt(cell.end) !== this.delimiter) {
        const end = lineEnd(this.text, cell.end, final);
        return end === undefined ? { state: 'more', quoted: false, cells } : { state: 'row', cells, end };
      }
      at = cell.end + 1;
      // A delimiter as the very last character is followed by one more empty cell.
      if (at >= this.text.length && !final) return { state: 'more', quoted: false, cells };
    }
  }

  /** One cell; `end` is at the delimiter or line end after it. */
  private cell(start: number, final: boolean): Cell {
    const { text } = this;
    const { quote } = this.dialect;
    const from = this.afterBlanks(start);
    if (quote !== '' && text.startsWith(quote, from)) return this.quotedCell(from, final);
    let end = from;
    for (; end < text.length; end += 1) {
      const code = text.charCodeAt(end);
      if (code === this.delimiter || code === LF || code === CR) break;
    }
    if (end === text.length && !final) return { state: 'more', quoted: false };
    let last = end;
    while (last > from && this.isBlank(text.charCodeAt(last - 1))) last -= 1;
    return { state: 'cell', value: text.slice(from, last), end };
  }

  private quotedCell(opening: number, final: boolean): Cell {
    const { text } = this;
    const { quote } = this.dialect;
    let value = '';
    let from = opening + 1;
    for (;;) {
      const closing = text.indexOf(quote, from);
      if (closing < 0) return final ? { state: 'fault', quoted: true } : { state: 'more', quoted: true };
      if (closing + 1 >= text.length && !final) return { state: 'more', quoted: true };
      value += text.slice(from, closing);
      if (text.startsWith(quote, closing + 1)) {
        value += quote;
        from = closing + 2;
        continue;
      }
      const end = this.afterBlanks(closing + 1);
      if (end >= text.length) return final ? { state: 'cell', value, end } : { state: 'more', quoted: true };
      const code = text.charCodeAt(end);
      const closed = code === this.delimiter || code === LF || code === CR;
      return closed ? { state: 'cell', value, end } : { state: 'fault', quoted: true };
    }
  }

  private afterBlanks(start: number): number {
    let at = start;
    while (this.isBlank(this.text.charCodeAt(at))) at += 1;
    return at;
  }

  private isBlank(code: number): boolean {
    return (code === BLANK || code === TAB) && code !== this.delimiter;
  }
}

interface Incomplete {
  readonly state: 'more' | 'fault';
  readonly quoted: boolean;
}
type Cell = { readonly state: 'cell'; readonly value: string; readonly end: number } | Incomplete;
type Parsed =
  | { readonly state: 'row'; readonly cells: readonly string[]; readonly end: number }
  | (Incomplete & { readonly cells: readonly string[] });

/** After the line end at `at`: CR LF, LF, or CR alone. undefined: more text may change it. */
function lineEnd(text: string, at: number, final: boolean): number | undefined {
  if (text.charCodeAt(at) !== CR) return at + 1;
  if (at + 1 >= text.length) return final ? at + 1 : undefined;
  return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index);
    if (code === LF || (code === CR && text.charCodeAt(index + 1) !== LF)) lines += 1;
  }
  return lines;
}
