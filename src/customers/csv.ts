import type { JsonValue } from '../sdk/index.js';

/** How lines end: as RFC 4180 has it, or as files and pipes of most systems do. */
export type LineEnd = '\r\n' | '\n';

/** One line as RFC 4180 has it: quoted where it must be, ended by CRLF unless told. */
export function csvLine(cells: readonly JsonValue[], lineEnd: LineEnd = '\r\n'): string {
  return `${cells.map(csvCell).join(',')}${lineEnd}`;
}

function csvCell(value: JsonValue): string {
  const text = cellText(value);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lists are joined by `;` where no entry holds one; whatever else is no plain value is JSON. */
function cellText(value: JsonValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    const entries = value as readonly JsonValue[];
    const texts = entries.filter(
      (entry): entry is string => typeof entry === 'string' && !entry.includes(';'),
    );
    if (texts.length === entries.length) return texts.join(';');
  }
  return JSON.stringify(value);
}
