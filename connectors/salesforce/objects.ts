/** The objects, their default mappings, and what is particular to each. Pure. */
import type { FieldMapping, ObjectDeclaration } from '../../src/sdk/index.js';
import type { Settings } from './config.js';

/** What differs from object to object when reading and writing. */
export interface SObject {
  readonly object: string;
  /** API name. */
  readonly type: string;
  /** The property a record can't be without, and that a look-up goes by where there is no e-mail. */
  readonly name: string;
  readonly email: string | undefined;
  /** Whether its records hold amounts of money in a currency. */
  readonly money: boolean;
  /** Read beside what the mapping wants. */
  readonly system: readonly string[];
}

const SYSTEM = [
  'Id',
  'IsDeleted',
  'SystemModstamp',
  'LastModifiedDate',
  'LastModifiedById',
  'CreatedDate',
  'MasterRecordId',
];

const SOBJECTS: readonly SObject[] = [
  { object: 'account', type: 'Account', name: 'Name', email: undefined, money: false, system: SYSTEM },
  { object: 'contact', type: 'Contact', name: 'LastName', email: 'Email', money: false, system: SYSTEM },
  {
    object: 'lead',
    type: 'Lead',
    name: 'LastName',
    email: 'Email',
    money: false,
    system: [...SYSTEM, 'IsConverted', 'ConvertedContactId'],
  },
  { object: 'opportunity', type: 'Opportunity', name: 'Name', email: undefined, money: true, system: SYSTEM },
];

export function sobjectOf(object: string): SObject {
  const found = SOBJECTS.find((one) => one.object === object);
  if (found === undefined) throw new Error(`Salesforce connector: no object ${object}`);
  return found;
}

/** The hub's name of an sObject type; undefined when it is none of ours. */
export function objectOfType(type: string): string | undefined {
  return SOBJECTS.find((one) => one.type === type)?.object;
}

/** 400 ids fit a query's URL several times over; 800 records are four collection calls side by side. */
const BATCH = { read: 2000, push: 800 };
/** Records in one bulk job: minutes of work for the org at most, and few calls for each thousand. */
const BULK_SIZE = 10_000;

export function objectsOf(settings: Settings): readonly ObjectDeclaration[] {
  const people = settings.newPeopleAs;
  const above = settings.bulkWriteAbove;
  const batch = { ...BATCH, bulk: { above, size: Math.max(BULK_SIZE, above + 1) } };
  const account: ObjectDeclaration = {
    object: 'account',
    title: 'Account',
    entity: 'account',
    mapping: ACCOUNT,
    requiredToCreate: [['name']],
    creatable: true,
    batch,
  };
  const contact: ObjectDeclaration = {
    object: 'contact',
    title: 'Contact',
    entity: 'customer',
    mapping: CONTACT,
    requiredToCreate: [['familyName']],
    creatable: people === 'contact',
    batch,
  };
  const lead: ObjectDeclaration = {
    object: 'lead',
    title: 'Lead',
    entity: 'customer',
    mapping: LEAD,
    requiredToCreate: [['familyName', 'custom.company']],
    creatable: people === 'lead',
    batch,
  };
  const opportunity: ObjectDeclaration = {
    object: 'opportunity',
    title: 'Opportunity',
    entity: 'deal',
    mapping: OPPORTUNITY,
    requiredToCreate: [['name', 'stage', 'closeDate']],
    creatable: true,
    batch: BATCH,
  };
  const persons = settings.leads || people === 'lead' ? [contact, lead] : [contact];
  return [account, ...persons, opportunity];
}

function both(lines: Readonly<Record<string, string>>): readonly FieldMapping[] {
  return Object.entries(lines).map(([field, property]) => ({ field, property, direction: 'both' }));
}

function pulled(lines: Readonly<Record<string, string>>): readonly FieldMapping[] {
  return Object.entries(lines).map(([field, property]) => ({ field, property, direction: 'pull' }));
}

/** Street, city, state, postal code and country: Mailing, Billing, or bare on leads. */
function address(prefix: string): readonly FieldMapping[] {
  return both({
    'address.street': `${prefix}Street`,
    'address.city': `${prefix}City`,
    'address.region': `${prefix}State`,
    'address.postalCode': `${prefix}PostalCode`,
    'address.country': `${prefix}Country`,
  });
}

const PERSON = both({
  honorific: 'Salutation',
  givenName: 'FirstName',
  familyName: 'LastName',
  email: 'Email',
  phone: 'Phone',
  mobilePhone: 'MobilePhone',
  jobTitle: 'Title',
});

/** Opting out says no; not having opted out says nothing. */
const OPTED_OUT: FieldMapping = {
  field: 'consent.status',
  property: 'HasOptedOutOfEmail',
  direction: 'pull',
  values: { true: 'denied', false: '' },
};

const CONTACT: readonly FieldMapping[] = [
  ...PERSON,
  ...both({ department: 'Department' }),
  ...address('Mailing'),
  ...both({ birthday: 'Birthdate', account: 'AccountId' }),
  ...pulled({ owner: 'OwnerId', source: 'LeadSource' }),
  OPTED_OUT,
];

const LEAD: readonly FieldMapping[] = [
  ...PERSON,
  ...both({ 'custom.company': 'Company', website: 'Website' }),
  ...address(''),
  ...pulled({ owner: 'OwnerId', source: 'LeadSource' }),
  OPTED_OUT,
];

const ACCOUNT: readonly FieldMapping[] = [
  ...both({
    name: 'Name',
    website: 'Website',
    phone: 'Phone',
    industry: 'Industry',
    size: 'NumberOfEmployees',
    'revenue.amount': 'AnnualRevenue',
    description: 'Description',
  }),
  ...address('Billing'),
  ...both({ parent: 'ParentId' }),
  ...pulled({ owner: 'OwnerId' }),
];

/** Probability, forecast category and what is closed or won follow the stage: they are not written. */
const OPPORTUNITY: readonly FieldMapping[] = [
  ...both({
    name: 'Name',
    amount: 'Amount',
    currency: 'CurrencyIsoCode',
    stage: 'StageName',
    closeDate: 'CloseDate',
    description: 'Description',
    account: 'AccountId',
    customers: 'OpportunityContactRoles',
  }),
  // Owners who left have no user in the other system: written only where a mapping says so.
  ...pulled({ owner: 'OwnerId' }),
];
