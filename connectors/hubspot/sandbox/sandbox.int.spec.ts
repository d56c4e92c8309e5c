import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookVerdict } from '../../../src/sdk/index.js';
import { webhook } from '../webhook.js';
import { createSandbox, SANDBOX_CLIENT_SECRET, type Sandbox } from './index.js';

let sandbox: Sandbox;
let receiver: Server;
let target: string;
let verdicts: WebhookVerdict[];
let answers: number[];

beforeEach(async () => {
  verdicts = [];
  answers = [];
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const received = {
        method: 'POST',
        url: target,
        headers,
        rawBody: Buffer.concat(chunks),
        receivedAt: Date.now(),
      };
      verdicts.push(webhook(received, { clientSecret: SANDBOX_CLIENT_SECRET }));
      response.statusCode = answers.shift() ?? 200;
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve);
  });
  target = `http://127.0.0.1:${String((receiver.address() as AddressInfo).port)}/webhooks/hubspot`;
});

afterEach(async () => {
  await sandbox.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

function told(): readonly string[] {
  return verdicts.flatMap((verdict) =>
    verdict.accepted
      ? verdict.events.map(({ object, id, kind }) => `${object} ${id} ${kind}`)
      : [verdict.message],
  );
}

describe('webhooks of the sandbox', () => {
  it('are signed as the connector checks them, and tell of everything people do', async () => {
    sandbox = await createSandbox();
    const { control } = sandbox;
    control.subscribe({ targetUrl: target, clientSecret: SANDBOX_CLIENT_SECRET });
    const company = control.create('companies', { properties: { name: 'Acme' } });
    const one = control.create('contacts', { properties: { firstname: 'One' }, companyId: company });
    const two = control.create('contacts', { properties: { firstname: 'Two' } });
    control.edit('contacts', one, { phone: '1' });
    const survivor = control.merge('contacts', one, two);
    control.archive('contacts', survivor);
    control.restore('contacts', survivor);
    control.erase('contacts', survivor);
    expect(await control.flushWebhooks()).toEqual([200]);
    expect(new Set(told())).toEqual(
      new Set([
        `company ${company} changed`,
        `contact ${one} changed`,
        `contact ${two} changed`,
        `contact ${one} merged`,
        `contact ${two} merged`,
        `contact ${survivor} changed`,
        `contact ${survivor} deleted`,
        `contact ${survivor} erased`,
      ]),
    );
  });

  it('come again until they are taken, lost ones never', async () => {
    sandbox = await createSandbox({ random: () => 0.5 });
    const { control } = sandbox;
    answers = [500, 503];
    control.subscribe({
      targetUrl: target,
      clientSecret: SANDBOX_CLIENT_SECRET,
      retryDelayMs: 1,
      duplicate: 0.9,
    });
    const id = control.create('contacts', { properties: { firstname: 'One' } });
    expect(await control.flushWebhooks()).toEqual([500, 503, 200]);
    expect(told()).toHaveLength(6);
    control.subscribe({ targetUrl: target, clientSecret: SANDBOX_CLIENT_SECRET, drop: 0.9 });
    control.edit('contacts', id, { phone: '1' });
    expect(await control.flushWebhooks()).toHaveLength(3);
  });
});

describe('the control of the sandbox', () => {
  it('can be reached over HTTP as well', async () => {
    sandbox = await createSandbox();
    const call = async (verb: string, ...args: readonly unknown[]): Promise<unknown> => {
      const response = await fetch(`${sandbox.url}/__control/${verb}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(args),
      });
      return response.json();
    };
    const id = await call('create', 'contacts', { properties: { email: 'A@example.com' } });
    expect(await call('record', 'contacts', id)).toMatchObject({
      id,
      properties: { email: 'a@example.com' },
    });
    expect(await call('nonsense')).toMatchObject({ status: 'error' });
  });
});
