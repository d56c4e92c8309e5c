/** The two sandboxes seen from outside: what their own stores hold, and what they were asked. Never the hub's view. */
import type { Sandbox as HubSpot } from '../../connectors/hubspot/sandbox/index.js';
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
      const [type, object] = entity === 'customer' ? ['Contact', 'contact'] : ['Account', 'account'];
      return control.records(type).map((values) => ({ id: String(values['Id']), object, values }));
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
      const [plural, object] =
        entity === 'customer' ? (['contacts', 'contact'] as const) : (['companies', 'company'] as const);
      return control
        .records(plural)
        .filter((record) => !record.archived)
        .map(({ id, properties, companyId }) => ({
          id,
          object,
          values: { ...properties, associatedcompanyid: companyId },
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
