import { ConnectionsService } from '../../src/connections/connections.service.js';
import { dayOf } from '../../src/sdk/index.js';
import { DryRunService, type DryRun } from '../../src/sync/dry-run.service.js';
import {
  DAY,
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
import { worlds, type World } from './support/world.js';

describe('a filter for creation', () => {
  const { open } = worlds();

  it('keeps those who do not pass from being made, until they do', async () => {
    const filter = [{ field: 'lifecycleStage', is: 'customer' }];
    const world = await open({ salesforce: { customer: { filter } } });
    const [lead = ''] = inHubSpot(world, [
      { lastname: 'Byron', email: 'ada@byron.example', lifecyclestage: 'lead' },
      { lastname: 'Cole', email: 'ben@cole.example', lifecyclestage: 'customer' },
    ]);
    await world.sync();
    expect(rows(world).map((row) => row['LastName'])).toEqual(['Cole']);
    expect(await world.ask.unsynced()).toEqual(NOTHING);

    editHubSpot(world, lead, { lifecyclestage: 'customer' });
    await world.sync();
    expect(rows(world).map((row) => row['LastName'])).toEqual(['Cole', 'Byron']);
  });
});

describe('a changed configuration', () => {
  const { open } = worlds();

  it('decides anew by changed rules, and pushes what they come to, without a sync', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world, {
      salesforce: { Title: 'Clerk' },
      hubspot: { jobtitle: 'Chief' },
      ago: { salesforce: 9 * DAY, hubspot: DAY },
    });
    await world.sync();
    expect(rowOf(world, sf)['Title']).toBe('Chief');

    const order = ['salesforce', 'hubspot'];
    await world.apply({ survivorship: { customer: { jobTitle: { rule: 'source-priority', order } } } });
    await world.settled();
    expect(await world.ask.golden(sf, 'jobTitle')).toBe('Clerk');
    expect([rowOf(world, sf)['Title'], propertiesOf(world, hs)['jobtitle']]).toEqual(['Clerk', 'Clerk']);
    const [told] = await world.ask.history(sf, 'jobTitle');
    expect(told).toMatchObject({ old: 'Chief', new: 'Clerk', rule: 'source-priority' });
    expect((await world.sync()).writes).toEqual([]);
  });

  it('that no longer names a connection leaves it alone, and goes on where it was once it is back', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world, { hubspot: { city: 'Oslo' } });
    await world.sync();

    await world.apply({ hubspot: 'absent' });
    const mark = world.mark();
    editSalesforce(world, sf, { Title: 'Clerk' });
    await world.sync();
    expect(world.hubspot.control.calls().slice(mark.hubspot)).toEqual([]);
    // What it had said still stands.
    expect(rowOf(world, sf)['MailingCity']).toBe('Oslo');
    expect(await world.ask.golden(sf, 'jobTitle')).toBe('Clerk');
    expect(await world.ask.unsynced()).toEqual(NOTHING);

    await world.apply({ hubspot: {} });
    await world.sync();
    expect(propertiesOf(world, hs)['jobtitle']).toBe('Clerk');
    expect([rows(world).length, records(world).length]).toEqual([1, 1]);
  });
});

