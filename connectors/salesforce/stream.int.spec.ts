import { ConnectorError, type StreamBatch } from '../../src/sdk/index.js';
import { createTestContext } from '../../src/sdk/testing/index.js';
import { credentialsSchema, settingsSchema, streamPositionSchema, type StreamPosition } from './config.js';
import connector from './index.js';
import type { Sandbox } from './sandbox/index.js';
import { connect, orgs, pushAll, update, type OrgContext } from './testing.js';

type Batch = StreamBatch<StreamPosition>;

const OBJECTS = [
  { object: 'account', properties: ['Name', 'BillingCity'] },
  { object: 'contact', properties: ['LastName', 'Title', 'MailingCity', 'Phone'] },
];

const { open: openOrg, closeAll } = orgs();
afterAll(closeAll);

/** Somebody who listens; `next` waits for the next batch. */
interface Listener {
  readonly ctx: OrgContext;
  readonly next: () => Promise<Batch>;
  readonly stop: () => Promise<void>;
}

function listen(
  org: Sandbox,
  position: StreamPosition | null = null,
  objects: typeof OBJECTS = OBJECTS,
): Listener {
  const stop = new AbortController();
  const { clientId, clientSecret } = org.account;
  const ctx = createTestContext({
    settings: settingsSchema.parse({ loginUrl: org.url }),
    credentials: credentialsSchema.parse({ grantType: 'client_credentials', clientId, clientSecret }),
    clock: 'real',
    limits: [{ bucket: 'default', calls: 100, perMs: 1000, concurrent: 1 }],
    signal: stop.signal,
  });
  if (connector.stream === undefined) throw new Error('the connector does not listen');
  const batches = connector.stream.open(ctx, { objects, position })[Symbol.asyncIterator]();
  return {
    ctx,
    next: async () => {
      const turn = await batches.next();
      if (turn.done === true) throw new Error('the stream ended');
      const batch: Batch = turn.value;
      // As the hub stores it.
      streamPositionSchema.parse(JSON.parse(JSON.stringify(batch.position)));
      return batch;
    },
    stop: async () => {
      stop.abort();
      await batches.return?.().catch(() => undefined);
    },
  };
}

