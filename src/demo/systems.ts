/** The two sandboxes seen from outside: what their own stores hold, and what they were asked. Never the hub's view. */
import type { Sandbox as HubSpot } from '../../connectors/hubspot/sandbox/index.js';
import { PIPELINES } from '../../connectors/hubspot/sandbox/pipelines.js';
import type { Sandbox as Salesforce } from '../../connectors/salesforce/sandbox/index.js';
import type { Entity, JsonValue } from '../sdk/index.js';

/** A record as its system holds it. Links are ids of records in the same system. */
export interface HeldRecord {
  readonly id: string;
  /** By the connector's name of the object. */
  readonly object: string;
  readonly values: Readonly<Record<string, JsonValue>>;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly writes: boolean;
}

export interface System {
  /** Name of its connection. */
  readonly connection: string;
  readonly title: string;
  records(entity: Entity): readonly HeldRecord[];
  calls(): readonly Call[];
  /** Properties that the report counts. */
  readonly columns: {
    readonly email: string;
    readonly phone: string;
    readonly job: string;
    readonly company: string;
  };
}

export function salesforceSystem({ control }: Salesforce): System {
  return {
    connection: 'salesforce',
    title: 'Salesforce',
    records: (entity) => {
      const [type, object] = SALESFORCE[entity];
      const contacts = Map.groupBy(
        entity === 'deal' ? control.records('OpportunityContactRole') : [],
        (role) => String(role['OpportunityId']),
      );
      return control.records(type).map((row) => {
        const id = String(row['Id']);
        const more = entity === 'deal' ? dealOf(contacts.get(id) ?? []) : {};
        return { id, object, values: { ...row, ...more } };
      });
    },
    calls: () =>
      control.requests().map(({ method, path }) => ({
        method,
        path,
        writes: method !== 'GET' && /\/(?:composite\/)?sobjects\b/.test(path),
      })),
    columns: { email: 'Email', phone: 'Phone', job: 'Title', company: 'AccountId' },
  };
}

export function hubSpotSystem({ control }: HubSpot): System {
  return {
    connection: 'hubspot',
    title: 'HubSpot',
    records: (entity) => {
      const [plural, object] = HUBSPOT[entity];
      return control
        .records(plural)
        .filter((record) => !record.archived)
        .map(({ id, properties, companyId, contactIds }) => ({
          id,
          object,
          values: {
            ...properties,
            ...(entity === 'deal' ? hubSpotDeal(properties, contactIds) : {}),
            associatedcompanyid: companyId,
          },
        }));
    },
    calls: () =>
      control.calls().map(({ method, path }) => ({
        method,
        path,
        writes: method !== 'GET' && !/\/(?:search|read)$/.test(path) && !path.startsWith('/oauth/'),
      })),
    columns: { email: 'email', phone: 'phone', job: 'jobtitle', company: 'associatedcompanyid' },
  };
}

const SALESFORCE = {
  customer: ['Contact', 'contact'],
  account: ['Account', 'account'],
  deal: ['Opportunity', 'opportunity'],
} as const;

const HUBSPOT = {
  customer: ['contacts', 'contact'],
  account: ['companies', 'company'],
  deal: ['deals', 'deal'],
} as const;

/** The sandboxes' currency: neither writes it on a deal that is in it. */
const CURRENCY = 'EUR';

function dealOf(roles: readonly Readonly<Record<string, JsonValue>>[]): Readonly<Record<string, JsonValue>> {
  return {
    CurrencyIsoCode: CURRENCY,
    OpportunityContactRoles: roles.map((role) => role['ContactId'] ?? null),
  };
}

/** As people see it there: stages by their labels, the day of the close date. */
function hubSpotDeal(
  properties: Readonly<Record<string, string>>,
  contactIds: readonly string[],
): Readonly<Record<string, JsonValue>> {
  const stages = PIPELINES.flatMap((pipeline) => pipeline.stages);
  return {
    deal_currency_code: properties['deal_currency_code'] ?? CURRENCY,
    dealstage: stages.find(({ id }) => id === properties['dealstage'])?.label ?? null,
    closedate: properties['closedate']?.slice(0, 10) ?? null,
    associatedcontactids: contactIds,
  };
}
