import { ConnectionsController } from '../../src/api/connections.controller.js';
import type { ConnectionView } from '../../src/api/connection-view.js';
import { Streams } from '../../src/sync/streams/streams.js';
import { editHubSpot, editSalesforce, inBoth, propertiesOf, records, rowOf } from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds, type World, type WorldOptions } from './support/world.js';

/** Polls of the sandbox are short, so that a process that ends is not waited for. */
const STREAMING = { longPollMs: 2_000 };

describe('the change events of Salesforce', () => {
  const { open } = worlds();

  const view = async (world: World): Promise<ConnectionView> =>
    world.get(ConnectionsController).find('salesforce');
  const isLive = async (world: World): Promise<boolean> =>
    (await view(world)).stream?.state === 'live' && world.salesforce.control.listening() === 1;
  const live = async (world: World): Promise<void> =>
    world.until('changes are listened to', () => isLive(world));
  const heard = async (world: World): Promise<string | null> => (await view(world)).stream?.heardAt ?? null;
  const events = async (world: World): Promise<number> => world.database.prisma.inboxEvent.count();
  const runs = async (world: World, trigger: string): Promise<number> =>
    world.database.prisma.run.count({ where: { trigger } });

  /** Both systems agree and Salesforce is listened to; an event of each object was heard, so there are positions. */
  async function listening(how: WorldOptions = {}): Promise<{ world: World; sf: string; hs: string }> {
    const world = await open({ listen: true, ...how, org: { streaming: STREAMING, ...how.org } });
    const ids = inBoth(world);
    const account = world.salesforce.control.create('Account', { Name: 'Acme' });
    await world.sync();
    await live(world);
    await world.settled();
    world.salesforce.control.edit(account, { Name: 'Acme Ltd' });
    world.salesforce.control.edit(ids.sf, { Department: 'Sales' });
    await world.until('both are known', async () => (await events(world)) >= 2);
    await world.settled();
    return { world, ...ids };
  }

  /** Reads of the org that were not of records by id. */
  const pullsSince = (world: World, mark: number): readonly string[] =>
    world.salesforce.control
      .requests()
      .slice(mark)
      .map(({ path }) => path)
      .filter((path) => path.includes('ORDER BY SystemModstamp'));

  it('bring an edit to HubSpot without a webhook, a schedule or a read of anything else', async () => {
    const { world, sf, hs } = await listening();
    const mark = world.mark();
    editSalesforce(world, sf, { Title: 'Countess', MailingCity: 'London' });
    await world.until('the edit is in HubSpot', () => propertiesOf(world, hs)['jobtitle'] === 'Countess');
    expect(propertiesOf(world, hs)['city']).toBe('London');
    await world.settled();
    expect(pullsSince(world, mark.salesforce)).toEqual([]);
    expect((await world.sync()).writes).toEqual([]);
  });

  it('bring a new contact and a deletion too', async () => {
    const { world } = await listening();
    const made = world.salesforce.control.create('Contact', { LastName: 'Cole', Email: 'ben@cole.example' });
    await world.until('the new contact is in HubSpot', () => records(world).length === 2);
    world.salesforce.control.remove(made);
    await world.until('the deletion is known', async () =>
      (await world.ask.behind(made)).records.some((record) => record.state === 'deleted'),
    );
    await world.settled();
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  });

  it('that the hub itself caused are no reason to look; nor is a change of what is not synced', async () => {
    const { world, sf, hs } = await listening();
    const before = await events(world);
    const lastHeard = await heard(world);
    editHubSpot(world, hs, { jobtitle: 'Countess' });
    await world.sync({ only: ['hubspot'] });
    expect(rowOf(world, sf)['Title']).toBe('Countess');
    await world.until('the event was heard', async () => (await heard(world)) !== lastHeard);
    const position = async (): Promise<unknown> =>
      (await world.database.prisma.stream.findFirstOrThrow()).position;
    const at = await position();
    world.salesforce.control.edit(sf, { Description: 'nobody maps it' });
    await world.until(
      'that was heard too',
      async () => JSON.stringify(await position()) !== JSON.stringify(at),
    );
    expect(await events(world)).toBe(before);
  });

  it('of a create of the hub are no reason to look', async () => {
    const { world } = await listening();
    const before = await events(world);
    const lastHeard = await heard(world);
    world.hubspot.control.create('contacts', { properties: { lastname: 'Cole', email: 'ben@cole.example' } });
    await world.sync({ only: ['hubspot'] });
    expect(world.salesforce.control.records('Contact')).toHaveLength(2);
    await world.until('the event was heard', async () => (await heard(world)) !== lastHeard);
    expect(await events(world)).toBe(before);
  });

  it('tell of what a flow of the org changed in the wake of a write of the hub', async () => {
    const flows = [{ type: 'Contact', field: 'Phone', set: { Title: 'Reachable' } }];
    const { world, hs } = await listening({ org: { rules: { flows } } });
    editHubSpot(world, hs, { phone: '+1 415 555 2671' });
    await world.sync({ only: ['hubspot'] });
    await world.until('the title is in HubSpot', () => propertiesOf(world, hs)['jobtitle'] === 'Reachable');
    await world.settled();
    expect((await world.sync()).writes).toEqual([]);
  });

  it('made while nobody listened are heard by the next process', async () => {
    const { world, sf, hs } = await listening();
    const mark = world.mark();
    await world.restart(() => {
      editSalesforce(world, sf, { Title: 'Countess' });
    });
    await world.until('the edit is in HubSpot', () => propertiesOf(world, hs)['jobtitle'] === 'Countess');
    expect(pullsSince(world, mark.salesforce)).toEqual([]);
    expect(await runs(world, 'stream')).toBeLessThanOrEqual(1);
  });

  it('that expired before anybody listened again are made up for by a read from the cursor', async () => {
    const { world, sf, hs } = await listening();
    const before = await runs(world, 'stream');
    await world.restart(() => {
      editSalesforce(world, sf, { Title: 'Countess' });
      world.salesforce.control.purgeEvents();
    });
    await world.until('the edit is in HubSpot', () => propertiesOf(world, hs)['jobtitle'] === 'Countess');
    expect(await runs(world, 'stream')).toBe(before + 1);
  });

  it('that name a record only have it looked at; an overflow has its object read', async () => {
    const { world, sf, hs } = await listening();
    world.salesforce.control.disturbEvents('gap');
    editSalesforce(world, sf, { Title: 'Countess' });
    await world.until('the edit is in HubSpot', () => propertiesOf(world, hs)['jobtitle'] === 'Countess');
    world.salesforce.control.disturbEvents('drop');
    editSalesforce(world, sf, { Title: 'Baroness' });
    world.salesforce.control.overflowEvents('Contact');
    await world.until('that is too', () => propertiesOf(world, hs)['jobtitle'] === 'Baroness');
  });

  it.each([
    ['the connection breaks', (world: World) => world.salesforce.control.cutConnections()],
    ['the session expires', (world: World) => world.salesforce.control.expireSessions()],
    ['the server forgets who listens', (world: World) => world.salesforce.control.forgetClients()],
    [
      'the maintenance begins',
      (world: World) => world.salesforce.control.fault({ kind: 'maintenance', path: '/cometd/', times: 2 }),
    ],
  ])('are heard again when %s', async (_what, happens) => {
    const { world, sf, hs } = await listening();
    happens(world);
    editSalesforce(world, sf, { Title: 'Countess' });
    await world.until('the edit is in HubSpot', () => propertiesOf(world, hs)['jobtitle'] === 'Countess');
    await live(world);
  });

  it('are heard by one process of several, and by another as soon as that one is gone', async () => {
    const { world, sf, hs } = await listening();
    const other = await world.join();
    try {
      // Ends the session that holds the lease, as the death of its process does.
      const ended = await world.database.prisma.$queryRaw<unknown[]>`
        select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'rapport streams' and datname = current_database()
           and pid in (select pid from pg_locks where locktype = 'advisory')`;
      expect(ended).toHaveLength(1);
      editSalesforce(world, sf, { Title: 'Countess' });
      await world.until('the edit is in HubSpot', () => propertiesOf(world, hs)['jobtitle'] === 'Countess');
      await live(world);
    } finally {
      await other.close();
    }
    editSalesforce(world, sf, { Title: 'Baroness' });
    await world.until('that is too', () => propertiesOf(world, hs)['jobtitle'] === 'Baroness');
    await live(world);
  });

  it('are not listened to while the connection is paused, and are made up for when it goes on', async () => {
    const { world, sf, hs } = await listening();
    await world.get(ConnectionsController).pause('salesforce');
    await world.until('nobody listens', () => world.salesforce.control.listening() === 0);
    expect((await view(world)).stream).toBeNull();
    editSalesforce(world, sf, { Title: 'Countess' });
    await world.get(ConnectionsController).resume('salesforce');
    await world.until('the edit is in HubSpot', () => propertiesOf(world, hs)['jobtitle'] === 'Countess');
    await world.apply({ salesforce: 'absent' });
    await world.until('nobody listens', () => world.salesforce.control.listening() === 0);
  });

  it('that the org does not give leave the connection polled, and its status says why', async () => {
    const { world, sf, hs } = await listening();
    const error = '403::Organization total events daily limit exceeded';
    world.salesforce.control.refuseStreaming({ channel: '/meta/handshake', error, times: 100 });
    world.salesforce.control.forgetClients();
    await world.until('it is polled', async () => (await view(world)).stream?.state === 'polling');
    const { stream, state } = await view(world);
    expect(state).toBe('active');
    expect(stream?.problem).toMatchObject({ code: 'EVENTS_LIMIT_EXCEEDED', kind: 'throttled' });
    editSalesforce(world, sf, { Title: 'Countess' });
    await world.sync();
    expect(propertiesOf(world, hs)['jobtitle']).toBe('Countess');
  });

  it('are waited for only after the first sync, and not where the settings say so', async () => {
    const world = await open({ listen: true, org: { streaming: STREAMING } });
    const leases = async (): Promise<number> => {
      await world.get(Streams).refresh();
      const found = await world.database.prisma.$queryRaw<unknown[]>`
        select pid from pg_stat_activity where application_name = 'rapport streams' and datname = current_database()`;
      return found.length;
    };
    inBoth(world);
    expect(await leases()).toBe(0);
    await world.apply({ salesforce: { settings: { changeEvents: false } } });
    await world.sync();
    expect(await leases()).toBe(0);
    await world.apply({ salesforce: { settings: { changeEvents: true } } });
    await live(world);
  });

  it('give each of two edits its own time, though both are seen at once', async () => {
    const { world, sf, hs } = await listening();
    const ago = (seconds: number): { at: string; committed: string } => {
      const at = new Date(Date.now() - seconds * 1000).toISOString();
      return { at, committed: at };
    };
    await world.get(ConnectionsController).pause('salesforce');
    world.salesforce.control.edit(sf, { Title: 'Earlier' }, ago(60));
    editHubSpot(world, hs, { jobtitle: 'Later' }, 40);
    world.salesforce.control.edit(sf, { Phone: '+1 415 555 2671' }, ago(20));
    await world.sync({ only: ['hubspot'] });
    await world.get(ConnectionsController).resume('salesforce');
    await world.until(
      'the phone is in HubSpot',
      () => propertiesOf(world, hs)['phone'] === '+1 415 555 2671',
    );
    await world.until('the later title is in Salesforce', () => rowOf(world, sf)['Title'] === 'Later');
    expect(propertiesOf(world, hs)['jobtitle']).toBe('Later');
    expect((await world.sync()).writes).toEqual([]);
  });
});
