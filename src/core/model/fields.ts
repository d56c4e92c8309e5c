/**
 * The canonical fields. One list serves normalising, comparing, mapping, forms and docs.
 * `custom.*` takes any JSON value; `xref.NAME` holds the external id that connection NAME knows the same record by:
 * it serves matching and never becomes part of the golden record.
 */
import type { Entity } from '../../sdk/index.js';

export type FieldType =
  | 'text'
  | 'name'
  | 'email'
  | 'phone'
  | 'url'
  | 'domain'
  | 'handle'
  | 'country'
  | 'language'
  | 'currency'
  | 'number'
  | 'decimal'
  | 'stage'
  | 'date'
  | 'datetime'
  | 'texts'
  | 'emails'
  | 'phones'
  | 'domains'
  | 'reference'
  | 'references'
  | 'any';

export interface FieldDefinition {
  readonly name: string;
  readonly title: string;
  readonly type: FieldType;
}

const address: readonly FieldDefinition[] = [
  { name: 'address.street', title: 'Street', type: 'text' },
  { name: 'address.city', title: 'City', type: 'text' },
  { name: 'address.region', title: 'State or region', type: 'text' },
  { name: 'address.postalCode', title: 'Postal code', type: 'text' },
  { name: 'address.country', title: 'Country (ISO 3166)', type: 'country' },
];

const social = ['linkedin', 'x', 'facebook', 'instagram', 'bluesky', 'mastodon', 'slack'].map(
  (network): FieldDefinition => ({
    name: `social.${network}`,
    title: `Handle on ${network}`,
    type: 'handle',
  }),
);

const customer: readonly FieldDefinition[] = [
  { name: 'honorific', title: 'Salutation', type: 'text' },
  { name: 'givenName', title: 'First name', type: 'name' },
  { name: 'middleName', title: 'Middle name', type: 'name' },
  { name: 'familyName', title: 'Last name', type: 'name' },
  { name: 'suffix', title: 'Suffix', type: 'text' },
  { name: 'email', title: 'E-mail', type: 'email' },
  { name: 'emails', title: 'Other e-mails', type: 'emails' },
  { name: 'phone', title: 'Phone', type: 'phone' },
  { name: 'mobilePhone', title: 'Mobile phone', type: 'phone' },
  { name: 'phones', title: 'Other phones', type: 'phones' },
  { name: 'jobTitle', title: 'Job title', type: 'text' },
  { name: 'department', title: 'Department', type: 'text' },
  ...address,
  { name: 'language', title: 'Language (BCP 47)', type: 'language' },
  { name: 'timeZone', title: 'Time zone (IANA)', type: 'text' },
  { name: 'birthday', title: 'Birthday', type: 'date' },
  { name: 'website', title: 'Website', type: 'url' },
  ...social,
  { name: 'owner', title: 'Owner (e-mail)', type: 'email' },
  { name: 'lifecycleStage', title: 'Lifecycle stage', type: 'text' },
  { name: 'source', title: 'Source', type: 'text' },
  { name: 'tags', title: 'Tags', type: 'texts' },
  { name: 'consent.status', title: 'Marketing consent: granted, denied', type: 'text' },
  { name: 'consent.basis', title: 'Legal basis of the consent', type: 'text' },
  { name: 'consent.at', title: 'Time of the consent', type: 'datetime' },
  { name: 'account', title: 'Account', type: 'reference' },
];

const account: readonly FieldDefinition[] = [
  { name: 'name', title: 'Name', type: 'text' },
  { name: 'domain', title: 'Domain', type: 'domain' },
  { name: 'domains', title: 'Other domains', type: 'domains' },
  { name: 'industry', title: 'Industry', type: 'text' },
  { name: 'size', title: 'Number of employees', type: 'number' },
  { name: 'revenue.amount', title: 'Yearly revenue', type: 'number' },
  { name: 'revenue.currency', title: 'Currency of the revenue (ISO 4217)', type: 'currency' },
  { name: 'phone', title: 'Phone', type: 'phone' },
  { name: 'website', title: 'Website', type: 'url' },
  { name: 'description', title: 'Description', type: 'text' },
  ...address,
  { name: 'parent', title: 'Parent account', type: 'reference' },
  { name: 'owner', title: 'Owner (e-mail)', type: 'email' },
  { name: 'tags', title: 'Tags', type: 'texts' },
];

const deal: readonly FieldDefinition[] = [
  { name: 'name', title: 'Name', type: 'text' },
  { name: 'amount', title: 'Amount', type: 'decimal' },
  { name: 'currency', title: 'Currency (ISO 4217)', type: 'currency' },
  { name: 'pipeline', title: 'Pipeline', type: 'stage' },
  { name: 'stage', title: 'Stage', type: 'stage' },
  { name: 'closeDate', title: 'Close date', type: 'date' },
  { name: 'description', title: 'Description', type: 'text' },
  { name: 'owner', title: 'Owner (e-mail)', type: 'email' },
  { name: 'account', title: 'Account', type: 'reference' },
  { name: 'customers', title: 'Customers', type: 'references' },
];

/** Those that others point at come first. */
export const ENTITIES = ['account', 'customer', 'deal'] as const satisfies readonly Entity[];

export const FIELDS: Readonly<Record<Entity, readonly FieldDefinition[]>> = { customer, account, deal };

const byName: Readonly<Record<Entity, ReadonlyMap<string, FieldDefinition>>> = {
  customer: new Map(customer.map((field) => [field.name, field])),
  account: new Map(account.map((field) => [field.name, field])),
  deal: new Map(deal.map((field) => [field.name, field])),
};

/** The definition of a canonical field, `custom.*` and `xref.*` included; undefined when there is none. */
export function fieldOf(entity: Entity, name: string): FieldDefinition | undefined {
  const known = byName[entity].get(name);
  if (known !== undefined) return known;
  if (/^custom\.[A-Za-z][\w-]*$/.test(name))
    return { name, title: name.slice('custom.'.length), type: 'any' };
  if (/^xref\.[\w-]+$/.test(name))
    return { name, title: `Id in ${name.slice('xref.'.length)}`, type: 'text' };
  return undefined;
}

/** Fields that hold a set of values and may be survived by `union`. */
export function isSetType(type: FieldType): boolean {
  return type === 'texts' || type === 'emails' || type === 'phones' || type === 'domains';
}

/** Fields that point at other records, one or several. */
export function isReferenceType(type: FieldType): boolean {
  return type === 'reference' || type === 'references';
}

/** Fields that serve identity only and never enter the golden record. */
export function isCrossReference(name: string): boolean {
  return name.startsWith('xref.');
}
