/** How the conformance suite drives the sandbox. */

import {
  defineConformance,
  type Calls,
  type Harness,
  type Specimen,
} from '../../src/sdk/conformance/index.js';
import connector from './index.js';
import { sobjectOf } from './objects.js';
import { createSandbox, type Fault } from './sandbox/index.js';

const contact: Specimen = {
  object: 'contact',
  values: (n) => ({
    LastName: `Person ${String(n)}`,
    Email: `person${String(n)}@example.com`,
    Title: `title ${String(n)}`,
  }),
  name: 'LastName',
  text: 'Title',
  longest: 128,
  page: 2000,
  refused: { property: 'Tier__c', value: 'Platinum' },
  link: 'AccountId',
};

const account: Specimen = {
  object: 'account',
  values: (n) => ({ Name: `Company ${String(n)}`, Description: `description ${String(n)}` }),
  name: 'Name',
  text: 'Description',
  longest: 32_000,
  page: 2000,
  refused: { property: 'NumberOfEmployees', value: 'many' },
  link: 'ParentId',
};

const lead: Specimen = {
  object: 'lead',
  values: (n) => ({
    LastName: `Person ${String(n)}`,
    Company: `Company ${String(n)}`,
    Email: `person${String(n)}@example.com`,
    Title: `title ${String(n)}`,
  }),
  name: 'LastName',
  text: 'Title',
  longest: 128,
  page: 2000,
  refused: { property: 'Email', value: 'no address' },
  cannot: { link: 'a lead points at no record that is synced' },
};

export default defineConformance({
  connector,
  objects: [contact, account, lead],
  open,
  cannot: {
    unique: 'only an org’s own duplicate rules make a field unique',
    spoil: 'Salesforce’s values are typed, and checked when they are stored',
  },
});

async function open(): Promise<Harness> {
  const sandbox = await createSandbox({ streaming: { longPollMs: 500 } });
  const { control } = sandbox;
  const { clientId, clientSecret } = sandbox.account;
  const fault = async (kind: Fault['kind'], calls: Calls, more: Partial<Fault> = {}): Promise<void> => {
    for (const place of PLACES[calls]) control.fault({ kind, ...place, ...more });
  };
  return {
    settings: { loginUrl: sandbox.url, leads: true },
    credentials: { grantType: 'client_credentials', clientId, clientSecret },
    create: async (object, records, at) => {
      const { type } = sobjectOf(object);
      if (at !== undefined)
        return control.load(
          type,
          records.map((values) => ({ ...values, SystemModstamp: at })),
        );
      return records.map((values) => control.create(type, values));
    },
    edit: async (_object, id, values) => control.edit(id, values),
    records: async (object) =>
      control.records(sobjectOf(object).type).map((row) => ({ id: String(row['Id']), values: row })),
    remove: async (_object, id) => control.remove(id),
    restore: async (_object, id) => control.undelete(id),
    merge: async (_object, winner, loser) => {
      control.merge(winner, [loser]);
      return winner;
    },
    createTarget: async () => control.create('Account', { Name: 'Somewhere' }),
    link: async (object, id, target) =>
      control.edit(id, { [object === 'account' ? 'ParentId' : 'AccountId']: target }),
    throttle: (calls) => fault('error', calls, { status: 403, code: 'REQUEST_LIMIT_EXCEEDED' }),
    // There from the beginning: what fields an org has is not changed while it is at work.
    addProperty: async () => 'Nickname__c',
    expire: async () => control.expireSessions(),
    revoke: async () => control.revokeAccess(),
    loseAnswer: (calls) => fault('lostAnswer', calls),
    cutAnswer: (calls) => fault('resetMidBody', calls),
    refuseConnection: (calls) => fault('reset', calls),
    streaming: {
      forget: async () => control.purgeEvents(),
      overflow: async (object) => control.overflowEvents(sobjectOf(object).type),
      cut: async () => control.cutConnections(),
    },
    close: () => sandbox.close(),
  };
}

const PLACES: Readonly<Record<Calls, readonly Partial<Fault>[]>> = {
  read: [{ path: '/queryAll' }],
  write: [
    { path: '/composite/sobjects', method: 'POST' },
    { path: '/composite/sobjects', method: 'PATCH' },
  ],
};
