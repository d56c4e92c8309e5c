/** How the conformance suite drives the sandbox. */
import type { PropertyValues } from '../../src/sdk/index.js';
import { defineConformance, type Harness, type Specimen } from '../../src/sdk/conformance/index.js';
import connector from './index.js';
import { encodeValues } from './record.js';
import { API_KEY, createSandbox, SIGNING_KEY } from './sandbox/index.js';
import type { ObjectName } from './sandbox/store.js';

const person: Specimen = {
  object: 'person',
  values: (n) => ({
    name: `Person ${String(n)}`,
    mail: `person${String(n)}@example.com`,
    note: `note ${String(n)}`,
  }),
  name: 'name',
  text: 'note',
  longest: 500,
  page: 50,
  refused: { property: 'stage', value: 'no such stage' },
  unique: 'mail',
  link: 'company',
};

const company: Specimen = {
  object: 'company',
  values: (n) => ({ name: `Company ${String(n)}`, note: `note ${String(n)}` }),
  name: 'name',
  text: 'note',
  longest: 500,
  page: 50,
  refused: { property: 'note', value: 'far too long '.repeat(100) },
  cannot: { unique: 'no property of a company is unique', link: 'a company points at nothing' },
};

export default defineConformance({ connector, objects: [person, company], open });

async function open(): Promise<Harness> {
  const sandbox = await createSandbox();
  const { store, feed, server } = sandbox;
  return {
    settings: { baseUrl: sandbox.url },
    credentials: { apiKey: API_KEY },
    create: async (object, records, at) =>
      records.map((values) => {
        const options = at === undefined ? {} : { at: Date.parse(at) };
        return store.create(named(object), plain(values), options).id;
      }),
    edit: async (object, id, values) => void store.update(named(object), id, plain(values)),
    records: async (object) =>
      store.live(named(object)).map(({ id, values }) => ({ id, values: values as PropertyValues })),
    remove: async (object, id) => store.remove(named(object), id),
    restore: async (object, id) => store.restore(named(object), id),
    merge: async (object, winner, loser) => store.merge(named(object), winner, loser),
    createTarget: async () => store.create('company', { name: 'Somewhere' }).id,
    link: async (object, id, target) => void store.update(named(object), id, { company: target }),
    addProperty: async (object) => {
      store.addProperty(named(object), 'added');
      return 'added';
    },
    spoil: async (object, id) => store.damage(named(object), id),
    throttle: async (calls) => server.fault({ kind: 'throttle', calls }),
    loseAnswer: async (calls) => server.fault({ kind: 'lost', calls }),
    cutAnswer: async (calls) => server.fault({ kind: 'cut', calls }),
    refuseConnection: async (calls) => server.fault({ kind: 'refuse', calls }),
    expire: async () => server.expire(),
    revoke: async () => server.revoke(),
    webhooks: {
      secrets: { signingKey: SIGNING_KEY },
      wrongSecrets: { signingKey: 'another key' },
      take: async () => sandbox.takeWebhooks(),
      again: async (request) => sandbox.webhookAgain(request),
    },
    streaming: {
      forget: async () => feed.forget(),
      overflow: async (object) =>
        feed.add({ object: named(object), id: null, kind: 'overflow', client: null }),
      cut: async () => server.cut(),
    },
    close: () => sandbox.close(),
  };
}

function named(object: string): ObjectName {
  return object === 'company' ? 'company' : 'person';
}

function plain(values: PropertyValues): Record<string, unknown> {
  return { ...encodeValues(values) };
}
