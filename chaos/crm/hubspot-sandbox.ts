import {
  SANDBOX_CLIENT_SECRET,
  type Fault,
  type RecordView,
} from '../../connectors/hubspot/sandbox/index.js';
import type { JsonObject } from '../../src/sdk/index.js';
import type { PlannedSystem } from '../plan/plan.js';
import type { PlannedFault, Values, Played } from '../plan/steps.js';
import { control } from './control.js';
import type { Crm, HeldRecord, SeedRow } from './crm.js';
import { mappingOf, toFields, toProperties } from './fields.js';
import type { Opened } from './salesforce-sandbox.js';

const DAY_MS = 86_400_000;
const OBJECTS: Readonly<Record<Played, string>> = { customer: 'contacts', account: 'companies' };
const LINK = 'associatedcompanyid';
const HUB_ID = 'rapport_id';
const SLOW_MS = 600;
const WRITES = ['/batch/create', '/batch/update', '/batch/upsert'];

/** The sandbox of the HubSpot connector, in a process of its own. */
export class HubSpotSandbox implements Crm {
  private readonly mapping = mappingOf('hubspot');
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
    const { hubId } = this.system;
    if (hubId) {
      for (const object of Object.values(OBJECTS))
        await this.call('defineProperty', object, { name: HUB_ID, hasUniqueValue: true });
    }
    return {
      connector: 'hubspot',
      settings: { baseUrl: this.opened.url, ...(hubId && { hubIdProperty: HUB_ID }) },
      credentials: this.opened.credentials,
      webhooks: { clientSecret: SANDBOX_CLIENT_SECRET },
    };
  }

  async seed(entity: Played, rows: readonly SeedRow[]): Promise<readonly string[]> {
    const records = rows.map(({ values, companyId, daysAgo }) => {
      const at = Date.now() - daysAgo * DAY_MS;
      return {
        properties: this.properties(entity, values),
        createdAt: at,
        updatedAt: at,
        ...(companyId !== undefined && { companyId }),
      };
    });
    return (await this.call('seed', OBJECTS[entity], records)) as readonly string[];
  }

  async create(entity: Played, values: Values): Promise<string> {
    const made = { properties: this.properties(entity, values) };
    return (await this.call('create', OBJECTS[entity], made)) as string;
  }

  async edit(entity: Played, id: string, values: Values): Promise<void> {
    await this.call('edit', OBJECTS[entity], id, this.properties(entity, values));
  }

  async link(personId: string, companyId: string | null): Promise<void> {
    if (companyId !== null) {
      await this.call('associate', personId, companyId);
      return;
    }
    const record = (await this.call('record', OBJECTS.customer, personId)) as unknown as RecordView | null;
    if (record?.companyId != null) await this.call('dissociate', personId, record.companyId);
  }

  async remove(personId: string): Promise<void> {
    await this.call('archive', OBJECTS.customer, personId);
  }

  async merge(personId: string, otherId: string): Promise<string> {
    return (await this.call('merge', OBJECTS.customer, personId, otherId)) as string;
  }

  async records(entity: Played): Promise<readonly HeldRecord[]> {
    const records = (await this.call('records', OBJECTS[entity])) as unknown as readonly RecordView[];
    return records
      .filter(({ archived }) => !archived)
      .map(({ id, properties, companyId }) => ({
        id,
        entity,
        values: toFields(this.mapping[entity], { ...properties, [LINK]: companyId }),
      }));
  }

  async fault(fault: PlannedFault): Promise<void> {
    for (const path of fault.on === 'writes' ? WRITES : [undefined]) {
      const where = fault.on === 'reads' ? { path: '/crm/v3/' } : path === undefined ? {} : { path };
      await this.call('fault', { ...faultOf(fault), ...where, times: fault.times, skip: fault.after });
    }
  }

  async expire(): Promise<void> {
    await this.call('expireTokens');
  }

  async sendWebhooks(hubUrl: string): Promise<void> {
    const { lost, doubled, reordered } = this.system.webhooks;
    await this.call('subscribe', {
      targetUrl: `${hubUrl}/webhooks/${this.name}`,
      clientSecret: SANDBOX_CLIENT_SECRET,
      drop: lost,
      duplicate: doubled,
      reorder: reordered,
    });
  }

  async calmDown(): Promise<void> {
    await this.call('clearFaults');
    await this.call('flushWebhooks');
    await this.call('catchUp');
  }

  async writes(): Promise<readonly string[]> {
    const calls = (await this.call('calls')) as unknown as readonly { method: string; path: string }[];
    return calls
      .filter(({ method, path }) => method !== 'GET' && !/\/(?:search|read)$|^\/oauth\//.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  }

  private properties(entity: Played, values: Values): Record<string, string> {
    const given = toProperties(this.mapping[entity], values);
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? '']));
  }

  private async call(verb: string, ...args: readonly unknown[]): ReturnType<typeof control> {
    return control(this.opened.url, { path: verb, body: args });
  }
}

function faultOf({ kind }: PlannedFault): Fault {
  switch (kind) {
    case 'throttled':
      return { kind: 'status', status: 429, retryAfterSeconds: 1, policyName: 'SECONDLY' };
    case 'refused':
      return { kind: 'status', status: 403 };
    case 'failing':
      return { kind: 'status', status: 500 };
    case 'down':
      return { kind: 'status', status: 503 };
    case 'locked':
      return { kind: 'status', status: 423 };
    case 'reset':
      return { kind: 'reset' };
    case 'cut-off':
      return { kind: 'reset-mid-body' };
    case 'malformed':
      return { kind: 'malformed' };
    case 'slow':
      return { kind: 'slow', ms: SLOW_MS };
    case 'lost':
      return { kind: 'lost-answer' };
  }
}
