import type { JsonObject, JsonValue } from '../../src/sdk/index.js';
import type { PlannedSystem } from '../plan/plan.js';
import type { Played, PlannedFault, Values } from '../plan/steps.js';
import { control } from './control.js';
import { Refused, type Crm, type HeldRecord, type SeedRow } from './crm.js';
import { mappingOf, toFields, toProperties } from './fields.js';

export const TOKEN = 'pat-chaos';
const CLIENT_SECRET = 'fake-client-secret';
const DAY_MS = 86_400_000;
const SLOW_MS = 600;
const HUB_ID = 'rapport_id';
const OBJECTS: Readonly<Record<Played, string>> = { customer: 'contacts', account: 'companies' };
/** Type id of a contact's primary company. */
const PRIMARY = 1;

interface Dumped {
  readonly id: string;
  readonly archived: boolean;
  readonly properties: Readonly<Record<string, JsonValue>>;
  readonly associations?: {
    readonly companies?: readonly { readonly id: string; readonly typeIds: readonly number[] }[];
  };
}

/** A HubSpot of other hands, driven by the control plane that its README describes. */
export class HubSpotCounterpart implements Crm {
  private readonly mapping = mappingOf('hubspot');
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
    await this.call('POST', 'clock', { offsetMs: this.system.clockOffsetMs });
  }

  async connection(): Promise<JsonObject> {
    const { hubId } = this.system;
    if (hubId) {
      const property = {
        name: HUB_ID,
        label: 'Hub',
        type: 'string',
        fieldType: 'text',
        hasUniqueValue: true,
      };
      const groups = { contacts: 'contactinformation', companies: 'companyinformation' };
      for (const [objectType, groupName] of Object.entries(groups))
        await this.call('POST', 'properties', { objectType, groupName, ...property });
    }
    return {
      connector: 'hubspot',
      settings: { baseUrl: this.url, ...(hubId && { hubIdProperty: HUB_ID }) },
      credentials: { accessToken: TOKEN },
      webhooks: { clientSecret: CLIENT_SECRET },
    };
  }

  async seed(entity: Played, rows: readonly SeedRow[]): Promise<readonly string[]> {
    const type = OBJECTS[entity];
    const before = await this.dump(entity);
    const objects = rows.map(({ values, daysAgo }) => {
      const at = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
      return { properties: this.properties(entity, values), createdAt: at, updatedAt: at };
    });
    await this.call('POST', 'load', { objects: { [type]: objects } });
    const known = new Set(before.map(({ id }) => id));
    // Ids are given out in order.
    const ids = (await this.dump(entity)).map(({ id }) => id).filter((id) => !known.has(id));
    ids.sort((a, b) => Number(a) - Number(b));
    const associations = rows.flatMap(({ companyId }, place) =>
      companyId === undefined ? [] : [{ ...between(ids[place] ?? '', companyId), typeId: PRIMARY }],
    );
    if (associations.length > 0) await this.call('POST', 'load', { objects: {}, associations });
    return ids;
  }

  async create(entity: Played, values: Values): Promise<string> {
    const { records } = (await this.call('POST', 'create', {
      objectType: OBJECTS[entity],
      properties: this.properties(entity, values),
    })) as unknown as { records: readonly { id: string }[] };
    const [made] = records;
    if (made === undefined) throw new Refused('nothing was made');
    return made.id;
  }

  async edit(entity: Played, id: string, values: Values): Promise<void> {
    const properties = this.properties(entity, values);
    await this.call('POST', 'edit', { objectType: OBJECTS[entity], id, properties });
  }

  async link(personId: string, companyId: string | null): Promise<void> {
    if (companyId !== null) {
      await this.call('POST', 'associate', { ...between(personId, companyId), typeIds: [PRIMARY] });
      return;
    }
    const record = (await this.dump('customer')).find(({ id }) => id === personId);
    const company = record && primaryCompany(record);
    if (company != null) await this.call('POST', 'disassociate', between(personId, company));
  }

  async remove(personId: string): Promise<void> {
    await this.call('POST', 'delete', { objectType: OBJECTS.customer, id: personId });
  }

  async merge(personId: string, otherId: string): Promise<string> {
    const merged = await this.call('POST', 'merge', {
      objectType: OBJECTS.customer,
      primaryObjectId: personId,
      objectIdToMerge: otherId,
    });
    return (merged as { id: string }).id;
  }

  async records(entity: Played): Promise<readonly HeldRecord[]> {
    return (await this.dump(entity))
      .filter(({ archived }) => !archived)
      .map((record) => ({
        id: record.id,
        entity,
        values: toFields(this.mapping[entity], {
          ...record.properties,
          associatedcompanyid: primaryCompany(record),
        }),
      }));
  }

  async fault(fault: PlannedFault): Promise<void> {
    await this.call('POST', 'faults', { rules: [faultOf(fault)] });
  }

  async expire(): Promise<void> {
    await this.call('POST', 'oauth/expire', {});
  }

  async sendWebhooks(hubUrl: string): Promise<void> {
    const { lost, doubled, reordered } = this.system.webhooks;
    const changes = ['contact', 'company'].flatMap((object) => [
      ...['creation', 'deletion', 'merge', 'restore'].map((what) => `${object}.${what}`),
      ...['phone', 'city', 'address'].map((propertyName) => ({
        subscriptionType: `${object}.propertyChange`,
        propertyName,
      })),
    ]);
    await this.call('POST', 'webhooks', {
      targetUrl: `${hubUrl}/webhooks/${this.name}`,
      clientSecret: CLIENT_SECRET,
      subscriptions: changes,
      delivery: {
        dropProbability: lost,
        duplicateProbability: doubled,
        reorder: reordered,
        retryDelayMs: 50,
        retryFactor: 1,
      },
    });
  }

  async calmDown(): Promise<void> {
    await this.call('DELETE', 'faults');
    await this.call('POST', 'webhooks/flush', {});
    await this.call('POST', 'index/flush', {});
  }

  async writes(): Promise<readonly string[]> {
    const log = await this.call('GET', 'log?limit=100000');
    const { entries } = log as unknown as { entries: readonly { method: string; path: string }[] };
    return entries
      .filter(({ method, path }) => method !== 'GET' && !/\/(?:search|read)\b|\/oauth\//.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  }

  private async dump(entity: Played): Promise<readonly Dumped[]> {
    const type = OBJECTS[entity];
    const { objects } = (await this.call('GET', `dump?type=${type}`)) as unknown as {
      objects: Readonly<Record<string, readonly Dumped[]>>;
    };
    return objects[type] ?? [];
  }

  private properties(entity: Played, values: Values): Record<string, string> {
    const given = toProperties(this.mapping[entity], values);
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? '']));
  }

  private async call(method: string, path: string, body?: object): ReturnType<typeof control> {
    return control(this.url, { method, path, ...(body !== undefined && { body }) });
  }
}

