/** The hub's values to what a field takes: text fields refuse JSON numbers, checkboxes refuse null. */
import type { Field } from 'jsforce/lib/types/index.js';
import type { JsonValue, PropertyValues, Rejection } from '../../../src/sdk/index.js';
import { CURRENCY } from './currency.js';
import { isOwner, type Column, type Describe } from './describe.js';
import { isObject } from '../api/api-failure.js';
import { rejectionOf } from '../write/record-errors.js';
import { STAGE, stageValue, type Stage } from './stages.js';

export interface Encoded {
  /** By Salesforce's own field names. */
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly columns: readonly Column[];
  readonly rejections: readonly Rejection[];
}

/** What encoding needs beside the values. */
export interface Encoding {
  readonly shape: Describe;
  readonly owners: OwnerIds;
  readonly stages: readonly Stage[];
  /** Of an org that has one currency only, where it is known. */
  readonly currency: string | undefined;
}

/** User id by lower-case e-mail. */
export type OwnerIds = ReadonlyMap<string, string>;

/** Values of one operation; what can't be written here is rejected before anything is sent. */
export function encodeValues(
  values: PropertyValues,
  options: Encoding & { readonly kind: 'create' | 'update' },
): Encoded {
  const fields: Record<string, JsonValue> = {};
  const columns: Column[] = [];
  const rejections: Rejection[] = [];
  for (const [property, value] of Object.entries(values)) {
    const field = options.shape.fields.get(property.toLowerCase());
    if (field === undefined && property === CURRENCY) {
      const code = typeof value === 'string' ? value.trim().toUpperCase() : '';
      if (code !== '' && code !== options.currency)
        rejections.push(
          rejectionOf(options.currency === undefined ? 'CURRENCY_UNKNOWN' : 'CURRENCY_NOT_ENABLED', {
            property,
          }),
        );
      continue;
    }
    if (field === undefined) {
      rejections.push(rejectionOf('INVALID_FIELD', { property }));
      continue;
    }
    if (!(options.kind === 'create' ? field.createable : field.updateable)) {
      rejections.push(rejectionOf('INVALID_FIELD_FOR_INSERT_UPDATE', { property }));
      continue;
    }
    const encoded = encodeValue(field, value, options);
    if (encoded === undefined) rejections.push(rejectionOf(problemOf(field), { property }));
    else if (!(options.kind === 'create' && encoded === null)) {
      fields[field.name] = encoded;
      columns.push({ property, field });
    }
  }
  return { fields, columns, rejections };
}

function problemOf(field: Field): string {
  if (isOwner(field)) return 'OWNER_NOT_FOUND';
  if (field.name === CURRENCY) return 'CURRENCY_INACTIVE';
  return field.name === STAGE ? 'UNMAPPED_STAGE' : 'VALUE_OF_WRONG_TYPE';
}

/** Undefined when the field can't hold the value. */
export function encodeValue(
  field: Field,
  value: JsonValue,
  { owners, stages }: Pick<Encoding, 'owners' | 'stages'>,
): JsonValue | undefined {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0))
    return field.type === 'boolean' ? false : null;
  if (isOwner(field)) return typeof value === 'string' ? owners.get(value.trim().toLowerCase()) : undefined;
  if (field.name === STAGE) return typeof value === 'string' ? stageValue(stages, value) : undefined;
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
      return field.name === CURRENCY ? activeOption(field, words(value)) : option(field, words(value));
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
  if (!Number.isFinite(parsed)) return undefined;
  // More digits than a JSON number holds: rather not written than with other cents.
  const digits = typeof value === 'string' ? value.replace(/^\s*-?0*|\.|0+\s*$/g, '').length : 0;
  return digits > EXACT_DIGITS && !Number.isSafeInteger(parsed) ? undefined : parsed;
}

const EXACT_DIGITS = 15;

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
  return activeOption(field, value) ?? value;
}

function activeOption(field: Field, value: string | undefined): string | undefined {
  const options = (field.picklistValues ?? []) as readonly {
    readonly value: string;
    readonly active: boolean;
  }[];
  const wanted = value?.trim().toLowerCase();
  return options.find((one) => one.active && one.value.toLowerCase() === wanted)?.value;
}
