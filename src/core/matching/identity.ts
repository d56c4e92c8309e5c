import { isJsonObject, type Entity, type JsonValue } from '../../sdk/index.js';
import { comparisonKey } from '../normalise/index.js';
import { foldText } from '../normalise/text.js';
import { companyDomain } from './company-domains.js';
import { companyNameOf, type CompanyName } from './company-name.js';
import { isNobodysAddress } from './mailboxes.js';
import { personNameOf, type PersonName } from './person-name.js';

export type IdentifierKind = 'xref' | 'email' | 'phone' | 'social' | 'domain' | 'name';

/** Something two records may share. `value` is normalised: equal values are the same e-mail, phone, … */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** What tells one deal from another; null where it is not known. */
export interface DealFacts {
  /** Folded; blank when it has none. */
  readonly name: string;
  /** Golden id of the account, as far as it is known when records are placed. */
  readonly account: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly closeDate: string | null;
}

/** What a record can be recognised by. */
export interface Identity {
  readonly entity: Entity;
  readonly identifiers: readonly Identifier[];
  /** Customers only. */
  readonly person?: PersonName;
  /** Accounts only. */
  readonly company?: CompanyName;
  /** Deals only. */
  readonly deal?: DealFacts;
  /** ISO 3166-1 alpha-2 where known. */
  readonly country: string | null;
  /** `YYYY-MM-DD` where known. */
  readonly birthday: string | null;
}

type Fields = Readonly<Record<string, JsonValue>>;

/** Longer than any address, number or handle: such a value is a text in the wrong field. */
const LONGEST = 250;

/**
 * The identity in canonical fields: what is normalised, free of repetition and fit to recognise somebody by.
 * Addresses of nobody (`noreply@`), made-up numbers, and domains of mail providers are left out.
 */
export function identityOf(entity: Entity, fields: Fields): Identity {
  const identity = {
    entity,
    identifiers: identifiersOf(entity, fields),
    country: countryOf(comparisonKey('country', fields['address.country'])),
    birthday: birthdayOf(comparisonKey('date', fields['birthday'])),
  };
  if (entity === 'customer') return { ...identity, person: personNameOf(fields) };
  if (entity === 'deal') return { ...identity, deal: dealFactsOf(fields) };
  return { ...identity, company: companyNameOf(nameIn(fields)) };
}

/** Of the identity only what records are found by. */
export function identifiersOf(entity: Entity, fields: Fields): readonly Identifier[] {
  const found = new Map<string, Identifier>();
  const add = (kind: IdentifierKind, value: string | undefined): void => {
    if (value === undefined || value === '' || value.length > LONGEST || /\p{Cc}/u.test(value)) return;
    found.set(identifierKey({ kind, value }), { kind, value });
  };
  const context = typeof fields['address.country'] === 'string' ? { country: fields['address.country'] } : {};
  for (const number of textsOf(fields, 'phone', 'mobilePhone', 'phones')) {
    add('phone', fitPhone(comparisonKey('phone', number, context)));
  }
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith('xref.')) add('xref', crossReference(name.slice('xref.'.length), value));
    if (name.startsWith('social.')) add('social', socialIdentifier(name.slice('social.'.length), value));
  }
  if (entity === 'customer') {
    for (const address of textsOf(fields, 'email', 'emails'))
      add('email', fitEmail(comparisonKey('email', address)));
  } else if (entity === 'deal') {
    const deal = dealFactsOf(fields);
    // A name that many deals share is no evidence; with an amount or a date fewer do.
    if (deal.name !== '')
      for (const more of ['', deal.amount, deal.closeDate])
        if (more !== null) add('name', more === '' ? deal.name : `${deal.name} | ${more}`);
  } else {
    for (const address of textsOf(fields, 'domain', 'domains', 'website'))
      add('domain', companyDomain(address));
    add('name', companyNameOf(nameIn(fields)).key);
  }
  return sorted(found);
}

function nameIn(fields: Fields): string {
  return typeof fields['name'] === 'string' ? fields['name'] : '';
}

/** The account is a place in another system's own terms: whoever places the record knows whose it is. */
function dealFactsOf(fields: Fields): DealFacts {
  return {
    name: foldText(nameIn(fields)),
    account: null,
    amount: comparisonKey('decimal', fields['amount']),
    currency: comparisonKey('currency', fields['currency']),
    closeDate: comparisonKey('date', fields['closeDate']),
  };
}

/** The identifier by which a cross-reference elsewhere (`xref.CONNECTION`) finds a record itself. */
export function ownCrossReference(connection: string, externalId: string): Identifier {
  return { kind: 'xref', value: `${connection}:${externalId.trim()}` };
}

/** One text for an identifier, for maps and sets. */
export function identifierKey(identifier: { readonly kind: string; readonly value: string }): string {
  return `${identifier.kind} ${identifier.value}`;
}

function sorted(found: ReadonlyMap<string, Identifier>): readonly Identifier[] {
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, identifier]) => identifier);
}

/** The texts of fields that hold one or several. */
function textsOf(fields: Fields, ...names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = fields[name];
    const entries = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
    return entries.flatMap((entry) => (typeof entry === 'string' ? entry.split(/;(?!\s*ext)|\n/i) : []));
  });
}

function fitEmail(key: string | null): string | undefined {
  if (key === null || !/^[^\s@,;]+@[^\s@,;]+\.[^\s@,;.]{2,}$/.test(key)) return undefined;
  return isNobodysAddress(key) ? undefined : key;
}

/** Numbers too short to be one person's, and those made up to fill a field (all nines, 123456789), are none. */
function fitPhone(key: string | null): string | undefined {
  const digits = /^\+?(\d{8,18})(?:;ext=\d+)?$/.exec(key ?? '')?.[1];
  if (key === null || digits === undefined) return undefined;
  const national = digits.slice(-9);
  return /^(\d)\1+$/.test(national) || national.includes('2345678') || /0{7}$/.test(national)
    ? undefined
    : key;
}

function crossReference(connection: string, value: JsonValue): string | undefined {
  const ref = isJsonObject(value) && isJsonObject(value['ref']) ? value['ref']['id'] : value;
  if (typeof ref !== 'string' && typeof ref !== 'number') return undefined;
  const id = String(ref).trim();
  return id === '' ? undefined : ownCrossReference(connection, id).value;
}

function socialIdentifier(network: string, value: JsonValue): string | undefined {
  const handle = comparisonKey('handle', value);
  return handle === null || handle.length < 2 || /\s/.test(handle) ? undefined : `${network}:${handle}`;
}

function countryOf(key: string | null): string | null {
  return key !== null && /^[A-Z]{2}$/.test(key) ? key : null;
}

function birthdayOf(key: string | null): string | null {
  return key !== null && /^\d{4}-\d\d-\d\d$/.test(key) ? key : null;
}
