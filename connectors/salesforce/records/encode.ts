/** The hub's values to what a field takes: text fields refuse JSON numbers, checkboxes refuse null. */
import type { Field } from 'jsforce/lib/types/index.js';
import type { JsonValue, PropertyValues, Rejection } from '../../../src/sdk/index.js';
import { isOwner, type Column, type Describe } from './describe.js';
import { isObject } from '../api/api-failure.js';
import { rejectionOf } from '../write/record-errors.js';

export interface Encoded {
  /** By Salesforce's own field names. */
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly columns: readonly Column[];
  readonly rejections: readonly Rejection[];
}

/** User id by lower-case e-mail. */
export type OwnerIds = ReadonlyMap<string, string>;

/** Values of one operation; what can't be written here is rejected before anything is sent. */
export function encodeValues(
  values: PropertyValues,
  options: { readonly shape: Describe; readonly kind: 'create' | 'update'; readonly owners: OwnerIds },
): Encoded {
  const fields: Record<string, JsonValue> = {};
  const columns: Column[] = [];
  const rejections: Rejection[] = [];
  for (const [property, value] of Object.entries(values)) {
    const field = options.shape.fields.get(property.toLowerCase());
    if (field === undefined) {
      rejections.push(rejectionOf('INVALID_FIELD', { property }));
      continue;
    }
    if (!(options.kind === 'create' ? field.createable : field.updateable)) {
      rejections.push(rejectionOf('INVALID_FIELD_FOR_INSERT_UPDATE', { property }));
      continue;
    }
    const encoded = encodeValue(field, value, options.owners);
    if (encoded === undefined)
      rejections.push(rejectionOf(isOwner(field) ? 'OWNER_NOT_FOUND' : 'VALUE_OF_WRONG_TYPE', { property }));
    else if (!(options.kind === 'create' && encoded === null)) {
      fields[field.name] = encoded;
      columns.push({ property, field });
    }
  }
  return { fields, columns, rejections };
}

/** Undefined when the field can't hold the value. */
export function encodeValue(field: Field, value: JsonValue, owners: OwnerIds): JsonValue | undefined {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0))
    return field.type === 'boolean' ? false : null;
  if (isOwner(field)) return typeof value === 'string' ? owners.get(value.trim().toLowerCase()) : undefined;
  switch (field.type) {
    case 'boolean':
      return flag(value);
    case 'int':
      return round(number(value));
    case 'double':
    case 'currency':
    case 'percent':
      return number(value);
    case 'date':
      return day(value);
    case 'datetime':
      return instant(value);
    case 'reference':
    case 'id':
      return reference(value);
    case 'multipicklist':
      return Array.isArray(value) ? value.map(String).join(';') : words(value);
    case 'picklist':
      return option(field, words(value));
    default:
      return words(value);
  }
}

function flag(value: JsonValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = words(value)?.trim().toLowerCase() ?? '';
  if (['true', 'yes', '1'].includes(word)) return true;
  return ['false', 'no', '0'].includes(word) ? false : undefined;
}

function number(value: JsonValue): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const parsed = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

function round(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}

function day(value: JsonValue): string | undefined {
  const text = typeof value === 'string' ? value.trim().slice(0, 10) : '';
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

function instant(value: JsonValue): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function reference(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value) || !isObject(value['ref'])) return undefined;
  const { id } = value['ref'];
  return typeof id === 'string' ? id : undefined;
}

/** Text as a person would write it; several values side by side; undefined for an object. */
function words(value: JsonValue): string | undefined {
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'object' ? undefined : String(value);
}

/** Options compare without case in Salesforce, and come back as they are defined. */
function option(field: Field, value: string | undefined): string | undefined {
  const options = (field.picklistValues ?? []) as readonly {
    readonly value: string;
    readonly active: boolean;
  }[];
  const wanted = value?.trim().toLowerCase();
  return options.find((one) => one.active && one.value.toLowerCase() === wanted)?.value ?? value;
}
