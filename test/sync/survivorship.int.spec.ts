import { CustomersService } from '../../src/customers/customers.service.js';
import { EditService } from '../../src/customers/edit.service.js';
import type { Explanation } from '../../src/customers/explain.js';
import { DAY, editHubSpot, editSalesforce, inBoth, propertiesOf, rowOf } from './support/people.js';
import { worlds, type World } from './support/world.js';

/** What both systems hold as the job title. */
function titles(world: World, { sf, hs }: { readonly sf: string; readonly hs: string }): unknown[] {
  return [rowOf(world, sf)['Title'], propertiesOf(world, hs)['jobtitle']];
}

const AGREED = { salesforce: { Title: 'Buyer' }, hubspot: { jobtitle: 'Buyer' } };

describe('most-recent', () => {
  const { open } = worlds();

  it('lets the later of two edits win, whichever side it was made on, and history names the one that lost', async () => {
    const world = await open();
    const ada = inBoth(world, AGREED);
    const bob = inBoth(world, { email: 'bob@cole.example', first: 'Bob', last: 'Cole', ...AGREED });
    await world.sync();

    editSalesforce(world, ada.sf, { Title: 'Clerk' }, 30);
    editHubSpot(world, ada.hs, { jobtitle: 'Chief' }, 10);
    editSalesforce(world, bob.sf, { Title: 'Clerk' }, 10);
    editHubSpot(world, bob.hs, { jobtitle: 'Chief' }, 30);
    await world.sync();

    expect(titles(world, ada)).toEqual(['Chief', 'Chief']);
    expect(titles(world, bob)).toEqual(['Clerk', 'Clerk']);
    const told = (await world.ask.history(ada.sf, 'jobTitle')).find((line) => line.new === 'Chief');
    expect(told).toMatchObject({ rule: 'most-recent', winner: { connection: 'hubspot' } });
    const lost = (await world.ask.history(ada.sf, 'jobTitle')).flatMap((line) => line.losers);
    expect(lost.map(({ connection, value }) => [connection, value])).toContainEqual(['salesforce', 'Clerk']);
    expect(told?.receipts).toMatchObject([
      { connection: 'salesforce', operation: 'update', sent: 'Chief', stored: 'Chief' },
    ]);
    expect((await world.sync()).writes).toEqual([]);
  });

  it('goes by what the systems say of the time, on first contact too', async () => {
    const world = await open();
    const ada = inBoth(world, {
      salesforce: { Title: 'Clerk' },
      hubspot: { jobtitle: 'Chief' },
      ago: { salesforce: 5 * DAY, hubspot: 20 * DAY },
    });
    await world.sync();
    expect(titles(world, ada)).toEqual(['Clerk', 'Clerk']);
  });
});

describe('source-priority', () => {
  const { open } = worlds();

  it('puts an edit in the lower system back, says so in history, and keeps doing so', async () => {
    const order = ['salesforce', 'hubspot'];
    const world = await open({
      survivorship: { customer: { jobTitle: { rule: 'source-priority', order } } },
    });
    const ada = inBoth(world, AGREED);
    await world.sync();

    for (const jobtitle of ['Chief', 'Boss']) {
      editHubSpot(world, ada.hs, { jobtitle });
      await world.sync();
      expect(titles(world, ada)).toEqual(['Buyer', 'Buyer']);
      const [newest] = await world.ask.history(ada.sf, 'jobTitle');
      expect(newest).toMatchObject({
        kind: 'overridden',
        new: 'Buyer',
        rule: 'source-priority',
        winner: { connection: 'salesforce' },
        losers: [{ connection: 'hubspot', value: jobtitle }],
      });
      expect((await world.sync()).writes).toEqual([]);
    }

    editSalesforce(world, ada.sf, { Title: 'Head of Buying' });
    await world.sync();
    expect(titles(world, ada)).toEqual(['Head of Buying', 'Head of Buying']);
  });
});

