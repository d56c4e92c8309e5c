/** Whether a row holds what was sent, as far as storing may change it: trimmed, in another case, by the second. */
import type { JsonValue } from '../../../src/sdk/index.js';
import type { Row } from '../client.js';
import type { Column } from './describe.js';

export function holds(
  row: Row,
  sent: { readonly fields: Readonly<Record<string, JsonValue>>; readonly columns: readonly Column[] },
): boolean {
  return sent.columns.every(({ field }) =>
    same(field.type, sent.fields[field.name] ?? null, row[field.name]),
  );
}

function same(type: string, sent: JsonValue, stored: unknown): boolean {
  return comparable(type, sent) === comparable(type, stored);
}

function comparable(type: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  switch (type) {
    case 'datetime':
      return String(Math.floor(Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) / 1000));
    case 'multipicklist':
      return text.split(';').sort().join(';');
    case 'reference':
      return text.slice(0, 15);
    case 'email':
      return text.toLowerCase();
    default:
      return text.replace(/\r\n/g, '\n');
  }
}

/** For look-ups: case says nothing about who it is. */
export function sameText(a: unknown, b: unknown): boolean {
  const plain = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '');
  return plain(a) === plain(b);
}
