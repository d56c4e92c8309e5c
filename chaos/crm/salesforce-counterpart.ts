import type { JsonObject } from '../../src/sdk/index.js';
import type { PlannedSystem } from '../plan/plan.js';
import type { Played, PlannedFault, Values } from '../plan/steps.js';
import { control } from './control.js';
import { Refused, type Crm, type HeldRecord, type SeedRow } from './crm.js';
import { mappingOf, toFields, toProperties } from './fields.js';

const DAY_MS = 86_400_000;
const SLOW_MS = 600;
const TYPES: Readonly<Record<Played, string>> = { customer: 'Contact', account: 'Account' };

/** A Salesforce of other hands, driven by the control plane that its README describes. */
export class SalesforceCounterpart implements Crm {
  private readonly mapping = mappingOf('salesforce');
  readonly fields = {
    customer: [...this.mapping.customer.keys()],
    account: [...this.mapping.account.keys()],
  };
  readonly name: string;

  constructor(
    private readonly system: PlannedSystem,
    private readonly url: string,
  ) {
    this.name = system.name;
  }

  async setClock(): Promise<void> {
    await this.call('clock', { advanceSeconds: this.system.clockOffsetMs / 1000 });
  }

  async connection(): Promise<JsonObject> {
    return {
      connector: 'salesforce',
      settings: {
        loginUrl: this.url,
        apiVersion: '62.0',
        ...(this.system.hubId && { externalIdField: 'External_Id__c' }),
      },
      credentials: {
        grantType: 'client_credentials',
        clientId: 'holdout-client',
        clientSecret: 'holdout-secret',
      },
    };
  }

  async seed(entity: Played, rows: readonly SeedRow[]): Promise<readonly string[]> {
    const records = rows.map(({ values, companyId, daysAgo }) => {
      const at = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
      return {
        type: TYPES[entity],
        ...this.properties(entity, values),
        ...(companyId !== undefined && { AccountId: companyId }),
        ...{ CreatedDate: at, LastModifiedDate: at, SystemModstamp: at },
      };
    });
    return ((await this.call('load', { records })) as { ids: readonly string[] }).ids;
  }

  async create(entity: Played, values: Values): Promise<string> {
    return this.edited({ op: 'create', sobject: TYPES[entity], fields: this.properties(entity, values) });
  }

  async edit(entity: Played, id: string, values: Values): Promise<void> {
    await this.edited({ id, fields: this.properties(entity, values) });
  }

  async link(personId: string, companyId: string | null): Promise<void> {
    await this.edited({ id: personId, fields: { AccountId: companyId } });
  }

  async remove(personId: string): Promise<void> {
    await this.edited({ op: 'delete', id: personId });
  }

  async merge(personId: string, otherId: string): Promise<string> {
    return this.edited({ op: 'merge', id: personId, losers: [otherId], fields: {} });
  }

  async records(entity: Played): Promise<readonly HeldRecord[]> {
    const type = TYPES[entity];
    const state = await control(this.url, { method: 'GET', path: `state?sobject=${type}` });
    const rows = (state as Record<string, readonly JsonObject[]>)[type] ?? [];
    return rows
      .filter((row) => row['IsDeleted'] !== true)
      .map((row) => ({ id: row['Id'] as string, entity, values: toFields(this.mapping[entity], row) }));
  }

  async fault(fault: PlannedFault): Promise<void> {
    await this.call('faults', faultOf(fault));
  }

  async expire(): Promise<void> {
    await this.call('sessions/expire', {});
  }

  async sendWebhooks(): Promise<void> {
    // It has none: what changes is found by polling.
  }

  async calmDown(): Promise<void> {
    await control(this.url, { method: 'DELETE', path: 'faults' });
  }

  async writes(): Promise<readonly string[]> {
    const log = await control(this.url, { method: 'GET', path: 'log?limit=100000' });
    const { entries } = log as unknown as { entries: readonly { method: string; path: string }[] };
    return entries
      .filter(({ method, path }) => method !== 'GET' && /\/sobjects\b/.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  }

  private properties(entity: Played, values: Values): Values {
    return toProperties(this.mapping[entity], values);
  }

  /** One edit; a refusal comes within the answer. */
  private async edited(edit: object): Promise<string> {
    const answer = (await this.call('edit', { ...edit, user: 'rep' })) as {
      results: readonly { id?: string; error?: string; message?: string }[];
    };
    const [result] = answer.results;
    if (result?.id === undefined) throw new Refused(`${String(result?.error)}: ${String(result?.message)}`);
    return result.id;
  }

  private async call(path: string, body: object): ReturnType<typeof control> {
    return control(this.url, { path, body });
  }
}

function faultOf({ kind, on, times, after }: PlannedFault): object {
  const where = { any: '/services/', writes: '/composite/sobjects', reads: '/query' }[on];
  const base = { match: { path: where }, times, after };
  switch (kind) {
    case 'throttled':
      return {
        ...base,
        kind: 'error',
        status: 429,
        errorCode: 'REQUEST_LIMIT_EXCEEDED',
        message: 'too many calls',
        headers: { 'retry-after': '1' },
      };
    case 'refused':
      return { ...base, kind: 'error', status: 403, errorCode: 'INSUFFICIENT_ACCESS', message: 'no access' };
    case 'failing':
      return { ...base, kind: 'error', status: 500, errorCode: 'UNKNOWN_EXCEPTION', message: 'it failed' };
    case 'down':
      return { ...base, kind: 'maintenance' };
    case 'locked':
      return { ...base, kind: 'lockRow', every: 1 };
    case 'reset':
      return { ...base, kind: 'reset' };
    case 'cut-off':
      return { ...base, kind: 'resetMidBody' };
    case 'malformed':
      return { ...base, kind: 'malformedJson' };
    case 'slow':
      return { ...base, kind: 'slow', ms: SLOW_MS };
    case 'lost':
      return { ...base, kind: 'lostAck', mode: 'reset' };
  }
}
