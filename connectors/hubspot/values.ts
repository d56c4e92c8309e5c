/** HubSpot writes every value as text; here it becomes JSON by the property's definition, and text again. */
import type { JsonValue } from '../../src/sdk/index.js';
import type { Owners } from './owners.js';
import { isOwner, type PropertyDefinition } from './properties.js';
import { isoOf } from './record.js';

/** The parent company, which HubSpot shows as a number. */
const PARENT_COMPANY = 'hs_parent_company_id';

/** undefined when the value can't be told: then the property counts as not read. */
export function decode(
  definition: PropertyDefinition,
  text: string | null,
  owners: Owners,
): JsonValue | undefined {
  if (text === null || text === '') return null;
  if (isOwner(definition)) return owners.emails.get(text);
  if (definition.name === PARENT_COMPANY) return { ref: { object: 'company', id: text } };
  switch (definition.type) {
    case 'number':
      return decodeNumber(text);
    case 'bool':
      return text.toLowerCase() === 'true';
    case 'date':
      return isoOf(text)?.slice(0, 10) ?? text;
    case 'datetime':
      return isoOf(text) ?? text;
    case 'enumeration':
      return decodeChoice(definition, text);
    default:
      return text;
  }
}

/** So many significant digits a JSON number holds exactly. */
const EXACT_DIGITS = 15;

/** Numbers too long to be held exactly (ids, large amounts with cents) stay text. */
function decodeNumber(text: string): JsonValue {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  const digits = text.replace(/^-?0*|\.|0+$/g, '').length;
  if (digits > EXACT_DIGITS && !Number.isSafeInteger(value)) return text;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
}

function decodeChoice(definition: PropertyDefinition, text: string): JsonValue {
  if (definition.fieldType === 'checkbox') return text.split(';').filter((value) => value !== '');
  if (definition.fieldType === 'booleancheckbox' && /^(true|false)$/i.test(text))
    return text.toLowerCase() === 'true';
  return text;
}

export type Encoded =
  | { readonly text: string }
  | {
      readonly problem: 'unknown-owner' | 'currency-not-enabled' | 'unsupported';
      readonly detail: string;
    };

/** Text as HubSpot takes it; blank text clears. */
export function encode(definition: PropertyDefinition, value: JsonValue, owners: Owners): Encoded {
  if (value === null) return { text: '' };
  if (isOwner(definition)) return encodeOwner(value, owners);
  if (typeof value === 'boolean' || typeof value === 'number') return { text: String(value) };
  if (typeof value === 'string') return { text: encodeText(definition, value) };
  if (isList(value)) {
    const separator = definition.type === 'enumeration' ? ';' : '; ';
    if (value.every((entry) => typeof entry !== 'object')) return { text: value.map(String).join(separator) };
  }
  return { problem: 'unsupported', detail: 'a structure' };
}

function encodeOwner(value: JsonValue, owners: Owners): Encoded {
  const id = typeof value === 'string' ? owners.ids.get(value.trim().toLowerCase()) : undefined;
  return id === undefined
    ? { problem: 'unknown-owner', detail: 'no active user has that e-mail' }
    : { text: id };
}

function encodeText(definition: PropertyDefinition, value: string): string {
  // A day is written as such; HubSpot refuses an instant that is not midnight.
  if (definition.type === 'date' && /^\d{4}-\d{2}-\d{2}T/.test(value)) return value.slice(0, 10);
  return value;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
