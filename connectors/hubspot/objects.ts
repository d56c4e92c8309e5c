/** The objects this connector syncs, with their default mappings. Only properties that every portal has. */
import type { Direction, FieldMapping, ObjectDeclaration } from '../../src/sdk/index.js';
import type { LinkFacts } from './links.js';

export type ObjectName = 'company' | 'contact' | 'deal';

/** The primary company of a contact or a deal: held by the associations API, shown to the hub as a property. */
export const COMPANY_LINK = 'associatedcompanyid';
/** The contacts of a deal, likewise. */
export const CONTACTS_LINK = 'associatedcontactids';

const COMPANY_OF = {
  property: COMPANY_LINK,
  title: 'Primary company',
  to: 'company',
  toPlural: 'companies',
  kind: 'primary',
} as const;

/** What HubSpot calls an object, and the properties that differ from one to the other. */
export interface ObjectFacts {
  readonly object: ObjectName;
  /** In paths: `/crm/v3/objects/contacts`. */
  readonly plural: 'companies' | 'contacts' | 'deals';
  readonly typeId: '0-1' | '0-2' | '0-3';
  /** Contacts keep the date of the last change in a property of their own. */
  readonly modified: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** Ids of records merged into this one; which of them a portal has depends on its age. */
  readonly merged: readonly string[];
  readonly scope: 'companies' | 'contacts' | 'deals';
  readonly links: readonly LinkFacts[];
}

const FACTS: Readonly<Record<ObjectName, ObjectFacts>> = {
  company: {
    object: 'company',
    plural: 'companies',
    typeId: '0-2',
    modified: 'hs_lastmodifieddate',
    merged: ['hs_merged_object_ids'],
    scope: 'companies',
    links: [],
  },
  contact: {
    object: 'contact',
    plural: 'contacts',
    typeId: '0-1',
    modified: 'lastmodifieddate',
    merged: ['hs_merged_object_ids', 'hs_calculated_merged_vids'],
    scope: 'contacts',
    links: [{ ...COMPANY_OF, typeId: 1, listed: 'contact_to_company' }],
  },
  deal: {
    object: 'deal',
    plural: 'deals',
    typeId: '0-3',
    modified: 'hs_lastmodifieddate',
    merged: ['hs_merged_object_ids'],
    scope: 'deals',
    links: [
      { ...COMPANY_OF, typeId: 5, listed: 'deal_to_company' },
      {
        property: CONTACTS_LINK,
        title: 'Contacts',
        to: 'contact',
        toPlural: 'contacts',
        typeId: 3,
        listed: 'deal_to_contact',
        kind: 'list',
      },
    ],
  },
};

export const OBJECT_NAMES: readonly ObjectName[] = ['company', 'contact', 'deal'];

/** Throws on a name that {@link objectDeclarations} never gave out. */
export function factsOf(object: string): ObjectFacts {
  if (object === 'company' || object === 'contact' || object === 'deal') return FACTS[object];
  throw new TypeError(`HubSpot has no object "${object}" here; there are ${OBJECT_NAMES.join(', ')}.`);
}

function line(field: string, property: string, direction: Direction = 'both'): FieldMapping {
  return { field, property, direction };
}

const ADDRESS: readonly FieldMapping[] = [
  line('address.street', 'address'),
  line('address.city', 'city'),
  line('address.region', 'state'),
  line('address.postalCode', 'zip'),
  line('address.country', 'country'),
];

const COMPANY: readonly FieldMapping[] = [
  line('name', 'name'),
  line('domain', 'domain'),
  line('industry', 'industry', 'pull'),
  line('size', 'numberofemployees'),
  line('revenue.amount', 'annualrevenue'),
  line('phone', 'phone'),
  line('website', 'website'),
  line('description', 'description'),
  ...ADDRESS,
  line('parent', 'hs_parent_company_id', 'pull'),
  line('owner', 'hubspot_owner_id', 'pull'),
];

const CONTACT: readonly FieldMapping[] = [
  line('honorific', 'salutation'),
  line('givenName', 'firstname'),
  line('familyName', 'lastname'),
  line('email', 'email'),
  line('emails', 'hs_additional_emails', 'pull'),
  line('phone', 'phone'),
  line('mobilePhone', 'mobilephone'),
  line('jobTitle', 'jobtitle'),
  ...ADDRESS,
  // Lists of choices that each portal words in its own way: written only where a mapping says how.
  line('language', 'hs_language', 'pull'),
  line('lifecycleStage', 'lifecyclestage', 'pull'),
  line('website', 'website'),
  line('social.x', 'twitterhandle'),
  line('owner', 'hubspot_owner_id', 'pull'),
  line('account', COMPANY_LINK),
];

export const STAGE = 'dealstage';
export const PIPELINE = 'pipeline';
export const CURRENCY = 'deal_currency_code';
export const CLOSE_DATE = 'closedate';

/** Stages and pipelines cross the border by their labels, close dates as days. */
const DEAL: readonly FieldMapping[] = [
  line('name', 'dealname'),
  line('amount', 'amount'),
  line('currency', CURRENCY),
  line('pipeline', PIPELINE),
  line('stage', STAGE),
  line('closeDate', CLOSE_DATE),
  line('description', 'description'),
  // Owners who left have no user in the other system: written only where a mapping says so.
  line('owner', 'hubspot_owner_id', 'pull'),
  line('account', COMPANY_LINK),
  line('customers', CONTACTS_LINK),
];

/** Records in one `read` and one `push` call; the connector cuts them into HubSpot's batches of 50 and 100. */
export const PUSH_BATCH = 1_000;
const BATCH = { read: 500, push: PUSH_BATCH };

/** Companies come first, for contacts point at them; deals point at both. */
export function objectDeclarations(): readonly ObjectDeclaration[] {
  return [
    {
      object: 'company',
      title: 'Companies',
      entity: 'account',
      mapping: COMPANY,
      requiredToCreate: [['name'], ['domain']],
      creatable: true,
      batch: BATCH,
    },
    {
      object: 'contact',
      title: 'Contacts',
      entity: 'customer',
      mapping: CONTACT,
      requiredToCreate: [['email'], ['givenName'], ['familyName']],
      creatable: true,
      batch: BATCH,
    },
    {
      object: 'deal',
      title: 'Deals',
      entity: 'deal',
      mapping: DEAL,
      requiredToCreate: [['name', 'stage']],
      creatable: true,
      batch: BATCH,
    },
  ];
}
