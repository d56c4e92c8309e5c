import { SANDBOX_CLIENT_SECRET } from '../../connectors/hubspot/sandbox/index.js';
import { sign } from '../../connectors/hubspot/signature.js';
import { editHubSpot, inBoth, propertiesOf, rowOf, rows } from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds, type World } from './support/world.js';

type Delivery = Parameters<World['hubspot']['control']['subscribe']>[0];

describe('a webhook of HubSpot', () => {
  const { open } = worlds();

  /** Both systems agree, and webhooks are on. */
  async function subscribed(how: Partial<Delivery> = {}): Promise<{ world: World; sf: string; hs: string }> {
    const world = await open();
    const ids = inBoth(world);
    await world.sync();
    const { webhookUrl: targetUrl } = world;
    world.hubspot.control.subscribe({ targetUrl, clientSecret: SANDBOX_CLIENT_SECRET, ...how });
    return { world, ...ids };
  }

  /** As HubSpot would, about a change of the contact's job title. */
  async function post(
    world: World,
    contact: string,
    { clientSecret = SANDBOX_CLIENT_SECRET, at = Date.now() } = {},
  ): Promise<number> {
    const rawBody = Buffer.from(
      JSON.stringify([
        {
          eventId: 7,
          subscriptionId: 1,
          portalId: 2,
          appId: 3,
          occurredAt: 1_700_000_000_000,
          subscriptionType: 'contact.propertyChange',
          attemptNumber: 0,
          objectId: Number(contact),
          propertyName: 'jobtitle',
          propertyValue: 'Impostor',
          changeSource: 'CRM_UI',
        },
      ]),
    );
    const timestamp = String(at);
    const url = world.webhookUrl;
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-hubspot-request-timestamp': timestamp,
        'x-hubspot-signature-v3': sign({ method: 'POST', url, rawBody }, { clientSecret, timestamp }),
      },
      body: rawBody,
    });
    return response.status;
  }

  it('brings an edit to Salesforce without a sync', async () => {
    const { world, sf, hs } = await subscribed();
    editHubSpot(world, hs, { phone: '+1 415 555 2671' });
    await world.until('the phone is in Salesforce', () => rowOf(world, sf)['Phone'] === '+1 415 555 2671');
    await world.settled();
    expect(new Set(await world.hubspot.control.flushWebhooks())).toEqual(new Set([204]));
    expect((await world.sync()).writes).toEqual([]);
  });

  it('brings a new contact, a deletion and a changed company too', async () => {
    const { world, sf, hs } = await subscribed();
    const made = world.hubspot.control.create('contacts', {
      properties: { lastname: 'Cole', email: 'ben@cole.example' },
    });
    await world.until('the new contact is in Salesforce', () => rows(world).length === 2);
    world.hubspot.control.archive('contacts', made);
    await world.until('the deletion is known', async () =>
      (await world.ask.behind(made)).records.some((record) => record.state === 'deleted'),
    );
    const company = world.hubspot.control.create('companies', { properties: { name: 'Acme' } });
    world.hubspot.control.associate(hs, company);
    await world.until('the account is linked', () => rowOf(world, sf)['AccountId'] !== null);
    await world.settled();
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  });

  it('that is forged is refused, and nothing is looked at for it', async () => {
    const { world, hs } = await subscribed({ clientSecret: 'not the secret' });
    const mark = world.mark();
    editHubSpot(world, hs, { phone: '+1 415 555 2671' });
    expect(await world.hubspot.control.flushWebhooks()).toEqual([401]);
    expect(await post(world, hs, { clientSecret: 'not it either' })).toBe(401);
    await world.settled();
    expect(await world.database.prisma.inboxEvent.count()).toBe(0);
    expect(world.hubspot.control.calls().slice(mark.hubspot)).toEqual([]);
  });

  it('says where to look and never what to write', async () => {
    const { world, sf, hs } = await subscribed();
    expect(await post(world, hs)).toBe(204);
    await world.settled();
    expect(propertiesOf(world, hs)['jobtitle']).toBeUndefined();
    expect(rowOf(world, sf)['Title']).toBeNull();
  });

  it('that is replayed is taken and does nothing; one that is too old is refused', async () => {
    const { world, hs } = await subscribed();
    expect(await post(world, hs)).toBe(204);
    await world.settled();
    const mark = world.mark();
    expect(await post(world, hs)).toBe(204);
    expect(await post(world, hs, { at: Date.now() - 301_000 })).toBe(401);
    await world.settled();
    expect(await world.database.prisma.inboxEvent.count()).toBe(1);
    expect(world.hubspot.control.calls().slice(mark.hubspot)).toEqual([]);
  });

  it('that comes twice and out of order leaves the value that HubSpot holds', async () => {
    const { world, sf, hs } = await subscribed({ duplicate: 1, reorder: true });
    for (const jobtitle of ['Clerk', 'Buyer', 'Chief']) editHubSpot(world, hs, { jobtitle });
    expect(await world.hubspot.control.flushWebhooks()).toEqual([204]);
    await world.settled();
    expect(await world.database.prisma.inboxEvent.count()).toBe(3);
    expect([rowOf(world, sf)['Title'], propertiesOf(world, hs)['jobtitle']]).toEqual(['Chief', 'Chief']);
    expect((await world.sync()).writes).toEqual([]);
  });

  it('that is lost is made up for by the next sync', async () => {
    const { world, sf, hs } = await subscribed({ drop: 1 });
    editHubSpot(world, hs, { jobtitle: 'Chief' });
    expect(await world.hubspot.control.flushWebhooks()).toEqual([]);
    await world.sync();
    expect(rowOf(world, sf)['Title']).toBe('Chief');
  });
});
