/** The configuration of a hub between the two sandboxes. What a test says stands in for the usual. */
import type { JsonObject, JsonValue } from '../../../src/sdk/index.js';

type Direction = 'pull' | 'push' | 'both' | 'none';

export interface Policy {
  readonly direction?: Direction;
  readonly create?: boolean;
  readonly onDelete?: 'keep' | 'withdraw' | 'archive';
  readonly unique?: boolean;
  readonly onErase?: 'delete' | 'archive' | 'keep';
  readonly onErased?: 'ask' | 'erase';
  readonly filter?: readonly JsonObject[];
  readonly breaker?: false | { readonly percent?: number; readonly atLeast?: number };
}

export interface ConnectionSetup {
  readonly customer?: Policy;
  readonly account?: Policy;
  /** Deals are synced where this is given. */
  readonly deal?: Policy;
  readonly settings?: JsonObject;
  readonly credentials?: JsonObject;
}

export interface Setup {
  /** `absent`: the file does not name it. */
  readonly salesforce?: ConnectionSetup | 'absent';
  readonly hubspot?: ConnectionSetup | 'absent';
  readonly survivorship?: Readonly<Record<string, JsonValue>>;
  readonly mapping?: Readonly<Record<string, JsonValue>>;
  readonly limits?: Readonly<Record<string, { readonly dailyCallsPercent: number }>>;
}

export interface Systems {
  readonly salesforce: {
    readonly url: string;
    readonly account: { readonly clientId: string; readonly clientSecret: string };
  };
  readonly hubspot: { readonly url: string; readonly token: string; readonly clientSecret: string };
}

/** JSON is YAML too. */
export function configurationOf(setup: Setup, systems: Systems): string {
  const { salesforce = {}, hubspot = {} } = setup;
  const connections = [
    ...(salesforce === 'absent' ? [] : [salesforceConnection(salesforce, systems)]),
    ...(hubspot === 'absent' ? [] : [hubspotConnection(hubspot, systems)]),
  ];
  return JSON.stringify({
    connections,
    survivorship: { default: 'most-recent', ...setup.survivorship },
    ...(setup.mapping && { mapping: setup.mapping }),
    ...(setup.limits && { limits: setup.limits }),
  });
}

function salesforceConnection(given: ConnectionSetup, { salesforce }: Systems): object {
  const { clientId, clientSecret } = salesforce.account;
  return {
    name: 'salesforce',
    connector: 'salesforce',
    settings: { loginUrl: salesforce.url, apiVersion: '62.0', ...given.settings },
    credentials: given.credentials ?? { grantType: 'client_credentials', clientId, clientSecret },
    sync: policies(given),
  };
}

function hubspotConnection(given: ConnectionSetup, { hubspot }: Systems): object {
  return {
    name: 'hubspot',
    connector: 'hubspot',
    settings: { baseUrl: hubspot.url, ...given.settings },
    credentials: given.credentials ?? { accessToken: hubspot.token },
    webhooks: { clientSecret: hubspot.clientSecret },
    sync: policies(given),
  };
}

function policies({ customer, account, deal }: ConnectionSetup): object {
  const usual = { direction: 'both', create: true };
  return {
    customer: { ...usual, ...customer },
    account: { ...usual, ...account },
    ...(deal && { deal: { ...usual, ...deal } }),
  };
}
