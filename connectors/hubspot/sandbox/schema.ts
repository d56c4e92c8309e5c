/** Property definitions of a fresh portal, as far as this hub and its users meet them. */

import { PIPELINES } from './pipelines.js';

export type SandboxObject = 'contacts' | 'companies' | 'deals';

export interface Definition {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'number' | 'bool' | 'date' | 'datetime' | 'enumeration';
  readonly fieldType: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly hubspotDefined: boolean;
  readonly hasUniqueValue: boolean;
  readonly readOnly: boolean;
  readonly owner: boolean;
}

export interface NewDefinition {
  readonly name: string;
  readonly label?: string;
  readonly type?: Definition['type'];
  readonly fieldType?: string;
  readonly options?: readonly (string | { readonly value: string; readonly label: string })[];
  readonly hasUniqueValue?: boolean;
  readonly readOnly?: boolean;
}

/** A property somebody made in the portal. */
export function customDefinition(given: NewDefinition): Definition {
  return { ...definition(given), hubspotDefined: false };
}

function definition(given: NewDefinition & { readonly owner?: boolean }): Definition {
  const type = given.type ?? 'string';
  return {
    name: given.name,
    label: given.label ?? given.name,
    type,
    fieldType: given.fieldType ?? FIELD_TYPES[type],
    options: (given.options ?? (type === 'bool' ? ['true', 'false'] : [])).map((option) =>
      typeof option === 'string' ? { value: option, label: option } : option,
    ),
    hubspotDefined: true,
    hasUniqueValue: given.hasUniqueValue ?? false,
    readOnly: given.readOnly ?? false,
    owner: given.owner ?? false,
  };
}

const FIELD_TYPES: Readonly<Record<Definition['type'], string>> = {
  string: 'text',
  number: 'number',
  bool: 'booleancheckbox',
  date: 'date',
  datetime: 'date',
  enumeration: 'select',
};

export const LIFECYCLE = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
];

const texts = (...names: readonly string[]): Definition[] => names.map((name) => definition({ name }));

const shared: readonly Definition[] = [
  ...texts('phone', 'website', 'address', 'city', 'state', 'zip', 'country'),
  definition({ name: 'lifecyclestage', type: 'enumeration', fieldType: 'radio', options: LIFECYCLE }),
  definition({ name: 'hubspot_owner_id', type: 'enumeration', owner: true }),
  definition({ name: 'createdate', type: 'datetime', readOnly: true }),
  definition({ name: 'hs_object_id', type: 'number', readOnly: true }),
  definition({ name: 'hs_merged_object_ids', type: 'enumeration', fieldType: 'checkbox', readOnly: true }),
];

const contacts: readonly Definition[] = [
  ...shared,
  ...texts(
    'email',
    'firstname',
    'lastname',
    'salutation',
    'mobilephone',
    'jobtitle',
    'company',
    'twitterhandle',
  ),
  definition({ name: 'hs_language', type: 'enumeration', options: ['en', 'de', 'fr', 'es', 'ja'] }),
  definition({
    name: 'hs_buying_role',
    type: 'enumeration',
    fieldType: 'checkbox',
    options: ['BUDGET_HOLDER', 'CHAMPION', 'DECISION_MAKER', 'END_USER'],
  }),
  definition({ name: 'hs_additional_emails', type: 'enumeration', fieldType: 'checkbox', readOnly: true }),
  definition({ name: 'hs_calculated_merged_vids', readOnly: true }),
  definition({ name: 'associatedcompanyid', type: 'number', readOnly: true }),
  definition({ name: 'lastmodifieddate', type: 'datetime', readOnly: true }),
];

const companies: readonly Definition[] = [
  ...shared,
  ...texts('name', 'domain', 'description'),
  definition({ name: 'numberofemployees', type: 'number' }),
  definition({ name: 'annualrevenue', type: 'number' }),
  definition({ name: 'hs_parent_company_id', type: 'number', readOnly: true }),
  definition({
    name: 'industry',
    type: 'enumeration',
    options: ['ACCOUNTING', 'BANKING', 'COMPUTER_SOFTWARE', 'CONSTRUCTION', 'INSURANCE', 'RETAIL'],
  }),
  definition({ name: 'hs_lastmodifieddate', type: 'datetime', readOnly: true }),
];

const deals: readonly Definition[] = [
  ...texts('dealname', 'description'),
  definition({ name: 'amount', type: 'number' }),
  definition({ name: 'deal_currency_code', type: 'enumeration', options: ['EUR', 'USD', 'JPY'] }),
  definition({
    name: 'pipeline',
    type: 'enumeration',
    options: PIPELINES.map(({ id, label }) => ({ value: id, label })),
  }),
  definition({
    name: 'dealstage',
    type: 'enumeration',
    fieldType: 'radio',
    options: PIPELINES.flatMap(({ stages }) => stages.map(({ id, label }) => ({ value: id, label }))),
  }),
  definition({ name: 'closedate', type: 'datetime' }),
  definition({ name: 'dealtype', type: 'enumeration', options: ['newbusiness', 'existingbusiness'] }),
  definition({ name: 'hubspot_owner_id', type: 'enumeration', owner: true }),
  definition({ name: 'createdate', type: 'datetime', readOnly: true }),
  definition({ name: 'hs_object_id', type: 'number', readOnly: true }),
  definition({ name: 'hs_merged_object_ids', type: 'enumeration', fieldType: 'checkbox', readOnly: true }),
  definition({ name: 'hs_lastmodifieddate', type: 'datetime', readOnly: true }),
];

export function freshSchema(): Record<SandboxObject, Map<string, Definition>> {
  const byName = (list: readonly Definition[]): Map<string, Definition> =>
    new Map(list.map((entry) => [entry.name, entry]));
  return { contacts: byName(contacts), companies: byName(companies), deals: byName(deals) };
}

/** The property that holds the date of a record's last change. */
export const MODIFIED: Readonly<Record<SandboxObject, string>> = {
  contacts: 'lastmodifieddate',
  companies: 'hs_lastmodifieddate',
  deals: 'hs_lastmodifieddate',
};

/** Listed with each record unless others are asked for. */
export const DEFAULT_PROPERTIES: Readonly<Record<SandboxObject, readonly string[]>> = {
  contacts: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
  companies: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
  deals: [
    'amount',
    'closedate',
    'createdate',
    'dealname',
    'dealstage',
    'hs_lastmodifieddate',
    'hs_object_id',
    'pipeline',
  ],
};

export const SINGULAR: Readonly<Record<SandboxObject, 'contact' | 'company' | 'deal'>> = {
  contacts: 'contact',
  companies: 'company',
  deals: 'deal',
};
