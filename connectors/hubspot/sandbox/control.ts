/** The sandbox's other side: what people do in the portal, and what an administrator of the test wants to happen. */
import { PRIMARY, primaryCompanyOf } from './computed.js';
import type { Fault, Faults } from './faults.js';
import type { Limits } from './limits.js';
import type { NewDefinition, SandboxObject } from './schema.js';
import type { Store } from './store.js';
import type { LinkEnd, StoredRecord } from './types.js';
import type { Tokens } from './tokens.js';
import type { WebhookOptions, Webhooks } from './webhooks.js';

export interface NewRecord {
  readonly properties: Readonly<Record<string, string>>;
  /** ms since 1970; now unless told. */
  readonly createdAt?: number;
  readonly updatedAt?: number;
  /** Contacts and deals: id of the primary company. */
  readonly companyId?: string;
  /** Deals: ids of contacts. */
  readonly contactIds?: readonly string[];
}

/** A record as it stands. */
export interface RecordView {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archived: boolean;
  /** Primary company. */
  readonly companyId: string | null;
  /** Contacts of a deal. */
  readonly contactIds: readonly string[];
}

export interface LoggedCall {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Each takes effect at once. Times are ms since 1970. */
export interface Control {
  /** Many records at once: searchable at once, no webhooks. Answers with their ids. */
  seed(object: SandboxObject, records: readonly NewRecord[]): readonly string[];
  create(object: SandboxObject, record: NewRecord): string;
  edit(object: SandboxObject, id: string, properties: Readonly<Record<string, string>>, at?: number): void;
  archive(object: SandboxObject, id: string): void;
  restore(object: SandboxObject, id: string): void;
  erase(object: SandboxObject, id: string): void;
  /** Answers with the id of the record both became. */
  merge(object: SandboxObject, primaryId: string, otherId: string): string;
  /** Makes the company the contact's primary one. */
  associate(contactId: string, companyId: string): void;
  dissociate(contactId: string, companyId: string): void;
  /** Links a deal to a contact, or makes a company its primary one. */
  associateDeal(dealId: string, end: LinkEnd, otherId: string): void;
  dissociateDeal(dealId: string, end: LinkEnd, otherId: string): void;
  defineProperty(object: SandboxObject, definition: NewDefinition): void;
  /** undefined when there is none by that id. */
  record(object: SandboxObject, id: string): RecordView | undefined;
  records(object: SandboxObject): readonly RecordView[];
  fault(fault: Fault): void;
  clearFaults(): void;
  expireTokens(): void;
  revokeTokens(): void;
  /** A refresh token, as installing an OAuth app gives it. */
  install(): string;
  subscribe(options: WebhookOptions): void;
  unsubscribe(): void;
  /** Resolves when all webhooks were taken or given up; the statuses of all attempts so far. */
  flushWebhooks(): Promise<readonly number[]>;
  /** Search knows everything from now on. */
  catchUp(): void;
  /** So many calls of today were made by other programs. */
  useByOthers(calls: number): void;
  /** It is midnight in the account: calls are counted from nothing. */
  newDay(): void;
  /** Calls of today, by whatever program. */
  used(): number;
  /** Puts the portal's clock forward against ours, or back; its answers say so in `Date`. */
  advance(ms: number): void;
  /** Calls of the API so far, oldest first. */
  calls(): readonly LoggedCall[];
}

export function createControl(parts: {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly calls: readonly LoggedCall[];
  readonly limits: Limits;
  readonly clock: { ahead: number };
  /** Runs work whose changes no webhook tells of. */
  readonly quietly: (work: () => void) => void;
}): Control {
  const { store, tokens, faults, webhooks } = parts;
  const person = { source: 'CRM_UI' } as const;
  const own = (object: SandboxObject, id: string): StoredRecord => {
    const record = store.records[object].get(id);
    if (record === undefined) throw new Error(`there is no record ${id} among the ${object}`);
    return record;
  };
  const make = (object: SandboxObject, given: NewRecord): string => {
    const record = store.create(object, store.forCreate(object, given.properties), {
      ...person,
      ...(given.createdAt === undefined ? {} : { at: given.createdAt }),
      ...(given.updatedAt === undefined ? {} : { updatedAt: given.updatedAt }),
    });
    if (given.companyId !== undefined)
      store.associate(record, own('companies', given.companyId), { ...person, types: [PRIMARY[object]] });
    for (const id of given.contactIds ?? [])
      store.associate(record, own('contacts', id), { ...person, types: [] });
    return record.id;
  };
  return {
    seed: (object, records) => {
      const ids: string[] = [];
      parts.quietly(() => {
        for (const record of records) ids.push(make(object, record));
      });
      store.catchUp(true);
      return ids;
    },
    create: make,
    edit: (object, id, properties, at) => {
      const record = own(object, id);
      store.update(record, store.forUpdate(record, properties), {
        ...person,
        ...(at === undefined ? {} : { at }),
      });
    },
    archive: (object, id) => {
      store.archive(own(object, id), person);
    },
    restore: (object, id) => {
      store.restore(own(object, id), person);
    },
    erase: (object, id) => {
      store.erase(own(object, id), person);
    },
    merge: (object, primaryId, otherId) =>
      store.merge(own(object, primaryId), own(object, otherId), person).id,
    associate: (contactId, companyId) => {
      store.associate(own('contacts', contactId), own('companies', companyId), { ...person, types: [1] });
    },
    dissociate: (contactId, companyId) => {
      store.dissociate(own('contacts', contactId), { end: 'companies', id: companyId }, person);
    },
    associateDeal: (dealId, end, otherId) => {
      const types = end === 'companies' ? [PRIMARY.deals] : [];
      store.associate(own('deals', dealId), own(end, otherId), { ...person, types });
    },
    dissociateDeal: (dealId, end, otherId) => {
      store.dissociate(own('deals', dealId), { end, id: otherId }, person);
    },
    defineProperty: (object, definition) => {
      store.define(object, definition);
    },
    record: (object, id) => {
      const record = store.records[object].get(id);
      return record === undefined ? undefined : view(record);
    },
    records: (object) => [...store.records[object].values()].map(view),
    fault: (fault) => {
      faults.add(fault);
    },
    clearFaults: () => {
      faults.clear();
    },
    expireTokens: () => {
      tokens.expire();
    },
    revokeTokens: () => {
      tokens.revoke();
    },
    install: () => tokens.install(),
    subscribe: (options) => {
      webhooks.subscribe(options);
    },
    unsubscribe: () => {
      webhooks.unsubscribe();
    },
    flushWebhooks: async () => {
      await webhooks.flush();
      return webhooks.attempts;
    },
    catchUp: () => {
      store.catchUp(true);
    },
    useByOthers: (calls) => {
      parts.limits.count(calls);
    },
    newDay: () => {
      parts.limits.newDay();
    },
    used: () => parts.limits.used(),
    advance: (ms) => {
      parts.clock.ahead += ms;
    },
    calls: () => parts.calls,
  };
}

function view(record: StoredRecord): RecordView {
  const { id, properties, createdAt, updatedAt } = record;
  return {
    id,
    properties,
    createdAt,
    updatedAt,
    archived: record.archivedAt !== null,
    companyId: primaryCompanyOf(record),
    contactIds: [...record.links.contacts.keys()],
  };
}

/** Verbs of `POST /__control/<verb>`; the body is a JSON list of their arguments. */
export async function controlCall(
  control: Control,
  verb: string,
  args: readonly unknown[],
): Promise<unknown> {
  const verbs = new Map<string, (...given: never[]) => unknown>(Object.entries(control));
  const method = verbs.get(verb);
  if (method === undefined) throw new Error(`there is no ${verb}; there are ${[...verbs.keys()].join(', ')}`);
  return (await method(...(args as never[]))) ?? null;
}
