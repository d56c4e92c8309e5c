import { DAY, editHubSpot, editSalesforce, inBoth, propertiesOf, rowOf } from './support/people.js';
import type { Setup } from './support/configuration.js';
import { worlds, type World } from './support/world.js';

const TIER: Setup = {
  mapping: {
    salesforce: { customer: [{ field: 'custom.tier', property: 'Tier__c', direction: 'both' }] },
    hubspot: { customer: [{ field: 'custom.tier', property: 'customer_tier', direction: 'both' }] },
  },
};

describe('a custom field mapped by the configuration', () => {
  const { open } = worlds();

  function tiers(world: World, { sf, hs }: { readonly sf: string; readonly hs: string }): unknown[] {
    return [rowOf(world, sf)['Tier__c'], propertiesOf(world, hs)['customer_tier']];
  }

  it('travels both ways, and is cleared like any other', async () => {
    const world = await open(TIER);
    world.hubspot.control.defineProperty('contacts', { name: 'customer_tier' });
    const ada = inBoth(world, { salesforce: { Tier__c: 'Gold' } });
    await world.sync();
    expect(tiers(world, ada)).toEqual(['Gold', 'Gold']);
    expect(await world.ask.golden(ada.sf, 'custom.tier')).toBe('Gold');

    editHubSpot(world, ada.hs, { customer_tier: 'Silver' });
    await world.sync();
    expect(tiers(world, ada)).toEqual(['Silver', 'Silver']);

    editSalesforce(world, ada.sf, { Tier__c: null });
    await world.sync();
    expect(tiers(world, ada)).toEqual([null, undefined]);
    expect((await world.sync()).writes).toEqual([]);
  });

  it('that is mapped later is read of all records, however long unchanged', async () => {
    const world = await open();
    world.hubspot.control.defineProperty('contacts', { name: 'customer_tier' });
    const ago = { salesforce: 30 * DAY, hubspot: 30 * DAY };
    const ada = inBoth(world, { salesforce: { Tier__c: 'Gold' }, ago });
    const bob = inBoth(world, { email: 'bob@cole.example', hubspot: { customer_tier: 'Bronze' }, ago });
    await world.sync();
    expect(tiers(world, ada)).toEqual(['Gold', undefined]);

    await world.apply(TIER);
    const synced = await world.sync();
    expect(synced.count('salesforce', 'contact').read).toBeGreaterThanOrEqual(2);
    expect(tiers(world, ada)).toEqual(['Gold', 'Gold']);
    expect(tiers(world, bob)).toEqual(['Bronze', 'Bronze']);

    // Once: from here on only what changed is read.
    expect((await world.sync()).count('salesforce', 'contact').changed).toBe(0);
  });

  it('takes the system’s own words for the choices of another', async () => {
    const values = { A: 'Gold', B: 'Silver' };
    const { mapping } = TIER;
    const world = await open({
      mapping: {
        ...mapping,
        hubspot: {
          customer: [{ field: 'custom.tier', property: 'customer_tier', direction: 'both', values }],
        },
      },
    });
    world.hubspot.control.defineProperty('contacts', {
      name: 'customer_tier',
      type: 'enumeration',
      options: ['A', 'B'],
    });
    const ada = inBoth(world, { salesforce: { Tier__c: 'Gold' } });
    await world.sync();
    expect(tiers(world, ada)).toEqual(['Gold', 'A']);
    editHubSpot(world, ada.hs, { customer_tier: 'B' });
    await world.sync();
    expect(tiers(world, ada)).toEqual(['Silver', 'B']);
  });
});
