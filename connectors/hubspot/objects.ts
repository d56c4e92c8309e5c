/** The objects this connector syncs, with their default mappings. Only properties that every portal has. */
import type { Direction, FieldMapping, ObjectDeclaration } from '../../src/sdk/index.js';

export type ObjectName = 'company' | 'contact';

/** The contact's primary company: held by the associations API, shown to the hub as a property. */
export const COMPANY_LINK = 'associatedcompanyid';

/** What HubSpot calls an object, and the properties that differ from one to the other. */
export interface ObjectFacts {
  readonly object: ObjectName;
  /** In paths: `/crm/v3/objects/contacts`. */
  readonly plural: 'companies' | 'contacts';
  readonly typeId: '0-1' | '0-2';
  /** Contacts keep the date of the last change in a property of their own. */
  readonly modified: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** Ids of records merged into this one; which of them a portal has depends on its age. */
  readonly merged: readonly string[];
  readonly scope: 'companies' | 'contacts';
}

const FACTS: Readonly<Record<ObjectName, ObjectFacts>> = {
  company: {
    object: 'company',
    plural: 'companies',
    typeId: '0-2',
    modified: 'hs_lastmodifieddate',
    merged: ['hs_merged_object_ids'],
    scope: 'companies',
  },
  contact: {
    object: 'contact',
    plural: 'contacts',
    typeId: '0-1',
    modified: 'lastmodifieddate',
    merged: ['hs_merged_object_ids', 'hs_calculated_merged_vids'],
    scope: 'contacts',
  },
};

export const OBJECT_NAMES: readonly ObjectName[] = ['company', 'contact'];

/** Throws on a name that {@link objectDeclarations} never gave out. */
export function factsOf(object: string): ObjectFacts {
  if (object === 'company' || object === 'contact') return FACTS[object];
  throw new TypeError(`HubSpot has no object "${object}" here; there are ${OBJECT_NAMES.join(' and ')}.`);
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

/** Records in one `read` and one `push` call; the connector cuts them into HubSpot's batches of 50 and 100. */
export const PUSH_BATCH = 400;
const BATCH = { read: 500, push: PUSH_BATCH };

/** Companies come first: contacts point at them. */
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
  ];
}