function between(contactId: string, companyId: string): object {
  return { from: { type: 'contacts', id: contactId }, to: { type: 'companies', id: companyId } };
}

function primaryCompany({ associations }: Dumped): string | null {
  return associations?.companies?.find(({ typeIds }) => typeIds.includes(PRIMARY))?.id ?? null;
}

function faultOf({ kind, on, times, after }: PlannedFault): object {
  const path = { any: '/crm/', writes: 'batch/(create|update|upsert)', reads: '/crm/v3/' }[on];
  const base = { match: { path }, times, skip: after };
  switch (kind) {
    case 'throttled':
      return { ...base, kind: 'status', status: 429, retryAfter: 1, policyName: 'SECONDLY' };
    case 'refused':
      return { ...base, kind: 'status', status: 403 };
    case 'failing':
      return { ...base, kind: 'status', status: 502 };
    case 'down':
      return { ...base, kind: 'status', status: 503 };
    case 'locked':
      return { ...base, kind: 'partialBatchFailure', ratio: 0.5 };
    case 'reset':
      return { ...base, kind: 'reset' };
    case 'cut-off':
      return { ...base, kind: 'resetMidBody' };
    case 'malformed':
      return { ...base, kind: 'malformedJson' };
    case 'slow':
      return { ...base, kind: 'slow', ms: SLOW_MS };
    case 'lost':
      return { ...base, kind: 'lostAck', answer: 'reset' };
  }
}
