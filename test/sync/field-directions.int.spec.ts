import {
  editHubSpot,
  editSalesforce,
  inBoth,
  inHubSpot,
  propertiesOf,
  records,
  rowOf,
  rows,
} from './support/people.js';
import { worlds, type World } from './support/world.js';

type Direction = 'pull' | 'push' | 'both' | 'none';

describe('the direction of one field in HubSpot', () => {
  const { open } = worlds();

  /** Both systems agree at first; then the title is edited in Salesforce, then in HubSpot. */
  async function edited(direction: Direction): Promise<{ world: World; after: unknown[][] }> {
    const world = await open({
      mapping: { hubspot: { customer: [{ field: 'jobTitle', direction }] } },
    });
    const ada = inBoth(world, { salesforce: { Title: 'Buyer' }, hubspot: { jobtitle: 'Buyer' } });
    const titles = (): unknown[] => [rowOf(world, ada.sf)['Title'], propertiesOf(world, ada.hs)['jobtitle']];
    await world.sync();
    editSalesforce(world, ada.sf, { Title: 'Clerk' });
    await world.sync();
    const first = titles();
    editHubSpot(world, ada.hs, { jobtitle: 'Chief', city: 'Oslo' });
    await world.sync();
    // Other fields go their way.
    expect(rowOf(world, ada.sf)['MailingCity']).toBe('Oslo');
    expect((await world.sync()).writes).toEqual([]);
    return { world, after: [first, titles()] };
  }

  it('both: it is read and written', async () => {
    const { after } = await edited('both');
    expect(after).toEqual([
      ['Clerk', 'Clerk'],
      ['Chief', 'Chief'],
    ]);
  });

  it('pull: it is read and never written', async () => {
    const { after } = await edited('pull');
    expect(after).toEqual([
      ['Clerk', 'Buyer'],
      ['Chief', 'Chief'],
    ]);
  });

  it('push: it is written, and what stands there is nobody’s word', async () => {
    const { after } = await edited('push');
    expect(after).toEqual([
      ['Clerk', 'Clerk'],
      ['Clerk', 'Clerk'],
    ]);
  });

  it('none: it is left alone', async () => {
    const { after } = await edited('none');
    expect(after).toEqual([
      ['Clerk', 'Buyer'],
      ['Clerk', 'Chief'],
    ]);
  });
});

describe('the direction of a whole connection', () => {
  const { open } = worlds();

  it('pull: HubSpot is read, and no call ever writes there', async () => {
    const world = await open({
      hubspot: { customer: { direction: 'pull' }, account: { direction: 'pull' } },
    });
    const ada = inBoth(world);
    inHubSpot(world, [{ lastname: 'Cole', email: 'bob@cole.example' }]);
    const start = world.mark();
    await world.sync();
    editSalesforce(world, ada.sf, { Title: 'Clerk' });
    await world.sync();

    expect(rows(world).map((row) => row['Email'])).toContain('bob@cole.example');
    expect(propertiesOf(world, ada.hs)['jobtitle']).toBeUndefined();
    expect(world.writesSince(start).filter((call) => call.includes('/crm/'))).toEqual([]);
  });

  it('push: HubSpot is written, and what its users say counts for nothing', async () => {
    const world = await open({ hubspot: { customer: { direction: 'push' } } });
    const ada = inBoth(world, { salesforce: { Title: 'Buyer' }, hubspot: { jobtitle: 'Chief' } });
    await world.sync();
    expect(records(world).map((record) => record.properties['jobtitle'])).toEqual(['Buyer']);
    expect(rowOf(world, ada.sf)['Title']).toBe('Buyer');
  });
});
