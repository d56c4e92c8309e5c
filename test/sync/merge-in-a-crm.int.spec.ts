import { DAY, inBoth, inHubSpot, inSalesforce, records, rows } from './support/people.js';
import { worlds, type World } from './support/world.js';

/** One person, entered twice in either system under two e-mails; who recognises that is a person. */
function enteredTwice(world: World): {
  first: { sf: string; hs: string };
  second: { sf: string; hs: string };
} {
  const named = { first: 'Ada', last: 'Byron' };
  return {
    first: inBoth(world, { ...named, email: 'ada@byron.example', salesforce: { Title: 'Countess' } }),
    second: inBoth(world, { ...named, email: 'ada@lovelace.example', salesforce: { Department: 'Engines' } }),
  };
}

describe('a merge in Salesforce', () => {
  const { open } = worlds();

  it('makes one customer of two, and leaves one record there', async () => {
    const world = await open({ hubspot: { customer: { create: false } } });
    const [kept = '', gone = ''] = inSalesforce(world, [
      { FirstName: 'Ada', LastName: 'Byron', Email: 'ada@byron.example', Title: 'Countess' },
      { FirstName: 'Ada', LastName: 'Byron', Email: 'ada@lovelace.example' },
    ]);
    const [hs = ''] = inHubSpot(world, [{ firstname: 'Ada', email: 'ada@lovelace.example' }]);
    await world.sync();
    expect(await world.ask.howMany('customer')).toBe(2);

    world.salesforce.control.merge(kept, [gone]);
    await world.sync();

    expect(await world.ask.howMany('customer')).toBe(1);
    expect((await world.ask.behind(kept)).id).toBe((await world.ask.behind(hs)).id);
    expect(rows(world).map((row) => row['Id'])).toEqual([kept]);
    expect(records(world)).toMatchObject([{ properties: { jobtitle: 'Countess', lastname: 'Byron' } }]);
    expect((await world.sync()).writes).toEqual([]);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('tells of the duplicate that is left in HubSpot, until it is merged there too', async () => {
    const world = await open();
    const { first, second } = enteredTwice(world);
    await world.sync();
    expect(await world.ask.howMany('customer')).toBe(2);

    world.salesforce.control.merge(first.sf, [second.sf]);
    await world.sync();
    expect(await world.ask.howMany('customer')).toBe(1);
    expect(await world.ask.issues()).toContainEqual(
      expect.objectContaining({ connection: 'hubspot', code: 'DUPLICATE_IN_SYSTEM', severity: 'notice' }),
    );
    expect((await world.ask.unsynced()).issues).toBe(0);
    expect((await world.sync()).writes).toEqual([]);

    const merged = world.hubspot.control.merge('contacts', first.hs, second.hs);
    await world.sync();
    expect(await world.ask.issues()).toEqual([]);
    expect(await world.ask.howMany('customer')).toBe(1);
    expect((await world.ask.behind(merged)).id).toBe((await world.ask.behind(first.sf)).id);
    expect([rows(world).length, records(world).length]).toEqual([1, 1]);
    expect((await world.sync()).writes).toEqual([]);
  });
});

describe('a merge in HubSpot', () => {
  const { open } = worlds();

  it('makes one customer of two, though the survivor has a new id', async () => {
    const world = await open();
    const { first, second } = enteredTwice(world);
    await world.sync();

    const merged = world.hubspot.control.merge('contacts', first.hs, second.hs);
    await world.sync();

    expect(await world.ask.howMany('customer')).toBe(1);
    expect(records(world).map((record) => record.id)).toEqual([merged]);
    expect((await world.ask.behind(merged)).id).toBe((await world.ask.behind(second.sf)).id);
    expect(await world.ask.issues()).toMatchObject([
      { connection: 'salesforce', code: 'DUPLICATE_IN_SYSTEM', severity: 'notice' },
    ]);
    expect((await world.sync()).writes).toEqual([]);

    world.salesforce.control.merge(first.sf, [second.sf]);
    await world.sync();
    expect(await world.ask.issues()).toEqual([]);
    expect([rows(world).length, records(world).length]).toEqual([1, 1]);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('of records that are long known makes no third one', async () => {
    const world = await open();
    const ids = inHubSpot(
      world,
      [
        { firstname: 'Bo', lastname: 'Ek', email: 'bo@ek.example' },
        { firstname: 'Bo', lastname: 'Ek', email: 'bo@old.example' },
      ],
      { ago: 30 * DAY },
    );
    await world.sync();
    world.hubspot.control.merge('contacts', ids[0] ?? '', ids[1] ?? '');
    await world.sync();
    await world.sync();
    expect([rows(world).length, records(world).length]).toEqual([2, 1]);
    expect((await world.sync()).writes).toEqual([]);
  });
});
