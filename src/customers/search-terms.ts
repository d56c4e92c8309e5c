import { getCountries } from 'libphonenumber-js';
import { identityOf } from '../core/matching/index.js';
import { FIELDS } from '../core/model/fields.js';
import { foldText } from '../core/normalise/text.js';
import type { Entity, JsonValue } from '../sdk/index.js';

/** An identifier as records are stored by. */
export interface IdentifierTerm {
  readonly kind: string;
  readonly value: string;
}

const DIGITS_OF_A_PHONE = 6;
const PHONE = /^[+(]?[\p{Nd}\s()./+-]+$/u;

/**
 * What a query may mean as an identifier, normalised as records' own identifiers are: an e-mail, a handle, a domain,
 * a phone number in any form. A number without country code may be of any country.
 */
export function identifierTerms(entity: Entity, query: string): readonly IdentifierTerm[] {
  const isPhone = PHONE.test(query) && (query.match(/\p{Nd}/gu)?.length ?? 0) >= DIGITS_OF_A_PHONE;
  const asOneOf = (fields: readonly string[], more: Record<string, JsonValue> = {}): IdentifierTerm[] =>
    fields.flatMap((field) => [...identityOf(entity, { [field]: query, ...more }).identifiers]);
  const plain = FIELDS[entity].filter(
    ({ type }) => type === 'email' || type === 'handle' || type === 'domain' || type === 'url',
  );
  const terms = isPhone
    ? [
        ...asOneOf(['phone']),
        ...getCountries().flatMap((country) => asOneOf(['phone'], { 'address.country': country })),
      ]
    : asOneOf(plain.filter(({ name }) => name !== 'owner').map(({ name }) => name));
  return [...new Map(terms.map((term) => [`${term.kind} ${term.value}`, term])).values()];
}

/** Words a query may find names by: each must begin a word of the golden record's. */
export function searchWords(query: string): readonly string[] {
  return foldText(query)
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, 20);
}