describe('most-complete', () => {
  const { open } = worlds();

  it('keeps the fuller value, whichever came last', async () => {
    const world = await open({ survivorship: { customer: { jobTitle: 'most-complete' } } });
    const ada = inBoth(world, {
      salesforce: { Title: 'VP' },
      hubspot: { jobtitle: 'Vice President' },
      ago: { salesforce: DAY, hubspot: 9 * DAY },
    });
    await world.sync();
    expect(titles(world, ada)).toEqual(['Vice President', 'Vice President']);

    editSalesforce(world, ada.sf, { Title: 'V. P.' });
    await world.sync();
    expect(titles(world, ada)).toEqual(['Vice President', 'Vice President']);

    editSalesforce(world, ada.sf, { Title: 'Vice President of Sales' });
    await world.sync();
    expect(titles(world, ada)).toEqual(['Vice President of Sales', 'Vice President of Sales']);
  });
});

describe('union', () => {
  const { open } = worlds();

  it('gives both systems what either of them says', async () => {
    const world = await open({ survivorship: { customer: { tags: 'union' } } });
    const options = ['Events', 'Product', 'Training'];
    world.hubspot.control.defineProperty('contacts', {
      name: 'interests',
      type: 'enumeration',
      fieldType: 'checkbox',
      options,
    });
    await world.apply({
      mapping: {
        salesforce: { customer: [{ field: 'tags', property: 'Interests__c' }] },
        hubspot: { customer: [{ field: 'tags', property: 'interests' }] },
      },
    });
    const ada = inBoth(world, {
      salesforce: { Interests__c: 'Events' },
      hubspot: { interests: 'Training' },
    });
    const sets = (): unknown[] =>
      [rowOf(world, ada.sf)['Interests__c'], propertiesOf(world, ada.hs)['interests']].map((set) =>
        String(set).split(';').sort(),
      );
    await world.sync();
    expect(sets()).toEqual([
      ['Events', 'Training'],
      ['Events', 'Training'],
    ]);

    editHubSpot(world, ada.hs, { interests: 'Events;Product;Training' });
    await world.sync();
    expect(sets()).toEqual([options, options]);
    expect((await world.sync()).writes).toEqual([]);
  });
});

describe('manual', () => {
  const { open } = worlds();

  it('is undecided until a person edits it in the hub, and their word then holds in both systems', async () => {
    const world = await open({ survivorship: { customer: { jobTitle: 'manual' } } });
    const ada = inBoth(world, {
      salesforce: { Title: 'Clerk' },
      hubspot: { jobtitle: 'Chief' },
      ago: { salesforce: 9 * DAY, hubspot: DAY },
    });
    await world.sync();
    const { id } = await world.ask.behind(ada.sf);
    const explained = (): Promise<Explanation> =>
      world.get(CustomersService).explain({ id, field: 'jobTitle' });
    // The value known longest stands until then.
    expect(await explained()).toMatchObject({ value: 'Clerk', undecided: true, rule: { rule: 'manual' } });

    await world.get(EditService).edit({ id, values: { jobTitle: 'Director' }, by: 'eve' });
    await world.settled();
    expect(await explained()).toMatchObject({ value: 'Director', undecided: false });
    expect(titles(world, ada)).toEqual(['Director', 'Director']);

    editSalesforce(world, ada.sf, { Title: 'Nobody' });
    await world.sync();
    expect(titles(world, ada)).toEqual(['Director', 'Director']);
  });
});

describe('a value somebody cleared', () => {
  const { open } = worlds();

  it('stays cleared with blanks: win', async () => {
    const rule = { rule: 'most-recent', blanks: 'win' };
    const world = await open({ survivorship: { customer: { jobTitle: rule } } });
    const ada = inBoth(world, AGREED);
    await world.sync();
    editSalesforce(world, ada.sf, { Title: null });
    await world.sync();
    expect(titles(world, ada)).toEqual([null, undefined]);
  });

  it('is put back with blanks: ignore, and history says so', async () => {
    const rule = { rule: 'most-recent', blanks: 'ignore' };
    const world = await open({ survivorship: { customer: { jobTitle: rule } } });
    const ada = inBoth(world, AGREED);
    await world.sync();
    editSalesforce(world, ada.sf, { Title: null });
    await world.sync();
    expect(titles(world, ada)).toEqual(['Buyer', 'Buyer']);
    const [told] = await world.ask.history(ada.sf, 'jobTitle');
    expect(told).toMatchObject({ kind: 'overridden', new: 'Buyer' });
    expect(told?.losers.map(({ connection, value }) => [connection, value])).toEqual([['salesforce', null]]);
    expect((await world.sync()).writes).toEqual([]);
  });
});