describe('a dry run', () => {
  const { open } = worlds();

  async function dryRun(world: World): Promise<DryRun> {
    const { external } = await world.get(ConnectionsService).directory();
    return world
      .get(DryRunService)
      .run({ connections: external, full: false, signal: new AbortController().signal });
  }

  async function expectPredicted(world: World): Promise<void> {
    const before = {
      salesforce: [rows(world), rows(world, 'Account')],
      hubspot: [records(world), records(world, 'companies')],
      golden: await world.database.prisma.golden.findMany({ orderBy: { id: 'asc' } }),
      cursors: await world.database.prisma.syncCursor.findMany(),
    };
    const mark = world.mark();
    const predicted = await dryRun(world);
    expect(predicted.problems).toEqual([]);
    expect(world.writesSince(mark)).toEqual([]);
    expect({
      salesforce: [rows(world), rows(world, 'Account')],
      hubspot: [records(world), records(world, 'companies')],
      golden: await world.database.prisma.golden.findMany({ orderBy: { id: 'asc' } }),
      cursors: await world.database.prisma.syncCursor.findMany(),
    }).toEqual(before);

    const synced = await world.sync();
    const told = predicted.parts.map(({ connection, object, creates, updates }) => ({
      connection,
      object,
      created: creates,
      updated: updates,
    }));
    const came = predicted.parts.map(({ connection, object }) => {
      const { created, updated } = synced.count(connection, object);
      return { connection, object, created, updated };
    });
    expect(came).toEqual(told);
    expect(told.some(({ created, updated }) => created + updated > 0)).toBe(true);
  }

  it('changes nothing, and says what the sync then does', async () => {
    const world = await open();
    inSalesforce(world, [{ LastName: 'Byron', Email: 'ada@byron.example', Title: 'Countess' }]);
    inHubSpot(world, [{ lastname: 'Cole', email: 'ben@cole.example' }]);
    const { sf } = inBoth(world, { email: 'eve@dunn.example', hubspot: { jobtitle: 'Chief', city: 'Oslo' } });
    const shown = await dryRun(world);
    const samples = shown.parts.flatMap((part) => part.samples);
    const update = samples.find((sample) => sample.externalId === sf);
    expect(update).toMatchObject({ operation: 'update', title: 'Ada Byron' });
    expect(update?.fields).toContainEqual({
      field: 'jobTitle',
      from: null,
      to: 'Chief',
      rule: 'most-recent',
      winner: 'hubspot',
    });
    expect(
      shown.parts.find((part) => part.connection === 'hubspot' && part.object === 'contact')?.writeCalls,
    ).toBeGreaterThan(0);

    await expectPredicted(world);
  });

  it('knows of edits on both sides, conflicts and accounts', async () => {
    const world = await open();
    const [acme = ''] = inSalesforce(world, [{ Name: 'Acme' }], { type: 'Account' });
    const ada = inBoth(world, { salesforce: { AccountId: acme } });
    const bob = inBoth(world, { email: 'bob@cole.example', first: 'Bob', last: 'Cole' });
    await world.sync();
    editSalesforce(world, ada.sf, { Title: 'Clerk' });
    editHubSpot(world, ada.hs, { jobtitle: 'Chief', city: 'Oslo' });
    editSalesforce(world, bob.sf, { Email: 'bob@new.example' });
    inHubSpot(world, [{ lastname: 'Dunn', email: 'eve@dunn.example' }]);
    await expectPredicted(world);
  });

  const many = (count: number): { LastName: string; Email: string }[] =>
    Array.from({ length: count }, (_, index) => ({
      LastName: `Person ${String(index)}`,
      Email: `person${String(index)}@many.example`,
    }));
  const ofHubSpot = ({ calls }: DryRun): DryRun['calls'][number] => {
    const found = calls.find(({ connection }) => connection === 'hubspot');
    if (found === undefined) throw new Error('It says nothing of HubSpot.');
    return found;
  };

  it('says about how many calls the sync makes', async () => {
    const world = await open();
    inSalesforce(world, many(1200));
    const { read, write, left } = ofHubSpot(await dryRun(world));
    expect(left).not.toBe(0);
    const before = world.hubspot.control.calls().length;
    await world.sync();
    const made = world.hubspot.control.calls().length - before;
    expect(read + write).toBeGreaterThan(made / 2);
    expect(read + write).toBeLessThan(made * 2);
  });

  it('says that the sync ends another day where the calls of this one are not enough', async () => {
    const world = await open({
      portal: { limits: { daily: 100, burst: 100_000, searchPerSecond: 100_000 } },
      limits: { hubspot: { dailyCallsPercent: 40 } },
    });
    inSalesforce(world, many(6000));
    const midnight = dayOf(Date.now(), 'Europe/Berlin').end;
    const { read, write, left, endsAt } = ofHubSpot(await dryRun(world));
    expect(read + write).toBeGreaterThan(left ?? Infinity);
    expect(Date.parse(endsAt)).toBeGreaterThanOrEqual(midnight);
  });
});
