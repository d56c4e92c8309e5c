/** Where a command's words go: results to stdout, everything else to stderr. */
export interface Output {
  /** True when results are to be JSON. */
  readonly json: boolean;
  /** A result, in whichever form was asked for. */
  result(value: unknown, text: () => string): void;
  /** For the person who waits. */
  note(text: string): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    result: (value, text) => {
      process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`);
    },
    note: (text) => {
      process.stderr.write(`${text}\n`);
    },
  };
}

/** Rows under headings, columns as wide as they need; numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => onOneLine(String(cell))));
  const widths = headings.map((heading, column) =>
    Math.max(width(heading), ...cells.map((row) => width(row[column] ?? ''))),
  );
  const line = (row: readonly string[], numeric: (column: number) => boolean): string =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)));
        return numeric(column) ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  const isNumber = (column: number): boolean =>
    rows.length > 0 && rows.every((row) => typeof row[column] === 'number');
  return [
    line(headings, isNumber),
    line(
      widths.map((size) => '-'.repeat(size)),
      () => false,
    ),
    ...cells.map((row) => line(row, isNumber)),
  ].join('\n');
}

/** Letters of wide scripts take two columns; enough for aligning, not for typesetting. */
function width(text: string): number {
  let columns = 0;
  for (const letter of text) {
    if (/\p{M}/u.test(letter)) continue;
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u.test(
        letter,
      )
        ? 2
        : 1;
  }
  return columns;
}

/** Values come from outside: they must neither break the line nor speak to the terminal. */
function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '');
}

/** A value of a field as a person reads it. */
export function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return '(blank)';
  if (typeof value === 'string') return onOneLine(value);
  return JSON.stringify(value);
}

/** `2026-03-01 12:30`, UTC. */
export function showTime(time: Date | string | number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
