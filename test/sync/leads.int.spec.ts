import { editSalesforce, inHubSpot, inSalesforce, records, rowOf, rows } from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds } from './support/world.js';

const LEAD = { type: 'Lead' } as const;

describe('leads', () => {
  const { open } = worlds();

  it('are customers where they are synced, and stay the same customer when they are converted', async () => {
    const world = await open({ salesforce: { settings: { leads: true } } });
    const [lead = ''] = inSalesforce(
      world,
      [{ FirstName: 'Ada', LastName: 'Byron', Company: 'Engines', Email: 'ada@byron.example' }],
      LEAD,
    );
    await world.sync();
    expect(records(world)).toMatchObject([{ properties: { email: 'ada@byron.example' } }]);
    const before = await world.ask.behind(lead);

    const contact = world.salesforce.control.convertLead(lead);
    await world.sync();
    expect((await world.ask.behind(contact)).id).toBe(before.id);
    expect(await world.ask.howMany('customer')).toBe(1);
    expect(records(world)).toHaveLength(1);
    expect(rows(world)).toHaveLength(1);
    expect(await world.ask.issues()).toEqual([]);

    editSalesforce(world, contact, { Title: 'Countess' });
    await world.sync();
    expect(records(world)).toMatchObject([{ properties: { jobtitle: 'Countess' } }]);
    expect((await world.sync({ full: true })).writes).toEqual([]);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  });

  it('are left alone unless told', async () => {
    const world = await open();
    inSalesforce(world, [{ LastName: 'Byron', Company: 'Engines', Email: 'ada@byron.example' }], LEAD);
    await world.sync();
    expect(records(world)).toEqual([]);
    expect(await world.ask.howMany('customer')).toBe(0);
  });

  it('are what new people become by setting', async () => {
    const world = await open({
      salesforce: { settings: { newPeopleAs: 'lead' } },
      mapping: {
        hubspot: { customer: [{ field: 'custom.company', property: 'company', direction: 'both' }] },
      },
    });
    const [hs = ''] = inHubSpot(world, [
      { lastname: 'Byron', company: 'Engines', email: 'ada@byron.example' },
    ]);
    await world.sync();
    expect(rows(world)).toEqual([]);
    const [lead] = rows(world, 'Lead');
    expect(lead).toMatchObject({ LastName: 'Byron', Company: 'Engines', Email: 'ada@byron.example' });
    expect((await world.ask.behind(hs)).records).toHaveLength(2);

    const contact = world.salesforce.control.convertLead(String(lead?.['Id']));
    await world.sync();
    expect(rowOf(world, contact)['LastName']).toBe('Byron');
    expect([rows(world).length, rows(world, 'Lead').length, records(world).length]).toEqual([1, 1, 1]);
    expect(await world.ask.howMany('customer')).toBe(1);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });
});
