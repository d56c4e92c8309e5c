/** How the conformance suite drives the sandbox. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { PropertyValues, WebhookRequest } from '../../src/sdk/index.js';
import {
  defineConformance,
  type Calls,
  type Harness,
  type Specimen,
  type WebhookHarness,
} from '../../src/sdk/conformance/index.js';
import connector from './index.js';
import { COMPANY_LINK } from './objects.js';
import {
  createSandbox,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  type Fault,
  type NewRecord,
  type Sandbox,
} from './sandbox/index.js';
import { sign } from './signature.js';

const contact: Specimen = {
  object: 'contact',
  values: (n) => ({
    lastname: `Person ${String(n)}`,
    email: `person${String(n)}@example.com`,
    jobtitle: `title ${String(n)}`,
  }),
  name: 'lastname',
  text: 'jobtitle',
  longest: 65_536,
  page: 200,
  refused: { property: 'hs_language', value: 'no such language' },
  unique: 'email',
  link: COMPANY_LINK,
};

const company: Specimen = {
  object: 'company',
  values: (n) => ({ name: `Company ${String(n)}`, description: `description ${String(n)}` }),
  name: 'name',
  text: 'description',
  longest: 65_536,
  page: 200,
  refused: { property: 'numberofemployees', value: 'many' },
  cannot: {
    unique: 'HubSpot does not make a company’s domain unique for the API',
    link: 'the connector only reads a company’s parent',
  },
};

export default defineConformance({
  connector,
  objects: [contact, company],
  open,
  cannot: { spoil: 'HubSpot’s values are texts, and checked when they are stored' },
});

async function open(): Promise<Harness> {
  const sandbox = await createSandbox({ limits: false });
  const { control } = sandbox;
  const webhooks = await receive(sandbox);
  const fault = async (kind: Fault['kind'], calls: Calls, more: Partial<Fault> = {}): Promise<void> => {
    for (const place of PLACES[calls]) control.fault({ kind, ...place, ...more });
  };
  return {
    settings: { baseUrl: sandbox.url },
    credentials: {
      clientId: SANDBOX_CLIENT_ID,
      clientSecret: SANDBOX_CLIENT_SECRET,
      refreshToken: control.install(),
    },
    create: async (object, records, at) =>
      records.map((values) => control.create(plural(object), newRecord(values, at))),
    edit: async (object, id, values) => control.edit(plural(object), id, texts(values)),
    records: async (object) =>
      control
        .records(plural(object))
        .filter(({ archived }) => !archived)
        .map(({ id, properties }) => ({ id, values: properties })),
    remove: async (object, id) => control.archive(plural(object), id),
    restore: async (object, id) => control.restore(plural(object), id),
    merge: async (object, winner, loser) => control.merge(plural(object), winner, loser),
    createTarget: async () => control.create('companies', { properties: { name: 'Somewhere' } }),
    link: async (_object, id, target) => {
      const before = control.record('contacts', id)?.companyId ?? null;
      if (target !== null) control.associate(id, target);
      else if (before !== null) control.dissociate(id, before);
    },
    addProperty: async (object) => {
      control.defineProperty(plural(object), { name: 'added_by_admin' });
      return 'added_by_admin';
    },
    throttle: (calls) => fault('status', calls, { status: 429, retryAfterSeconds: 10 }),
    expire: async () => control.expireTokens(),
    revoke: async () => control.revokeTokens(),
    loseAnswer: (calls) => fault('lost-answer', calls),
    cutAnswer: (calls) => fault('reset-mid-body', calls),
    refuseConnection: (calls) => fault('reset', calls),
    webhooks: webhooks.harness,
    close: async () => {
      await sandbox.close();
      await webhooks.close();
    },
  };
}

/** Where the connector reads behind its first page, and where it writes. */
const PLACES: Readonly<Record<Calls, readonly Partial<Fault>[]>> = {
  read: [{ path: '/crm/v3/objects', method: 'GET' }],
  write: [{ path: '/batch/', method: 'POST' }],
};

function plural(object: string): 'contacts' | 'companies' {
  return object === 'company' ? 'companies' : 'contacts';
}

function newRecord(values: PropertyValues, at: string | undefined): NewRecord {
  const time = at === undefined ? {} : { createdAt: Date.parse(at), updatedAt: Date.parse(at) };
  return { properties: texts(values), ...time };
}

/** HubSpot's properties are texts; a blank one is empty. */
function texts(values: PropertyValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  );
}

/** A server in the hub's place, that keeps what it is sent. */
async function receive(
  sandbox: Sandbox,
): Promise<{ readonly harness: WebhookHarness; close(): Promise<void> }> {
  let received: WebhookRequest[] = [];
  let url = '';
  const server = createServer((request, response) => {
    void buffer(request).then((rawBody) => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]),
      );
      received.push({ method: request.method ?? '', url, headers, rawBody, receivedAt: Date.now() });
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/webhooks/hubspot`;
  const secrets = { clientSecret: SANDBOX_CLIENT_SECRET };
  sandbox.control.subscribe({ targetUrl: url, ...secrets });
  return {
    harness: {
      secrets,
      wrongSecrets: { clientSecret: 'another secret' },
      take: async () => {
        await sandbox.control.flushWebhooks();
        const taken = received;
        received = [];
        return taken;
      },
      again: async (request) => attempt(request, 1),
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** As HubSpot sends it again: same events, another number of the attempt, signed anew. */
function attempt(request: WebhookRequest, attemptNumber: number): WebhookRequest {
  const events = JSON.parse(Buffer.from(request.rawBody).toString()) as readonly object[];
  const rawBody = Buffer.from(JSON.stringify(events.map((event) => ({ ...event, attemptNumber }))));
  const timestamp = String(request.receivedAt);
  const signature = sign({ ...request, rawBody }, { clientSecret: SANDBOX_CLIENT_SECRET, timestamp });
  const headers = {
    ...request.headers,
    'x-hubspot-request-timestamp': timestamp,
    'x-hubspot-signature-v3': signature,
  };
  return { ...request, headers, rawBody };
}
