import validator from 'validator';
import { coerce } from '../core/mapping/coerce.js';
import { fieldOf, isCrossReference, type FieldType } from '../core/model/fields.js';
import { comparisonKey } from '../core/normalise/index.js';
import type { Entity, JsonValue } from '../sdk/index.js';
import { knownField } from './field-name.js';
import { RequestError } from './request-error.js';

/** Longest text somebody may write into a field, in characters. */
const LONGEST = 32_000;

/**
 * A person's values made fit for their fields; null clears. Stricter than what systems bring: whoever types it can
 * correct it at once.
 *
 * @throws RequestError naming the field
 */
export function editValues(
  entity: Entity,
  given: Readonly<Record<string, JsonValue>>,
): ReadonlyMap<string, JsonValue> {
  const entries = Object.entries(given);
  if (entries.length === 0) {
    throw new RequestError({
      kind: 'invalid',
      field: 'fields',
      message: 'No field is given.',
      remedy: 'Name at least one: { "fields": { "jobTitle": "Engineer" } }; null clears a field.',
    });
  }
  return new Map(entries.map(([name, value]) => [knownField(entity, name), editValue(entity, name, value)]));
}

function editValue(entity: Entity, field: string, given: JsonValue): JsonValue {
  if (isCrossReference(field)) {
    throw refuse(
      field,
      'is the id in another system and cannot be edited',
      'Merge the two customers instead.',
    );
  }
  const type = fieldOf(entity, field)?.type ?? 'any';
  const { value, expected } = coerce(asGiven(type), given);
  if (expected !== undefined) throw refuse(field, `should be ${expected}`, 'Correct the value.');
  if (value === null) return null;
  if (JSON.stringify(value).length > LONGEST) {
    throw refuse(field, `is longer than ${String(LONGEST)} characters`, 'Shorten it.');
  }
  checkForm(field, type, value);
  return value;
}

/** People name golden records by id. */
function asGiven(type: FieldType): FieldType {
  if (type === 'reference') return 'text';
  return type === 'references' ? 'texts' : type;
}

function checkForm(field: string, type: FieldType, value: JsonValue): void {
  const entries = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  for (const entry of entries) {
    const problem = typeof entry === 'string' ? formProblem(field, type, entry) : undefined;
    if (problem !== undefined) throw refuse(field, `should be ${problem}`, 'Correct the value.');
  }
}

interface Form {
  readonly expected: string;
  readonly fits: (text: string) => boolean;
}

const EMAIL: Form = {
  expected: 'an e-mail address',
  fits: (text) => validator.isEmail(text, { allow_utf8_local_part: true }),
};
const PHONE: Form = {
  expected: 'a phone number',
  fits: (text) => (text.match(/\p{Nd}/gu)?.length ?? 0) >= 3,
};
const DOMAIN: Form = {
  expected: 'a domain, such as example.org',
  fits: (text) => validator.isFQDN(comparisonKey('domain', text) ?? ''),
};

/** What texts of a type look like; of the other types any text is taken. */
const FORMS: Readonly<Partial<Record<FieldType, Form>>> = {
  email: EMAIL,
  emails: EMAIL,
  phone: PHONE,
  phones: PHONE,
  domain: DOMAIN,
  domains: DOMAIN,
  country: {
    expected: 'a country (ISO 3166, such as DE)',
    fits: (text) => /^[A-Z]{2}$/.test(comparisonKey('country', text) ?? ''),
  },
  currency: {
    expected: 'a currency (ISO 4217, such as EUR)',
    fits: (text) => validator.isISO4217(text.toUpperCase()),
  },
};

const CONSENTS = ['granted', 'denied'];

function formProblem(field: string, type: FieldType, text: string): string | undefined {
  if (field === 'consent.status' && !CONSENTS.includes(text)) return `one of ${CONSENTS.join(', ')}`;
  const form = FORMS[type];
  return form === undefined || form.fits(text) ? undefined : form.expected;
}

function refuse(field: string, what: string, remedy: string): RequestError {
  return new RequestError({ kind: 'invalid', field, message: `"${field}" ${what}.`, remedy });
}
