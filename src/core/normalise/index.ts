/**
 * Normalising for comparing. Values are kept and pushed as given; a key is only ever compared with another key of
 * the same type: equal keys say that two systems hold the same value.
 */
import { isJsonObject, type JsonValue } from '../../sdk/index.js';
import type { FieldType } from '../model/fields.js';
import { countryKey } from './country.js';
import { emailKey } from './email.js';
import { handleKey } from './handle.js';
import { languageKey } from './language.js';
import { numberKey } from './number.js';
import { stageKey } from './stage.js';
import { phoneKey } from './phone.js';
import { asText, canonicalJson, isBlank, isList, textKey } from './text.js';
import { dateKey, datetimeKey } from './time.js';
import { domainKey, urlKey } from './web.js';

export { isBlank } from './text.js';

/** What else is known of the record and helps to read a value. */
export interface ComparisonContext {
  /** ISO 3166-1 code or name of the record's country: the home of phone numbers written without a country code. */
  readonly country?: string;
}

type KeyOfText = (text: string, context: ComparisonContext) => string;

const NO_CONTEXT: ComparisonContext = {};

const SCALARS: Readonly<Record<Exclude<FieldType, SetType | 'reference' | 'references' | 'any'>, KeyOfText>> =
  {
    text: textKey,
    name: textKey,
    email: emailKey,
    phone: (text, context) => phoneKey(text, context.country),
    url: urlKey,
    domain: domainKey,
    handle: handleKey,
    country: countryKey,
    language: languageKey,
    currency: (text) => textKey(text.toUpperCase()),
    number: numberKey,
    decimal: numberKey,
    stage: stageKey,
    date: dateKey,
    datetime: datetimeKey,
  };

type SetType = 'texts' | 'emails' | 'phones' | 'domains';

const ENTRY_TYPE = { texts: 'text', emails: 'email', phones: 'phone', domains: 'domain' } as const;

/**
 * The key by which two values of a field compare, null when the value is blank. Total: a value that is none of its
 * type (a word in a number field) compares as text. Sets compare without order and repetition.
 */
export function comparisonKey(
  type: FieldType,
  value: JsonValue | null | undefined,
  context: ComparisonContext = NO_CONTEXT,
): string | null {
  if (value === null || value === undefined || isBlank(value)) return null;
  switch (type) {
    case 'texts':
    case 'emails':
    case 'phones':
    case 'domains':
      return setKey(type, value, context);
    case 'reference':
      return referenceKey(value);
    case 'references':
      return referencesKey(value);
    case 'any':
      return anyKey(value);
    case 'text':
    case 'name':
    case 'email':
    case 'phone':
    case 'url':
    case 'domain':
    case 'handle':
    case 'country':
    case 'language':
    case 'currency':
    case 'number':
    case 'decimal':
    case 'stage':
    case 'date':
    case 'datetime': {
      const text = asText(value);
      // A value that is all wrapping (`mailto:`, `.`) stands for itself: only a blank one has no key.
      return SCALARS[type](text, context) || text;
    }
  }
}

function setKey(type: SetType, value: JsonValue, context: ComparisonContext): string {
  const entries = isList(value) ? value : [value];
  const parts = type === 'texts' ? entries : entries.flatMap(splitEntry);
  const keys = parts
    .map((entry) => comparisonKey(ENTRY_TYPE[type], entry, context))
    .filter((key) => key !== null);
  return JSON.stringify([...new Set(keys)].sort());
}

/** Some systems keep several addresses or numbers in one text: `a@x.org;b@x.org`. `;ext=` belongs to a number. */
function splitEntry(entry: JsonValue): readonly JsonValue[] {
  const text = typeof entry === 'string' ? textKey(entry) : '';
  if (!/[;\n]/.test(text)) return [entry];
  const parts = text.split(/;(?!\s*ext)|\n/i).filter((part) => !isBlank(part));
  return parts.length === 0 ? [entry] : parts;
}

/** Order says nothing. */
function referencesKey(value: JsonValue): string {
  const entries = isList(value) ? value : [value];
  return JSON.stringify([...new Set(entries.map(referenceKey))].sort());
}

function referenceKey(value: JsonValue): string {
  const ref = isJsonObject(value) ? value['ref'] : undefined;
  if (isJsonObject(ref) && typeof ref['object'] === 'string' && typeof ref['id'] === 'string') {
    return JSON.stringify([ref['object'], ref['id']]);
  }
  return asText(value);
}

/** A list of nothing but texts is a choice of several, for which systems keep no order. */
function anyKey(value: JsonValue): string {
  if (!isList(value)) return asText(value);
  return value.every((entry) => typeof entry === 'string')
    ? setKey('texts', value, NO_CONTEXT)
    : canonicalJson(value);
}
