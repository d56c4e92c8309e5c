/** A small Example CRM in the process, to develop and test against. In memory; listens on 127.0.0.1 only. */
import type { AddressInfo } from 'node:net';
import type { WebhookRequest } from '../../../src/sdk/index.js';
import { sign } from '../signature.js';
import { Feed } from './feed.js';
import { SandboxServer } from './server.js';
import { Store, type Change } from './store.js';

export { API_KEY } from './server.js';

export const SIGNING_KEY = 'sandbox-signing-key';

export interface Sandbox {
  readonly url: string;
  /** What users do. */
  readonly store: Store;
  /** What those hear who listen. */
  readonly feed: Feed;
  /** What goes wrong. */
  readonly server: SandboxServer;
  /** Webhooks since the last call, one for each change, signed now. */
  takeWebhooks(): readonly WebhookRequest[];
  /** As it is sent when it was not taken: same events, signed anew. */
  webhookAgain(request: WebhookRequest): WebhookRequest;
  close(): Promise<void>;
}

const WEBHOOK_URL = 'https://hub.example.com/webhooks/example-crm';

export async function createSandbox(): Promise<Sandbox> {
  let changes: Change[] = [];
  let events = 0;
  const feed = new Feed();
  const store = new Store((change) => {
    changes.push(change);
    feed.add(change);
  });
  const api = new SandboxServer(store, feed);
  await new Promise<void>((resolve) => {
    api.server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((api.server.address() as AddressInfo).port)}`,
    store,
    feed,
    server: api,
    takeWebhooks: () => {
      const taken = changes;
      changes = [];
      return taken.map(({ object, id, kind, at }) => {
        events += 1;
        const event = {
          eventId: `event-${String(events)}`,
          object,
          id,
          kind,
          at: new Date(at).toISOString(),
        };
        return signed(new TextEncoder().encode(JSON.stringify([event])));
      });
    },
    webhookAgain: ({ rawBody }) => signed(rawBody),
    close: () =>
      new Promise((resolve) => {
        api.server.close(() => {
          resolve();
        });
        api.server.closeAllConnections();
      }),
  };
}

function signed(rawBody: Uint8Array): WebhookRequest {
  const receivedAt = Date.now();
  const timestamp = String(receivedAt);
  return {
    method: 'POST',
    url: WEBHOOK_URL,
    headers: {
      'content-type': 'application/json',
      'x-timestamp': timestamp,
      'x-signature': sign({ timestamp, url: WEBHOOK_URL, rawBody }, SIGNING_KEY),
    },
    rawBody,
    receivedAt,
  };
}
