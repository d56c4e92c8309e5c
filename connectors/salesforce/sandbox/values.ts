/** What becomes of a value on its way into a field: trimmed, checked, refused. */
import { fullId } from '../api/ids.js';
import type { FieldDef } from './fields.js';
import { objectOfId } from './fields.js';
import { Problem } from './problem.js';

export type Value = string | number | boolean | null;

const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;

/** Instants are kept in ms and have whole seconds, as in Salesforce. */
export function stored(field: FieldDef, value: unknown): Value {
  if (value === null || value === undefined)
    return field.type === 'boolean'
      ? refuse(field, 'INVALID_TYPE_ON_FIELD_IN_RECORD', 'value not of required type: null')
      : null;
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : unparsable(value);
    case 'int':
    case 'currency': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : unparsable(value);
    }
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : unparsable(value);
    case 'datetime': {
      const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      return Number.isNaN(at) ? unparsable(value) : wholeSeconds(at);
    }
    case 'id':
    case 'reference':
      return reference(field, value);
    default:
      return typeof value === 'string' ? textual(field, value.trim()) : unparsable(value);
  }
}

/** Throws for a value that JSON can't be read into, and for nothing else. */
export function assertParsable(field: FieldDef, value: unknown): void {
  try {
    stored(field, value);
  } catch (error) {
    if (error instanceof Problem && error.code === 'JSON_PARSER_ERROR') throw error;
  }
}

export function wholeSeconds(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

function textual(field: FieldDef, value: string): Value {
  if (value === '') return null;
  if (field.length > 0 && value.length > field.length && field.type !== 'picklist')
    return refuse(
      field,
      'STRING_TOO_LONG',
      `data value too large: ${value} (max length=${String(field.length)})`,
    );
  if (field.type === 'email')
    return EMAIL.test(value)
      ? value.toLowerCase()
      : refuse(field, 'INVALID_EMAIL_ADDRESS', `invalid email address: ${value}`);
  if (!field.restricted) return value;
  const parts = field.type === 'multipicklist' ? value.split(';') : [value];
  const wrong = parts.find((part) => !field.options.includes(part));
  if (wrong === undefined) return parts.join(';');
  return refuse(
    field,
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    `bad value for restricted picklist field: ${wrong}`,
  );
}

function reference(field: FieldDef, value: unknown): Value {
  if (value === '') return null;
  const id = typeof value === 'string' ? fullId(value) : undefined;
  const type = id === undefined ? undefined : objectOfId(id)?.type;
  if (id === undefined || type === undefined || !field.references.includes(type))
    return refuse(field, 'MALFORMED_ID', `id value of incorrect type: ${String(value)}`);
  return id;
}

function refuse(field: FieldDef, code: string, message: string): never {
  throw new Problem(400, code, `${field.label}: ${message}`, { fields: [field.name] });
}

/** Refuses the whole call it stands in. */
function unparsable(value: unknown): never {
  throw new Problem(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance from value of type ${typeof value}`,
  );
}

/** As the REST API writes it. */
export function shown(field: FieldDef, value: Value | undefined): Value {
  if (field.type !== 'datetime' || typeof value !== 'number') return value ?? null;
  return new Date(value).toISOString().replace('Z', '+0000');
}
