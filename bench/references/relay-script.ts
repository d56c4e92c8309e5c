/**
 * The reference of the figures about webhooks: a stateless relay on the two vendors' SDKs. Takes HubSpot's webhooks,
 * reads the contact, finds the Salesforce contact of the same e-mail address, and writes the job title there. Signatures
 * are not looked at.
 *
 * Run by Node as it stands, with a task in JSON as its argument. Says its address in a line of JSON; ends when its input does.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@hubspot/api-client';
import { Connection } from 'jsforce';
import type { ScriptTask } from './sync-script.js';

interface Event {
  readonly objectId: number;
}

const task = JSON.parse(process.argv[2] ?? '{}') as ScriptTask;
const hubspot = new Client({ accessToken: task.hubspot.accessToken, basePath: task.hubspot.url });
const { url: loginUrl, clientId, clientSecret } = task.salesforce;
const salesforce = new Connection({ oauth2: { loginUrl, clientId, clientSecret } });
await salesforce.authorize({ grant_type: 'client_credentials' });

const server = createServer((request, response) => {
  void eventsOf(request)
    .then((events) => {
      response.writeHead(204).end();
      return Promise.all(events.map(relay));
    })
    .catch((error: unknown) => {
      process.stderr.write(`The relay failed: ${String(error)}\n`);
      process.exit(1);
    });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${String(port)}` })}\n`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

async function eventsOf(request: IncomingMessage): Promise<readonly Event[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as readonly Event[];
}

async function relay({ objectId }: Event): Promise<void> {
  const contact = await hubspot.crm.contacts.basicApi.getById(String(objectId), ['email', 'jobtitle']);
  const { email, jobtitle } = contact.properties;
  const found = await salesforce.query<{ Id: string }>(
    `SELECT Id FROM Contact WHERE Email = '${String(email)}'`,
  );
  const id = found.records[0]?.Id;
  if (id === undefined) throw new Error(`Salesforce has no ${String(email)}.`);
  await salesforce.sobject('Contact').update([{ Id: id, Title: jobtitle }]);
}
