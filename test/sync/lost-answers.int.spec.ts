import {
  editHubSpot,
  editSalesforce,
  inBoth,
  inHubSpot,
  inSalesforce,
  propertiesOf,
  records,
  rowOf,
  rows,
} from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds, type Synced, type World } from './support/world.js';

describe('the answer to a create is lost', () => {
  const { open } = worlds();

  async function expectOneEach(world: World, count: number): Promise<void> {
    expect([rows(world).length, records(world).length]).toEqual([count, count]);
    expect(await world.ask.howMany('customer')).toBe(count);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    expect((await world.sync({ full: true })).writes).toEqual([]);
    expect([rows(world).length, records(world).length]).toEqual([count, count]);
  }

  /** Calls that made something; the second one would have made it twice. */
  function creates({ writes }: Synced, path: string): number {
    return writes.filter((call) => call.startsWith('POST') && call.includes(path)).length;
  }

  it.each([
    ['with an e-mail', { firstname: 'Ada', lastname: 'Byron', email: 'ada@byron.example' }],
    ['without one', { firstname: 'Ada', lastname: 'Byron', phone: '+1 415 555 2671' }],
  ])(
    'by Salesforce: there is one contact, %s',
    async (_, contact) => {
      const world = await open();
      inHubSpot(world, [contact]);
      world.salesforce.control.fault({ kind: 'lostAnswer', method: 'POST', path: '/composite/sobjects' });
      const synced = await world.sync();
      expect(creates(synced, '/composite/sobjects')).toBe(1);
      await expectOneEach(world, 1);
    },
    60_000,
  );

  it.each([
    ['with an e-mail', { FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example' }],
    ['without one', { FirstName: 'Ada', LastName: 'Byron', Phone: '+1 415 555 2671' }],
  ])(
    'by HubSpot: there is one contact, %s',
    async (_, contact) => {
      const world = await open();
      inSalesforce(world, [contact]);
      world.hubspot.control.fault({ kind: 'lost-answer', path: '/contacts/batch/create' });
      const synced = await world.sync();
      expect(creates(synced, '/contacts/batch/create')).toBe(1);
      await expectOneEach(world, 1);
    },
    60_000,
  );

  it('by a HubSpot that then refuses everything: the sync that finds it open again makes no second one', async () => {
    const world = await open();
    inSalesforce(world, [{ FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example' }]);
    world.hubspot.control.fault({ kind: 'lost-answer', path: '/contacts/batch/create' });
    world.hubspot.control.fault({ kind: 'status', status: 403, path: '/contacts/batch/read', times: 100 });
    const lost = await world.sync();
    expect(creates(lost, '/contacts/batch/create')).toBe(1);
    expect(await world.ask.unsynced()).toMatchObject({ writes: 1 });
    world.hubspot.control.clearFaults();
    await world.sync();
    await expectOneEach(world, 1);
  }, 60_000);

  it('by a HubSpot that keeps the hub’s id: what somebody changes there meanwhile stands', async () => {
    const world = await open({ hubspot: { settings: { hubIdProperty: 'rapport_id' } } });
    for (const object of ['contacts', 'companies'] as const)
      world.hubspot.control.defineProperty(object, { name: 'rapport_id', hasUniqueValue: true });
    inSalesforce(world, [
      { FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example', Title: 'Clerk' },
    ]);
    world.hubspot.control.fault({ kind: 'lost-answer', path: '/contacts/batch/upsert' });
    await world.begin();
    await world.until('HubSpot has made the contact', () => records(world).length === 1);
    editHubSpot(world, records(world)[0]?.id ?? '', { jobtitle: 'Chief' });
    await world.settled();
    expect(records(world).map(({ properties }) => properties['jobtitle'])).toEqual(['Chief']);
    expect(rows(world).map((row) => row['Title'])).toEqual(['Chief']);
    await expectOneEach(world, 1);
  }, 60_000);

  it('by both, where they keep the hub’s id: there is one contact each', async () => {
    const world = await open({
      salesforce: { settings: { externalIdField: 'Rapport_Id__c' } },
      hubspot: { settings: { hubIdProperty: 'rapport_id' } },
    });
    for (const object of ['contacts', 'companies'] as const)
      world.hubspot.control.defineProperty(object, { name: 'rapport_id', hasUniqueValue: true });
    inSalesforce(world, [{ FirstName: 'Ada', LastName: 'Byron', Phone: '+1 415 555 2671' }]);
    inHubSpot(world, [{ firstname: 'Ben', lastname: 'Cole', phone: '+1 415 555 2672' }]);
    world.salesforce.control.fault({ kind: 'lostAnswer', method: 'PATCH', path: '/composite/sobjects' });
    world.hubspot.control.fault({ kind: 'lost-answer', path: '/contacts/batch/upsert' });
    await world.sync();
    await expectOneEach(world, 2);
    const { id } = await world.ask.behind(records(world)[0]?.id ?? '');
    expect(rows(world).map((row) => row['Rapport_Id__c'])).toContain(id);
  }, 60_000);

  it('to a batch of many: none is made twice', async () => {
    const world = await open();
    inHubSpot(
      world,
      Array.from({ length: 60 }, (_, index) => ({
        firstname: 'Ada',
        lastname: `Byron ${String(index)}`,
        ...(index % 2 === 0 && { email: `ada${String(index)}@byron.example` }),
      })),
    );
    world.salesforce.control.fault({ kind: 'lostAnswer', method: 'POST', path: '/composite/sobjects' });
    await world.sync();
    await expectOneEach(world, 60);
  }, 60_000);

  it('and the process ends before it knows: another one on the same database makes no second record', async () => {
    const world = await open();
    inHubSpot(world, [{ firstname: 'Ada', lastname: 'Byron', email: 'ada@byron.example' }]);
    await world.sync();
    inHubSpot(world, [{ firstname: 'Ben', lastname: 'Cole', email: 'ben@cole.example' }]);
    // The call is made, its answer is lost, and nothing can be asked before the end.
    world.salesforce.control.fault({ kind: 'lostAnswer', method: 'POST', path: '/composite/sobjects' });
    world.salesforce.control.fault({ kind: 'reset', path: 'ben@cole.example', times: 1000 });
    await world.begin();
    await world.until('the contact is made', () => rows(world).length === 2);
    const uncertain = await world.database.prisma.pushIntent.count({ where: { sentAt: { not: null } } });
    expect(uncertain).toBe(1);
    await world.restart();
    world.salesforce.control.clearFaults();
    await world.sync();
    await expectOneEach(world, 2);
  }, 60_000);
});

describe('the answer to a create comes late', () => {
  const { open } = worlds();

  it('and what somebody changed in the new contact meanwhile is an edit like any other', async () => {
    const world = await open();
    inSalesforce(world, [
      { FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example', Title: 'Clerk' },
    ]);
    world.hubspot.control.fault({ kind: 'slow', path: '/contacts/batch/create', ms: 1_500 });
    await world.begin();
    await world.until('HubSpot has made the contact', () => records(world).length === 1);
    editHubSpot(world, records(world)[0]?.id ?? '', { jobtitle: 'Chief' });
    await world.settled();
    // Search knows of an edit only after a while.
    world.hubspot.control.catchUp();
    await world.sync();
    expect(records(world).map(({ properties }) => properties['jobtitle'])).toEqual(['Chief']);
    expect(rows(world).map((row) => row['Title'])).toEqual(['Chief']);
    expect((await world.sync()).writes).toEqual([]);
  }, 60_000);
});

describe('the answer to an update is lost', () => {
  const { open } = worlds();

  it('the write is no echo, and everything agrees in the end', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world);
    await world.sync();

    world.hubspot.control.fault({ kind: 'lost-answer', path: '/contacts/batch/update' });
    editSalesforce(world, sf, { Title: 'Clerk' });
    await world.sync();
    expect(propertiesOf(world, hs)['jobtitle']).toBe('Clerk');

    world.salesforce.control.fault({ kind: 'lostAnswer', method: 'PATCH', path: '/composite/sobjects' });
    editHubSpot(world, hs, { jobtitle: 'Chief' });
    await world.sync();
    expect(rowOf(world, sf)['Title']).toBe('Chief');

    expect((await world.sync({ full: true })).writes).toEqual([]);
    // The title was said once on each side, by a person.
    expect((await world.ask.history(sf, 'jobTitle')).map((line) => line.winner?.connection)).toEqual([
      'hubspot',
      'salesforce',
    ]);
  }, 60_000);
});

describe('an update has to wait', () => {
  const { open } = worlds();

  it('and what somebody changes in the record meanwhile is not written over', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world);
    await world.sync();
    world.hubspot.control.fault({
      kind: 'status',
      status: 429,
      policyName: 'TEN_SECONDLY_ROLLING',
      retryAfterSeconds: 1,
      path: '/contacts/batch/update',
    });
    editSalesforce(world, sf, { Title: 'Clerk' });
    await world.begin();
    await world.until('HubSpot has refused the write', () =>
      world.hubspot.control.calls().some(({ status }) => status === 429),
    );
    editHubSpot(world, hs, { jobtitle: 'Chief' });
    world.hubspot.control.catchUp();
    await world.settled();
    await world.sync();
    expect([propertiesOf(world, hs)['jobtitle'], rowOf(world, sf)['Title']]).toEqual(['Chief', 'Chief']);
    expect((await world.sync()).writes).toEqual([]);
  }, 60_000);
});

describe('of an update only the values are stored', () => {
  const { open } = worlds();

  it('and they are no edit of somebody in HubSpot', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world);
    const account = world.salesforce.control.create('Account', { Name: 'Acme', Website: 'acme.example' });
    await world.sync();
    world.hubspot.control.fault({ kind: 'status', status: 403, path: 'companies/batch/create' });
    editSalesforce(world, sf, { Title: 'Clerk', AccountId: account });
    await world.sync();
    expect(world.hubspot.control.calls().some(({ status }) => status === 403)).toBe(true);
    expect(propertiesOf(world, hs)['jobtitle']).toBe('Clerk');
    editSalesforce(world, sf, { Title: 'Chief' });
    await world.sync();
    expect((await world.ask.history(sf, 'jobTitle')).flatMap((line) => line.losers)).toEqual([]);
  }, 60_000);
});
