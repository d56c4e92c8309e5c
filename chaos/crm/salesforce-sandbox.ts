import type { Fault } from '../../connectors/salesforce/sandbox/index.js';
import type { JsonObject } from '../../src/sdk/index.js';
import type { PlannedSystem } from '../plan/plan.js';
import type { PlannedFault, Values, Played } from '../plan/steps.js';
import { control } from './control.js';
import type { Crm, HeldRecord, SeedRow } from './crm.js';
import { mappingOf, toFields, toProperties } from './fields.js';

const DAY_MS = 86_400_000;
const TYPES: Readonly<Record<Played, string>> = { customer: 'Contact', account: 'Account' };
const SLOW_MS = 600;

export interface Opened {
  readonly url: string;
  readonly credentials: JsonObject;
}

/** The sandbox of the Salesforce connector, in a process of its own. */
export class SalesforceSandbox implements Crm {
  private readonly mapping = mappingOf('salesforce');
  readonly fields = {
    customer: [...this.mapping.customer.keys()],
    account: [...this.mapping.account.keys()],
  };
  readonly name: string;

  constructor(
    private readonly system: PlannedSystem,
    private readonly opened: Opened,
  ) {
    this.name = system.name;
  }

  async connection(): Promise<JsonObject> {
    return {
      connector: 'salesforce',
      settings: {
        loginUrl: this.opened.url,
        apiVersion: '62.0',
        ...(this.system.hubId && { externalIdField: 'Rapport_Id__c' }),
      },
      credentials: this.opened.credentials,
    };
  }

  async seed(entity: Played, rows: readonly SeedRow[]): Promise<readonly string[]> {
    const loaded = rows.map(({ values, companyId, daysAgo }) => {
      const at = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
      return {
        ...this.properties(entity, values),
        ...(companyId !== undefined && { AccountId: companyId }),
        ...{ CreatedDate: at, LastModifiedDate: at, SystemModstamp: at },
      };
    });
    return (await this.call('load', TYPES[entity], loaded)) as readonly string[];
  }

  async create(entity: Played, values: Values): Promise<string> {
    return (await this.call('create', TYPES[entity], this.properties(entity, values))) as string;
  }

  async edit(entity: Played, id: string, values: Values): Promise<void> {
    await this.call('edit', id, this.properties(entity, values));
  }

  async link(personId: string, companyId: string | null): Promise<void> {
    await this.call('edit', personId, { AccountId: companyId });
  }

  async remove(personId: string): Promise<void> {
    await this.call('remove', personId);
  }

  async merge(personId: string, otherId: string): Promise<string> {
    await this.call('merge', personId, [otherId]);
    return personId;
  }

  async records(entity: Played): Promise<readonly HeldRecord[]> {
    const rows = (await this.call('records', TYPES[entity])) as readonly JsonObject[];
    return rows.map((row) => ({
      id: row['Id'] as string,
      entity,
      values: toFields(this.mapping[entity], row),
    }));
  }

  async fault(fault: PlannedFault): Promise<void> {
    await this.call('fault', faultOf(fault));
  }

  async expire(): Promise<void> {
    await this.call('expireSessions');
  }

  async sendWebhooks(): Promise<void> {
    // It has none: what changes is found by polling.
  }

  async calmDown(): Promise<void> {
    await this.call('clearFaults');
  }

  async writes(): Promise<readonly string[]> {
    const calls = (await this.call('requests')) as unknown as readonly { method: string; path: string }[];
    return calls
      .filter(({ method, path }) => method !== 'GET' && /\/sobjects\b/.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  }

  private properties(entity: Played, values: Values): Values {
    return toProperties(this.mapping[entity], values);
  }

  private async call(command: string, ...args: readonly unknown[]): ReturnType<typeof control> {
    return control(this.opened.url, { path: command, body: args });
  }
}

function faultOf({ kind, on, times, after }: PlannedFault): Fault {
  const where = { any: {}, writes: { path: '/composite/sobjects' }, reads: { path: '/query' } }[on];
  const base = { ...where, times, after };
  switch (kind) {
    case 'throttled':
      return { ...base, kind: 'error', status: 429, code: 'REQUEST_LIMIT_EXCEEDED', retryAfterSeconds: 1 };
    case 'refused':
      return { ...base, kind: 'error', status: 403, code: 'INSUFFICIENT_ACCESS' };
    case 'failing':
      return { ...base, kind: 'error', status: 500, code: 'UNKNOWN_EXCEPTION' };
    case 'down':
      return { ...base, kind: 'maintenance' };
    case 'locked':
      return { ...base, kind: 'record', code: 'UNABLE_TO_LOCK_ROW' };
    case 'reset':
      return { ...base, kind: 'reset' };
    case 'cut-off':
      return { ...base, kind: 'resetMidBody' };
    case 'malformed':
      return { ...base, kind: 'malformed' };
    case 'slow':
      return { ...base, kind: 'slow', ms: SLOW_MS };
    case 'lost':
      return { ...base, kind: 'lostAnswer' };
  }
}
