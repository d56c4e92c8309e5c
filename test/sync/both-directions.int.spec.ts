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
import { worlds } from './support/world.js';

describe('a sync of Salesforce and HubSpot', () => {
  const { open } = worlds();

  it('makes everybody known to both, once, and then makes no write call until somebody changes something', async () => {
    const world = await open();
    inSalesforce(world, [{ FirstName: 'Ada', LastName: 'Byron', Email: 'ada@one.example' }]);
    inHubSpot(world, [{ firstname: 'Ben', lastname: 'Cole', email: 'ben@two.example' }]);
    inBoth(world, { email: 'eve@both.example', first: 'Eve', last: 'Dunn' });

    const first = await world.sync();

    expect(first.writes.length).toBeGreaterThan(0);
    const emails = ['ada@one.example', 'ben@two.example', 'eve@both.example'];
    expect(rows(world).map((row) => row['Email'])).toEqual(expect.arrayContaining(emails));
    expect(records(world).map((row) => row.properties['email'])).toEqual(expect.arrayContaining(emails));
    expect([rows(world).length, records(world).length]).toEqual([3, 3]);
    expect(await world.ask.howMany('customer')).toBe(3);
    expect(await world.ask.unsynced()).toEqual(NOTHING);

    expect((await world.sync()).writes).toEqual([]);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('tells per connection and object what it did', async () => {
    const world = await open();
    inSalesforce(world, [{ LastName: 'Byron', Email: 'ada@one.example' }]);
    const { sf } = inBoth(world, { email: 'eve@both.example', hubspot: { jobtitle: 'Buyer' } });

    const first = await world.sync();
    expect(first.count('salesforce', 'contact')).toMatchObject({
      read: 2,
      created: 0,
      updated: 1,
      failed: 0,
    });
    expect(first.count('hubspot', 'contact')).toMatchObject({ created: 1, updated: 0, failed: 0 });
    expect(first.count('hubspot', 'contact').calls).toBeGreaterThan(0);

    editSalesforce(world, sf, { Title: 'Head of Buying' });
    const second = await world.sync();
    expect(second.count('salesforce', 'contact').changed).toBe(1);
    expect(second.count('hubspot', 'contact')).toMatchObject({ created: 0, updated: 1 });
  });

  it('brings an edit from either system to the other', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world);
    await world.sync();

    editSalesforce(world, sf, { Title: 'Buyer' });
    await world.sync();
    expect(propertiesOf(world, hs)).toMatchObject({ jobtitle: 'Buyer' });

    editHubSpot(world, hs, { jobtitle: 'Head of Buying', city: 'Oslo' });
    await world.sync();
    expect(rowOf(world, sf)).toMatchObject({ Title: 'Head of Buying', MailingCity: 'Oslo' });
    expect((await world.sync()).writes).toEqual([]);
  });

  it('brings edits of two fields, one in each system, to both', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world);
    await world.sync();

    editSalesforce(world, sf, { Title: 'Clerk' });
    editHubSpot(world, hs, { city: 'Bergen' });
    await world.sync();

    expect(rowOf(world, sf)).toMatchObject({ Title: 'Clerk', MailingCity: 'Bergen' });
    expect(propertiesOf(world, hs)).toMatchObject({ jobtitle: 'Clerk', city: 'Bergen' });
  });

  it('clears in the other system what was cleared in one', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world, {
      salesforce: { Title: 'Chef', Phone: '+1 415 555 2671' },
      hubspot: { jobtitle: 'Chef', phone: '+1 415 555 2671' },
    });
    await world.sync();

    editSalesforce(world, sf, { Title: null });
    editHubSpot(world, hs, { phone: '' });
    await world.sync();

    expect(propertiesOf(world, hs)['jobtitle']).toBeUndefined();
    expect(rowOf(world, sf)['Phone']).toBeNull();
    expect((await world.sync()).writes).toEqual([]);
  });
});
