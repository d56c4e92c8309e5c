/** Native values made fit for a canonical field, leniently: what can't be read stays as text and is reported. */
import { isJsonObject, type JsonValue, type RecordRef } from '../../sdk/index.js';
import { isSetType, type FieldType } from '../model/fields.js';
import { isBlank, isList } from '../normalise/text.js';
import { readDate, readDatetime, readDecimal, readNumber } from './read.js';

export interface Coerced {
  /** null is blank. */
  readonly value: JsonValue;
  /** What the value should have been, when it is not: `a number`. */
  readonly expected?: string;
}

export function coerce(type: FieldType, value: JsonValue): Coerced {
  if (isBlank(value)) return { value: null };
  if (type === 'any') return { value };
  if (isSetType(type)) return coerceSet(value);
  if (type === 'reference')
    return isRecordRef(value) ? { value } : { value, expected: 'a link to another record' };
  if (type === 'references') return coerceReferences(value);
  return coerceScalar(type, value);
}

/** Whoever holds one link says a list of one. */
function coerceReferences(value: JsonValue): Coerced {
  const entries = (isList(value) ? value : [value]).filter((entry) => !isBlank(entry));
  return entries.every(isRecordRef)
    ? { value: entries }
    : { value: entries.filter(isRecordRef), expected: 'links to other records' };
}

function coerceScalar(type: FieldType, value: JsonValue): Coerced {
  if (isList(value)) {
    const entries = value.filter((entry) => !isBlank(entry));
    const [only] = entries;
    if (entries.length === 1 && only !== undefined) return coerceScalar(type, only);
    const text = entries.map(asText).join('; ');
    return type === 'text' ? { value: text } : { value: text, expected: 'a single value' };
  }
  if (isJsonObject(value)) return { value: asText(value), expected: 'plain text' };
  if (type === 'number') return typed(readNumber(value), value, 'a number');
  if (type === 'decimal') return typed(readDecimal(value), value, 'an amount');
  if (type === 'date') return typed(readDate(value), value, 'a date (YYYY-MM-DD)');
  if (type === 'datetime') return typed(readDatetime(value), value, 'a time (ISO 8601)');
  return { value: asText(value) };
}

function typed(read: JsonValue | undefined, value: JsonValue, expected: string): Coerced {
  return read === undefined ? { value: asText(value), expected } : { value: read };
}

/** Systems without lists write several values in one text, parted by semicolons or lines. */
function coerceSet(value: JsonValue): Coerced {
  const given = isList(value) ? value : typeof value === 'string' ? value.split(/[;\r\n]/) : [value];
  const entries = given.filter((entry) => !isBlank(entry)).map(asText);
  const odd = given.some((entry) => isJsonObject(entry) || isList(entry));
  const unique = [...new Set(isList(value) ? entries : entries.map((entry) => entry.trim()))];
  const set = unique.length === 0 ? null : unique;
  return odd ? { value: set, expected: 'a list of plain texts' } : { value: set };
}

function isRecordRef(value: JsonValue): value is JsonValue & RecordRef {
  if (!isJsonObject(value) || !isJsonObject(value['ref'])) return false;
  return typeof value['ref']['object'] === 'string' && typeof value['ref']['id'] === 'string';
}

function asText(value: JsonValue): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}
