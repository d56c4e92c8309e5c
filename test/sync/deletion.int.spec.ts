import { DAY, editSalesforce, inBoth, propertiesOf, records, rowOf, rows } from './support/people.js';
import { worlds, type World } from './support/world.js';

/** Somebody whose title in HubSpot is the newer one. */
const DIFFERING = {
  salesforce: { Title: 'Clerk' },
  hubspot: { jobtitle: 'Chief' },
  ago: { salesforce: 9 * DAY, hubspot: DAY },
};

describe('a contact deleted in HubSpot', () => {
  const { open } = worlds();

  async function deleted(
    onDelete: 'keep' | 'withdraw' | 'archive',
  ): Promise<{ world: World; sf: string; hs: string }> {
    const world = await open({ hubspot: { customer: { onDelete } } });
    const { sf, hs } = inBoth(world, DIFFERING);
    await world.sync();
    expect(rowOf(world, sf)['Title']).toBe('Chief');
    world.hubspot.control.archive('contacts', hs);
    await world.sync();
    return { world, sf, hs };
  }

  it('keep: what it had said still stands, and it is neither written nor made again', async () => {
    const { world, sf, hs } = await deleted('keep');
    expect(rowOf(world, sf)['Title']).toBe('Chief');
    editSalesforce(world, sf, { Title: 'Boss' });
    await world.sync();
    expect(records(world)).toEqual([]);
    expect(propertiesOf(world, hs)['jobtitle']).toBe('Chief');
    expect((await world.ask.behind(hs)).records.map((record) => record.state)).toContain('deleted');
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('withdraw: what it had said no longer counts', async () => {
    const { world, sf } = await deleted('withdraw');
    expect(rowOf(world, sf)['Title']).toBe('Clerk');
    expect(rows(world)).toHaveLength(1);
    expect(records(world)).toEqual([]);
    expect((await world.sync()).writes).toEqual([]);
  });

  it('archive: it is deleted in Salesforce too, once', async () => {
    const { world } = await deleted('archive');
    expect(rows(world)).toEqual([]);
    expect(records(world)).toEqual([]);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('archive: restored by a person it stays, and is made again where the hub had deleted it', async () => {
    const { world, hs } = await deleted('archive');
    world.hubspot.control.restore('contacts', hs);
    await world.sync();
    expect(records(world).map((record) => record.id)).toEqual([hs]);
    expect(rows(world).map((row) => row['Title'])).toEqual(['Chief']);
    expect(await world.ask.howMany('customer')).toBe(1);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('that comes back is synced again', async () => {
    const { world, sf, hs } = await deleted('keep');
    editSalesforce(world, sf, { Title: 'Boss' });
    await world.sync();
    world.hubspot.control.restore('contacts', hs);
    await world.sync();
    expect(propertiesOf(world, hs)['jobtitle']).toBe('Boss');
    expect(await world.ask.howMany('customer')).toBe(1);
  });
});

describe('a contact deleted in Salesforce', () => {
  const { open } = worlds();

  it('keep: stays in HubSpot, and is not made again', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world, DIFFERING);
    await world.sync();
    world.salesforce.control.remove(sf);
    await world.sync();
    expect(rows(world)).toEqual([]);
    expect(records(world).map((record) => record.id)).toEqual([hs]);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('archive: is archived in HubSpot too', async () => {
    const world = await open({ salesforce: { customer: { onDelete: 'archive' } } });
    const { sf } = inBoth(world, DIFFERING);
    await world.sync();
    world.salesforce.control.remove(sf);
    await world.sync();
    expect(rows(world)).toEqual([]);
    expect(records(world)).toEqual([]);
  });
});