describe('change events of Salesforce', () => {
  let org: Sandbox;
  let contact: string;
  let listeners: Listener[];
  const listening = (
    ...how: Parameters<typeof listen> extends [Sandbox, ...infer R] ? R : never
  ): Listener => {
    const listener = listen(org, ...how);
    listeners.push(listener);
    return listener;
  };
  /** Listening, and one event heard: there is a position. */
  const heardOne = async (): Promise<{ listener: Listener; position: StreamPosition }> => {
    const listener = listening();
    await listener.next();
    org.control.edit(contact, { Title: 'CFO' });
    return { listener, position: (await listener.next()).position };
  };
  const failure = async (of: Promise<unknown>): Promise<ConnectorError> => {
    const error: unknown = await of.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof ConnectorError) return error;
    throw new Error(`no error of a connector: ${String(error)}`);
  };

  beforeEach(async () => {
    org = await openOrg({ streaming: { longPollMs: 400 } });
    contact = org.control.create('Contact', { LastName: 'Doe' });
    listeners = [];
  });
  afterEach(async () => {
    await Promise.all(listeners.map((listener) => listener.stop()));
  });

  it('begin with the changes made from then on, and say that those before are not among them', async () => {
    const listener = listening();
    expect(await listener.next()).toEqual({
      events: [],
      position: { v: 1, replay: {} },
      gap: { objects: ['account', 'contact'], reason: 'began' },
    });
    org.control.edit(contact, { Title: 'CEO', MailingCity: 'Berlin', Department: 'Board' });
    const batch = await listener.next();
    expect(batch.gap).toBeUndefined();
    expect(batch.events).toEqual([
      expect.objectContaining({
        object: 'contact',
        id: contact,
        kind: 'changed',
        changed: ['Title', 'MailingCity'],
        own: false,
      }),
    ]);
    expect(Date.parse(batch.events[0]?.occurredAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('tell of new, deleted, restored, merged and converted records', async () => {
    const listener = listening();
    await listener.next();
    const account = org.control.create('Account', { Name: 'Acme' });
    expect((await listener.next()).events).toMatchObject([
      { object: 'account', id: account, kind: 'created' },
    ]);
    org.control.remove(contact);
    expect((await listener.next()).events).toMatchObject([{ id: contact, kind: 'deleted' }]);
    org.control.undelete(contact);
    expect((await listener.next()).events).toMatchObject([{ id: contact, kind: 'changed' }]);
    const other = org.control.create('Contact', { LastName: 'Doe' });
    await listener.next();
    org.control.merge(contact, [other]);
    const merged = [...(await listener.next()).events];
    while (merged.length < 2) merged.push(...(await listener.next()).events);
    expect(merged).toMatchObject([
      { id: other, kind: 'deleted' },
      { id: contact, kind: 'changed' },
    ]);
  });

  it('that stand for several records become one for each', async () => {
    const other = org.control.create('Contact', { LastName: 'Roe' });
    const listener = listening();
    await listener.next();
    org.control.editAll([contact, other], { Title: 'Owner' });
    const { events } = await listener.next();
    expect(events.map(({ id }) => id)).toEqual([contact, other]);
    expect(new Set(events.map(({ dedupeKey }) => dedupeKey)).size).toBe(2);
  });

  it('caused by our own writes are known as such, others of the same user are not', async () => {
    const listener = listening();
    await listener.next();
    await pushAll(connect(org), [update('a', contact, { Title: 'Clerk' })]);
    expect((await listener.next()).events).toMatchObject([{ id: contact, changed: ['Title'], own: true }]);
    org.control.edit(contact, { Title: 'Boss' });
    expect((await listener.next()).events).toMatchObject([{ id: contact, own: false }]);
  });

  it('made while nobody listened come when somebody does again, and none twice', async () => {
    const { listener, position } = await heardOne();
    await listener.stop();
    org.control.edit(contact, { Title: 'CEO' });
    org.control.create('Account', { Name: 'Acme' });
    const second = listening(position);
    const first = await second.next();
    expect(first.gap).toEqual({ objects: ['account'], reason: 'began' });
    const { events } = await second.next();
    expect(events).toMatchObject([{ id: contact, changed: ['Title'] }]);
    org.control.redeliverEvents(1);
    // The same again has the same key; only the account's event lay before the subscription.
    org.control.edit(contact, { Title: 'Chair' });
    const more = await second.next();
    expect(more.position.replay['contact']).toBeGreaterThan(position.replay['contact'] ?? 0);
  });

  it('whose replay id has expired are given up for new ones, with the gap told', async () => {
    const { listener, position } = await heardOne();
    await listener.stop();
    org.control.edit(contact, { Title: 'CEO' });
    org.control.purgeEvents();
    const second = listening(position);
    expect(await second.next()).toMatchObject({
      position: { replay: {} },
      gap: { objects: ['account', 'contact'], reason: 'expired' },
    });
    org.control.edit(contact, { Title: 'Chair' });
    expect((await second.next()).events).toMatchObject([{ id: contact }]);
  });

  it('that left a record out still say which; those that left everything out say so of the object', async () => {
    const listener = listening();
    await listener.next();
    org.control.disturbEvents('gap');
    org.control.edit(contact, { Title: 'CEO' });
    const [event] = (await listener.next()).events;
    expect(event).toMatchObject({ id: contact, kind: 'changed', own: false });
    expect(event).not.toHaveProperty('changed');
    org.control.overflowEvents('Contact');
    expect(await listener.next()).toMatchObject({
      events: [],
      gap: { objects: ['contact'], reason: 'overflow' },
    });
  });

  it('go on after polls without events', async () => {
    const listener = listening();
    await listener.next();
    const next = listener.next();
    const polls = (): number =>
      org.control.requests().filter(({ path }) => path.startsWith('/cometd/')).length;
    const before = polls();
    while (polls() < before + 3) await new Promise((resolve) => setTimeout(resolve, 20));
    org.control.edit(contact, { Title: 'CEO' });
    expect((await next).events).toMatchObject([{ id: contact }]);
  });

  it.each([
    ['the session expires', () => org.control.expireSessions()],
    ['the server has forgotten who listens', () => org.control.forgetClients()],
  ])('go on where they stopped when %s during a poll', async (_what, happens) => {
    const { listener, position } = await heardOne();
    const next = listener.next();
    happens();
    org.control.edit(contact, { Title: 'CEO' });
    const resumed = await next;
    expect(resumed).toMatchObject({ events: [], position, gap: { objects: ['account'] } });
    expect((await listener.next()).events).toMatchObject([{ id: contact, changed: ['Title'] }]);
  });

  it('end with an error that passes when the connection breaks; what came meanwhile is heard by the next', async () => {
    const { listener, position } = await heardOne();
    const next = failure(listener.next());
    while (org.control.listening() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    org.control.cutConnections();
    expect(await next).toMatchObject({ kind: 'transient' });
    org.control.edit(contact, { Title: 'CEO' });
    const second = listening(position);
    await second.next();
    expect((await second.next()).events).toMatchObject([{ id: contact }]);
  });

  it.each(['malformed', 'resetMidBody', 'lostAnswer'] as const)(
    'whose answer is damaged on the way (%s) are heard by the next',
    async (kind) => {
      const { listener, position } = await heardOne();
      org.control.fault({ kind, path: '/cometd/' });
      org.control.edit(contact, { Title: 'CEO' });
      expect(await failure(listener.next())).toMatchObject({ kind: 'transient' });
      const second = listening(position);
      await second.next();
      expect((await second.next()).events).toMatchObject([{ id: contact, changed: ['Title'] }]);
    },
  );

  it.each([
    [
      '/meta/handshake',
      '403::Organization concurrent user limit exceeded',
      'CLIENTS_LIMIT_EXCEEDED',
      'throttled',
    ],
    [
      '/meta/subscribe',
      '403::Organization total events daily limit exceeded',
      'EVENTS_LIMIT_EXCEEDED',
      'throttled',
    ],
    ['/meta/handshake', '403::Handshake denied', 'CHANNEL_REFUSED', 'permission'],
    ['/meta/connect', '503::Server is overloaded', 'STREAM_UNAVAILABLE', 'transient'],
    ['/meta/connect', '409::Odd', 'STREAM_REFUSED', 'system'],
  ])('refused at %s with %s say %s', async (channel, error, code, kind) => {
    org.control.refuseStreaming({ channel, error, times: 20 });
    const listener = listening();
    const refusal = await failure(listener.next().then(() => listener.next()));
    expect(refusal).toMatchObject({ code, kind });
    expect(refusal.remedy).not.toBe('');
    if (kind === 'throttled') expect(refusal.retryAt).toBeGreaterThan(Date.now());
  });

  it('refused for one object are heard of the others', async () => {
    const error = '403:denied_by_security_policy:create_denied';
    org.control.refuseStreaming({ channel: '/data/AccountChangeEvent', error });
    const listener = listening();
    expect(await listener.next()).toMatchObject({
      gap: { objects: ['contact'] },
      unheard: [{ object: 'account', remedy: expect.stringContaining('Change Data Capture') as string }],
    });
    org.control.edit(contact, { Title: 'CEO' });
    expect((await listener.next()).events).toMatchObject([{ id: contact }]);
  });

  it('of a server that forgets its clients at once are given up after some tries', async () => {
    org.control.refuseStreaming({ channel: '/meta/connect', error: '403::Unknown client', times: 50 });
    const listener = listening();
    const tries = async (): Promise<void> => {
      for (;;) await listener.next();
    };
    expect(await failure(tries())).toMatchObject({ code: 'STREAM_BROKEN', kind: 'transient' });
  });

  it('leave all places to other calls while they are waited for', async () => {
    org = await openOrg({ streaming: { longPollMs: 60_000 } });
    contact = org.control.create('Contact', { LastName: 'Doe' });
    const { listener } = await heardOne();
    const next = listener.next();
    while (org.control.listening() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const ids = [contact];
    const read = await connector.read?.(listener.ctx, { object: 'contact', ids, properties: ['Title'] });
    expect(read?.records).toMatchObject([{ id: contact, values: { Title: 'CFO' } }]);
    org.control.edit(contact, { Title: 'CEO' });
    expect((await next).events).toMatchObject([{ id: contact }]);
  });
});
