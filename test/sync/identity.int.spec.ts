import { CandidatesService } from '../../src/identity/candidates.service.js';
import { MergeService } from '../../src/identity/merge.service.js';
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

describe('a changed e-mail', () => {
  const { open } = worlds();

  it('travels, and makes no second customer, whichever side it was changed on', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world);
    await world.sync();

    editSalesforce(world, sf, { Email: 'ada@lovelace.example' });
    await world.sync();
    expect(propertiesOf(world, hs)['email']).toBe('ada@lovelace.example');

    editHubSpot(world, hs, { email: 'ada@engine.example' });
    await world.sync();
    expect(rowOf(world, sf)['Email']).toBe('ada@engine.example');

    await world.sync({ full: true });
    expect(await world.ask.howMany('customer')).toBe(1);
    expect([rows(world).length, records(world).length]).toEqual([1, 1]);
    expect((await world.sync()).writes).toEqual([]);
  });
});

describe('a contact that HubSpot has and the hub has not read yet', () => {
  const { open } = worlds();

  it('is found when it stands in the way of a create, and becomes the same customer', async () => {
    const world = await open();
    inBoth(world, { email: 'eve@dunn.example', first: 'Eve', last: 'Dunn' });
    await world.sync();
    // Dated long before the last read, as after an import: no search for changes brings it.
    const [hs = ''] = inHubSpot(
      world,
      [{ firstname: 'Ada', email: 'ada@byron.example', jobtitle: 'Countess' }],
      { ago: 30 * DAY },
    );
    const [sf = ''] = inSalesforce(world, [
      { FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example' },
    ]);
    await world.sync();
    expect((await world.ask.behind(hs)).id).toBe((await world.ask.behind(sf)).id);
    expect(rowOf(world, sf)['Title']).toBe('Countess');
    expect(propertiesOf(world, hs)['lastname']).toBe('Byron');
    expect(records(world)).toHaveLength(2);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    expect((await world.sync()).writes).toEqual([]);
  });
});

describe('one person twice in one system', () => {
  const { open } = worlds();
  const twice = [
    { FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example' },
    { FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example' },
  ];

  it('is one customer, and a notice tells of the duplicate', async () => {
    const world = await open();
    const ids = inSalesforce(world, twice);
    await world.sync();
    expect(await world.ask.howMany('customer')).toBe(1);
    expect(records(world)).toHaveLength(1);
    const [notice, ...others] = await world.ask.issues();
    expect(others).toEqual([]);
    expect(notice).toMatchObject({
      connection: 'salesforce',
      code: 'DUPLICATE_IN_SYSTEM',
      severity: 'notice',
    });
    for (const id of ids) expect(notice?.message).toContain(id);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  });

  it('is two customers where the system is said to hold each person once', async () => {
    const world = await open({
      salesforce: { customer: { unique: true } },
      hubspot: { customer: { create: false } },
    });
    inSalesforce(world, twice);
    await world.sync();
    expect(await world.ask.howMany('customer')).toBe(2);
    expect((await world.ask.issues()).map((issue) => issue.code)).not.toContain('DUPLICATE_IN_SYSTEM');
  });
});

describe('two records that may be one person', () => {
  const { open } = worlds();

  /** The same phone, and no name in HubSpot to go by. */
  async function doubtful(): Promise<{ world: World; sf: string; hs: string }> {
    const world = await open();
    const phone = '+1 415 555 2671';
    const [sf = ''] = inSalesforce(world, [
      { FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example', Phone: phone },
    ]);
    const [hs = ''] = inHubSpot(world, [{ email: 'desk@engine.example', phone }]);
    await world.sync();
    return { world, sf, hs };
  }

  async function decide(world: World, verdict: 'same' | 'notSame'): Promise<void> {
    const candidates = world.get(CandidatesService);
    const [pair] = (await candidates.list({ limit: 10 })).items;
    if (pair === undefined) throw new Error('There is nothing to decide.');
    await candidates.decide({ a: pair.a.recordId, b: pair.b.recordId, verdict, by: 'eve' });
    await world.settled();
  }

  it('wait: neither is made in the other system before a person has said', async () => {
    const { world } = await doubtful();
    expect([rows(world).length, records(world).length]).toEqual([1, 1]);
    const waiting = (await world.ask.issues()).filter((issue) => issue.code === 'WAITING_FOR_MATCH');
    expect(waiting.map((issue) => issue.connection).sort()).toEqual(['hubspot', 'salesforce']);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('wait, too, where a create was planned before the doubt came up', async () => {
    const world = await open();
    const phone = '+1 415 555 2671';
    inSalesforce(world, [{ FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example', Phone: phone }]);
    inHubSpot(world, [{ email: 'desk@engine.example', phone }]);
    // HubSpot has never been read: nothing is made there yet.
    await world.sync({ only: ['salesforce'] });
    expect(await world.database.prisma.pushIntent.count({ where: { kind: 'create' } })).toBe(1);
    await world.sync({ only: ['hubspot'] });
    expect([rows(world).length, records(world).length]).toEqual([1, 1]);
    expect(await world.database.prisma.pushIntent.count()).toBe(0);
  });

  it('become one by the word "same", and stay so', async () => {
    const { world, sf, hs } = await doubtful();
    await decide(world, 'same');
    expect(await world.ask.howMany('customer')).toBe(1);
    expect(await world.ask.issues()).toEqual([]);
    expect([rows(world).length, records(world).length]).toEqual([1, 1]);
    expect(propertiesOf(world, hs)).toMatchObject({ firstname: 'Ada', lastname: 'Byron' });
    expect(rowOf(world, sf)['Email']).toBe(propertiesOf(world, hs)['email']);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('are made in the other system by the word "not same", and stay two', async () => {
    const { world, hs } = await doubtful();
    await decide(world, 'notSame');
    expect(records(world).map((record) => record.properties['email'])).toContain('ada@byron.example');
    // Salesforce wants a last name, which nobody knows yet.
    editHubSpot(world, hs, { firstname: 'Zoe', lastname: 'King' });
    await world.sync();
    expect(
      rows(world)
        .map((row) => row['LastName'])
        .sort(),
    ).toEqual(['Byron', 'King']);
    await world.sync({ full: true });
    expect(await world.ask.howMany('customer')).toBe(2);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  });
});

describe('merge and unmerge by a person', () => {
  const { open } = worlds();

  it('join two customers and part them again exactly, in the hub and in both systems', async () => {
    const world = await open({
      salesforce: { customer: { create: false } },
      hubspot: { customer: { create: false } },
    });
    const [sf = ''] = inSalesforce(world, [
      { FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example', Title: 'Countess' },
    ]);
    const [hs = ''] = inHubSpot(world, [
      { firstname: 'Augusta', lastname: 'King', email: 'augusta@king.example', city: 'London' },
    ]);
    await world.sync();
    const seen = (): unknown => {
      const { FirstName, LastName, Email, Title, MailingCity } = rowOf(world, sf);
      return [{ FirstName, LastName, Email, Title, MailingCity }, propertiesOf(world, hs)];
    };
    const known = async (): Promise<unknown> => [
      (await world.ask.behind(sf)).fields.map(({ field, value }) => [field, value]),
      (await world.ask.behind(hs)).fields.map(({ field, value }) => [field, value]),
    ];
    const before = { seen: seen(), known: await known() };
    const [a, b] = [await world.ask.behind(sf), await world.ask.behind(hs)];

    const { survivorId } = await world.get(MergeService).merge(a.id, b.id, 'eve');
    await world.settled();
    expect(await world.ask.howMany('customer')).toBe(1);
    expect(rowOf(world, sf)).toMatchObject({
      MailingCity: 'London',
      Email: propertiesOf(world, hs)['email'],
    });
    expect(propertiesOf(world, hs)).toMatchObject({ jobtitle: 'Countess' });
    expect((await world.sync()).writes).toEqual([]);

    await world.get(MergeService).unmerge({ id: survivorId, by: 'eve' });
    await world.settled();
    expect(await world.ask.howMany('customer')).toBe(2);
    expect(await known()).toEqual(before.known);
    expect(seen()).toEqual(before.seen);
    expect((await world.sync({ full: true })).writes).toEqual([]);
    expect(await world.ask.howMany('customer')).toBe(2);
  });
});
