import type { JsonValue } from '../../sdk/index.js';

/** Nesting deeper than this compares as equal: no CRM field holds it, and a key must never exhaust the stack. */
const DEEPEST = 200;

/** True for null, undefined, text of nothing but whitespace, and a list without a single entry that says something. */
export function isBlank(value: JsonValue | undefined): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.every((entry: JsonValue) => !Array.isArray(entry) && isBlank(entry));
}

/** Unicode NFC, LF as the only line ending, no whitespace around. Letter case stays: it is part of the value. */
export function textKey(text: string): string {
  const plain = isAscii(text) ? text : text.normalize('NFC');
  return (plain.includes('\r') ? plain.replace(/\r\n?/g, '\n') : plain).trim();
}

/** Any value as comparable text: text as it is, numbers and booleans written out, the rest as canonical JSON. */
export function asText(value: JsonValue): string {
  if (typeof value === 'string') return textKey(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  return canonicalJson(value);
}

/** JSON with sorted object keys and {@link textKey} applied to every text and name in it. */
export function canonicalJson(value: JsonValue, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(textKey(value));
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (depth >= DEEPEST) return '"…"';
  if (isList(value)) return `[${value.map((entry) => canonicalJson(entry, depth + 1)).join(',')}]`;
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(textKey(name))}:${canonicalJson(member, depth + 1)}`,
  );
  return `{${members.sort().join(',')}}`;
}

/** Narrows to a JSON list; `Array.isArray` alone does not narrow readonly arrays. */
export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Accents of Latin, Greek and Cyrillic letters, the points of Hebrew and Arabic. */
const OPTIONAL_MARKS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670]/g;

/**
 * Letters and digits of any script in lower case without diacritics, words parted by one space: for looking names
 * up in tables, where `Côte d’Ivoire` and `cote d'ivoire` must meet. Only marks that people leave out are taken off;
 * in many scripts marks are the vowels.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(OPTIONAL_MARKS, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’‘ʼ`.]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}
