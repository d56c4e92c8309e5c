/** The objects and fields of the sandbox's org: what the connector syncs, and a few custom ones. */

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'boolean'
  | 'int'
  | 'currency'
  | 'date'
  | 'datetime'
  | 'picklist'
  | 'multipicklist'
  | 'reference';

export interface FieldDef {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length: number;
  readonly writable: boolean;
  readonly required: boolean;
  readonly options: readonly string[];
  readonly restricted: boolean;
  readonly references: readonly string[];
  readonly externalId: boolean;
  readonly unique: boolean;
}

export interface ObjectDef {
  readonly type: string;
  /** First three characters of its ids. */
  readonly prefix: string;
  readonly fields: ReadonlyMap<string, FieldDef>;
}

function field(name: string, type: FieldType, more: Partial<FieldDef> = {}): FieldDef {
  const label = name
    .replace(/__c$/, '')
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/ Id$/, ' ID');
  const plain = { length: 0, writable: true, required: false, options: [], restricted: false };
  return { name, label, type, ...plain, references: [], externalId: false, unique: false, ...more };
}

const text = (name: string, length: number, more: Partial<FieldDef> = {}): FieldDef =>
  field(name, 'string', { length, ...more });
const pick = (name: string, options: readonly string[], more: Partial<FieldDef> = {}): FieldDef =>
  field(name, 'picklist', { length: 255, options, ...more });
const points = (name: string, references: readonly string[], more: Partial<FieldDef> = {}): FieldDef =>
  field(name, 'reference', { length: 18, references, ...more });

const READ_ONLY = { writable: false };

function address(prefix: string): readonly FieldDef[] {
  return [
    field(`${prefix}Street`, 'textarea', { length: 255 }),
    text(`${prefix}City`, 40),
    text(`${prefix}State`, 80),
    text(`${prefix}PostalCode`, 20),
    text(`${prefix}Country`, 80),
  ];
}

/** As an administrator adds one. */
const nickname = text('Nickname__c', 80);
const hubId = text('Rapport_Id__c', 64, { externalId: true, unique: true });

const person: readonly FieldDef[] = [
  pick('Salutation', ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.'], { length: 40 }),
  text('FirstName', 40),
  text('LastName', 80, { required: true }),
  field('Email', 'email', { length: 80 }),
  field('Phone', 'phone', { length: 40 }),
  field('MobilePhone', 'phone', { length: 40 }),
  text('Title', 128),
  field('Description', 'textarea', { length: 32_000 }),
  pick('LeadSource', ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other']),
  field('HasOptedOutOfEmail', 'boolean'),
  nickname,
  hubId,
];

function system(self: string): readonly FieldDef[] {
  return [
    field('Id', 'id', { length: 18, ...READ_ONLY }),
    field('IsDeleted', 'boolean', READ_ONLY),
    points('MasterRecordId', [self], READ_ONLY),
    points('OwnerId', ['User']),
    field('CreatedDate', 'datetime', READ_ONLY),
    points('CreatedById', ['User'], READ_ONLY),
    field('LastModifiedDate', 'datetime', READ_ONLY),
    points('LastModifiedById', ['User'], READ_ONLY),
    field('SystemModstamp', 'datetime', READ_ONLY),
  ];
}

function object(type: string, prefix: string, fields: readonly FieldDef[]): ObjectDef {
  return {
    type,
    prefix,
    fields: new Map([...system(type), ...fields].map((one) => [one.name.toLowerCase(), one])),
  };
}

/** The sales process of the sandbox. */
export const STAGES: readonly {
  readonly name: string;
  readonly closed: boolean;
  readonly won: boolean;
}[] = [
  { name: 'Prospecting', closed: false, won: false },
  { name: 'Qualification', closed: false, won: false },
  { name: 'Negotiation/Review', closed: false, won: false },
  { name: 'Closed Won', closed: true, won: true },
  { name: 'Closed Lost', closed: true, won: false },
];

/** Only orgs with several currencies have it. */
export const CURRENCY_FIELD = 'CurrencyIsoCode';
/** The org's own first, then those that are active too. */
export const CURRENCIES = ['EUR', 'USD', 'JPY'] as const;

/** Kept by Salesforce itself: nobody writes them by the API. */
export const KEPT_BY_SALESFORCE: readonly string[] = ['User', 'OpportunityStage'];

export const OBJECTS: readonly ObjectDef[] = [
  object('Account', '001', [
    text('Name', 255, { required: true }),
    field('Website', 'url', { length: 255 }),
    field('Phone', 'phone', { length: 40 }),
    pick('Industry', [
      'Banking',
      'Consulting',
      'Energy',
      'Healthcare',
      'Manufacturing',
      'Retail',
      'Technology',
    ]),
    field('NumberOfEmployees', 'int'),
    field('AnnualRevenue', 'currency'),
    field('Description', 'textarea', { length: 32_000 }),
    points('ParentId', ['Account']),
    ...address('Billing'),
    nickname,
    hubId,
  ]),
  object('Contact', '003', [
    ...person,
    text('Department', 80),
    field('Birthdate', 'date'),
    points('AccountId', ['Account']),
    ...address('Mailing'),
    pick('Tier__c', ['Gold', 'Silver', 'Bronze'], { restricted: true }),
    field('Interests__c', 'multipicklist', {
      length: 4099,
      options: ['Events', 'Product', 'Training'],
      restricted: true,
    }),
  ]),
  object('Lead', '00Q', [
    ...person,
    text('Company', 255, { required: true }),
    field('Website', 'url', { length: 255 }),
    ...address(''),
    field('IsConverted', 'boolean', READ_ONLY),
    points('ConvertedContactId', ['Contact'], READ_ONLY),
  ]),
  object('Opportunity', '006', [
    text('Name', 120, { required: true }),
    field('Amount', 'currency'),
    pick(CURRENCY_FIELD, CURRENCIES, { restricted: true }),
    pick(
      'StageName',
      STAGES.map((stage) => stage.name),
      { required: true },
    ),
    field('CloseDate', 'date', { required: true }),
    field('Description', 'textarea', { length: 32_000 }),
    points('AccountId', ['Account']),
    field('IsClosed', 'boolean', READ_ONLY),
    field('IsWon', 'boolean', READ_ONLY),
    hubId,
  ]),
  object('OpportunityContactRole', '00K', [
    points('OpportunityId', ['Opportunity'], { required: true }),
    points('ContactId', ['Contact'], { required: true }),
    field('IsPrimary', 'boolean'),
    pick('Role', ['Business User', 'Decision Maker', 'Evaluator']),
  ]),
  object('OpportunityStage', '01J', [
    text('ApiName', 255, READ_ONLY),
    text('MasterLabel', 255, READ_ONLY),
    field('IsActive', 'boolean', READ_ONLY),
    field('IsClosed', 'boolean', READ_ONLY),
    field('IsWon', 'boolean', READ_ONLY),
    field('SortOrder', 'int', READ_ONLY),
  ]),
  object('User', '005', [
    text('Username', 80, READ_ONLY),
    field('Email', 'email', { length: 80, ...READ_ONLY }),
    field('IsActive', 'boolean', READ_ONLY),
    pick('UserType', ['Standard'], READ_ONLY),
  ]),
];

export function objectDef(type: string): ObjectDef | undefined {
  return OBJECTS.find((one) => one.type.toLowerCase() === type.toLowerCase());
}

export function objectOfId(id: string): ObjectDef | undefined {
  return OBJECTS.find((one) => id.startsWith(one.prefix));
}
