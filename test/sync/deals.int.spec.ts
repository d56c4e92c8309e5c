import {
  around,
  contactsOf,
  dealProperties,
  DEALS,
  hubSpotDeal,
  onlyDeal,
  opportunity,
} from './support/deals.js';
import { editSalesforce, records, rowOf, rows } from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds } from './support/world.js';

describe('deals', () => {
  const { open } = worlds();

  it('are left alone where the configuration does not name them', async () => {
    const world = await open();
    const { sf } = await around(world);
    opportunity(world, { AccountId: sf.acme });
    await world.sync();
    expect(records(world, 'deals')).toEqual([]);
    expect(await world.ask.howMany('deal')).toBe(0);
  });

  it('are made in HubSpot, in the same stage, with account and people', async () => {
    const world = await open(DEALS);
    const { sf, hs } = await around(world);
    opportunity(world, { AccountId: sf.acme }, [sf.ada, sf.ben]);
    await world.sync();
    const deal = world.hubspot.control.record('deals', onlyDeal(world));
    expect(deal).toMatchObject({
      properties: {
        dealname: 'Big one',
        amount: '1000.1',
        deal_currency_code: 'EUR',
        pipeline: 'default',
        dealstage: 'qualifiedtobuy',
        closedate: '2027-03-31T10:00:00.000Z',
      },
      companyId: hs.acme,
    });
    expect([...(deal?.contactIds ?? [])].sort()).toEqual([hs.ada, hs.ben].sort());
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('are made in Salesforce, in the same stage, with account and people', async () => {
    const world = await open(DEALS);
    const { sf, hs } = await around(world);
    hubSpotDeal(world, { dealstage: 'closedwon' }, { companyId: hs.acme, contactIds: [hs.ada] });
    await world.sync();
    const [deal, ...others] = rows(world, 'Opportunity');
    expect(others).toEqual([]);
    expect(deal).toMatchObject({
      Name: 'Big one',
      Amount: 1000.1,
      StageName: 'Closed Won',
      CloseDate: '2027-03-31',
      AccountId: sf.acme,
    });
    expect(contactsOf(world, String(deal?.['Id']))).toEqual([sf.ada]);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('follow edits of amount and close date in either system', async () => {
    const world = await open(DEALS);
    const { sf } = await around(world);
    const id = opportunity(world, { AccountId: sf.acme });
    await world.sync();
    const deal = onlyDeal(world);
    editSalesforce(world, id, { Amount: 0.3, CloseDate: '2027-04-01' });
    await world.sync();
    expect(dealProperties(world, deal)).toMatchObject({
      amount: '0.3',
      closedate: '2027-04-01T10:00:00.000Z',
    });
    world.hubspot.control.edit('deals', deal, { amount: '98765.43', closedate: '2027-05-05T21:59:00Z' });
    await world.sync();
    expect(rowOf(world, id)).toMatchObject({ Amount: 98765.43, CloseDate: '2027-05-05' });
    expect((await world.sync()).writes).toEqual([]);
    expect(await world.ask.golden(id, 'amount')).toBe('98765.43');
  });

  it('move from stage to stage in either system, each in its own pipeline', async () => {
    const world = await open(DEALS);
    const { sf } = await around(world);
    const id = opportunity(world, { AccountId: sf.acme });
    await world.sync();
    const deal = onlyDeal(world);
    editSalesforce(world, id, { StageName: 'Negotiation/Review' });
    await world.sync();
    expect(dealProperties(world, deal)).toMatchObject({ dealstage: 'contractsent' });

    world.hubspot.control.edit('deals', deal, { pipeline: '720001', dealstage: '990001' });
    await world.sync();
    expect(rowOf(world, id)).toMatchObject({ StageName: 'Qualification' });

    editSalesforce(world, id, { StageName: 'Closed Lost' });
    await world.sync();
    expect(dealProperties(world, deal)).toMatchObject({ pipeline: '720001', dealstage: '990004' });
    // HubSpot dates what is closed by itself: that is nobody's word, and the day somebody said stands.
    expect(rowOf(world, id)).toMatchObject({ CloseDate: '2027-03-31', IsClosed: true });
    expect(dealProperties(world, deal)['closedate']).toBe('2027-03-31T10:00:00.000Z');
    expect((await world.sync()).writes).toEqual([]);
  });

  it('stay in their stage when the other system has none like it, and the issue says what to do', async () => {
    const world = await open(DEALS);
    const { sf } = await around(world);
    const id = opportunity(world, { AccountId: sf.acme });
    await world.sync();
    const deal = onlyDeal(world);
    editSalesforce(world, id, { StageName: 'Prospecting', Amount: 5 });
    await world.sync();
    expect(dealProperties(world, deal)).toMatchObject({ dealstage: 'qualifiedtobuy', amount: '5' });
    expect(await world.ask.issues()).toMatchObject([
      { code: 'UNMAPPED_STAGE', field: 'stage', connection: 'hubspot', externalId: deal },
    ]);

    await world.apply({
      mapping: {
        hubspot: {
          deal: [
            { field: 'stage', property: 'dealstage', values: { 'Appointment scheduled': 'Prospecting' } },
          ],
        },
      },
    });
    await world.sync();
    expect(dealProperties(world, deal)).toMatchObject({ dealstage: 'appointmentscheduled' });
    expect(await world.ask.issues()).toEqual([]);
    expect(rowOf(world, id)['StageName']).toBe('Prospecting');
  });

  it('get and lose people as either system says, and keep those nobody took out', async () => {
    const world = await open(DEALS);
    const { sf, hs } = await around(world);
    const id = opportunity(world, { AccountId: sf.acme }, [sf.ada]);
    await world.sync();
    const deal = onlyDeal(world);
    const inHubSpot = (): readonly string[] =>
      [...(world.hubspot.control.record('deals', deal)?.contactIds ?? [])].sort();

    world.hubspot.control.associateDeal(deal, 'contacts', hs.ben);
    await world.sync();
    expect(contactsOf(world, id)).toEqual([sf.ada, sf.ben].sort());

    const role = rows(world, 'OpportunityContactRole').find((row) => row['ContactId'] === sf.ada);
    world.salesforce.control.remove(String(role?.['Id']));
    await world.sync();
    expect(inHubSpot()).toEqual([hs.ben]);
    expect(contactsOf(world, id)).toEqual([sf.ben]);

    world.hubspot.control.dissociateDeal(deal, 'contacts', hs.ben);
    world.hubspot.control.associateDeal(deal, 'contacts', hs.ada);
    await world.sync();
    expect(contactsOf(world, id)).toEqual([sf.ada]);
    expect((await world.sync()).writes).toEqual([]);
    expect(await world.ask.history(id, 'customers')).not.toEqual([]);
  });

  it('keep both when each system links another person to the same deal', async () => {
    const world = await open(DEALS);
    const { sf, hs } = await around(world);
    const id = opportunity(world, { AccountId: sf.acme }, [sf.ada]);
    const deal = hubSpotDeal(world, {}, { companyId: hs.acme, contactIds: [hs.ben] });
    await world.sync();
    expect([rows(world, 'Opportunity').length, records(world, 'deals').length]).toEqual([1, 1]);
    expect(contactsOf(world, id)).toEqual([sf.ada, sf.ben].sort());
    expect(world.hubspot.control.record('deals', deal)?.contactIds).toHaveLength(2);
  });

  it('are not taken for one with other amounts: a person is asked, and nothing is made meanwhile', async () => {
    const world = await open(DEALS);
    const { sf, hs } = await around(world);
    opportunity(world, { AccountId: sf.acme });
    hubSpotDeal(world, { amount: '1' }, { companyId: hs.acme });
    await world.sync();
    expect(await world.ask.howMany('deal')).toBe(2);
    expect([rows(world, 'Opportunity').length, records(world, 'deals').length]).toEqual([1, 1]);
    expect((await world.ask.issues()).map((issue) => issue.code)).toEqual([
      'WAITING_FOR_MATCH',
      'WAITING_FOR_MATCH',
    ]);
  });

  it('wait for their account, and are made when it comes', async () => {
    const world = await open({
      ...DEALS,
      hubspot: { deal: {}, account: { create: false } },
    });
    const { sf } = await around(world);
    opportunity(world, { AccountId: sf.acme });
    await world.sync();
    expect(records(world, 'deals')).toEqual([]);
    expect(await world.ask.issues()).toMatchObject([{ code: 'WAITING_FOR_RECORD', severity: 'notice' }]);
    await world.apply({ hubspot: { deal: {}, account: { create: true } } });
    await world.settled();
    await world.sync();
    expect(world.hubspot.control.record('deals', onlyDeal(world))?.companyId).not.toBeNull();
    expect(await world.ask.issues()).toEqual([]);
  });

  it('change hands by the owner’s e-mail, and say so when the other system has no such user', async () => {
    const both = { deal: [{ field: 'owner', direction: 'both' }] };
    const world = await open({ ...DEALS, mapping: { salesforce: both, hubspot: both } });
    const { sf } = await around(world);
    const id = opportunity(world, { AccountId: sf.acme });
    await world.sync();
    const deal = onlyDeal(world);
    expect((await world.ask.issues()).map(({ code, field }) => [code, field])).toEqual([
      ['UNKNOWN_OWNER', 'owner'],
    ]);
    world.hubspot.control.edit('deals', deal, { hubspot_owner_id: '70000001' });
    await world.sync();
    expect(await world.ask.golden(id, 'owner')).toBe('ada.owner@portal.example');
    expect((await world.ask.issues()).map(({ code, connection }) => [code, connection])).toEqual([
      ['OWNER_NOT_FOUND', 'salesforce'],
    ]);
  });

  it('are archived in the other system where the configuration says so, and kept where it does not', async () => {
    const world = await open({ salesforce: { deal: { onDelete: 'archive' } }, hubspot: { deal: {} } });
    const { sf } = await around(world);
    const id = opportunity(world, { AccountId: sf.acme });
    await world.sync();
    const deal = onlyDeal(world);
    world.salesforce.control.remove(id);
    await world.sync();
    expect(world.hubspot.control.record('deals', deal)?.archived).toBe(true);

    const other = hubSpotDeal(world, { dealname: 'Other' });
    await world.sync();
    world.hubspot.control.archive('deals', other);
    await world.sync();
    expect(rows(world, 'Opportunity').map((row) => row['Name'])).toEqual(['Other']);
  });

  it('go along when their people and companies are merged', async () => {
    const world = await open(DEALS);
    const { sf, hs } = await around(world);
    const id = opportunity(world, { AccountId: sf.acme }, [sf.ada]);
    await world.sync();
    const deal = onlyDeal(world);
    const person = world.hubspot.control.merge('contacts', hs.ben, hs.ada);
    const [beta = ''] = world.hubspot.control.seed('companies', [{ properties: { name: 'Acme Labs' } }]);
    const company = world.hubspot.control.merge('companies', hs.acme, beta);
    await world.sync();
    await world.sync();
    expect(world.hubspot.control.record('deals', deal)).toMatchObject({
      companyId: company,
      contactIds: [person],
    });
    expect(rowOf(world, id)['AccountId']).toBe(sf.acme);
    expect(contactsOf(world, id)).toHaveLength(1);
    expect((await world.sync()).writes).toEqual([]);
  });

  it('show what the hub knows: the customer’s deals, and why a field is as it is', async () => {
    const world = await open(DEALS);
    const { sf } = await around(world);
    opportunity(world, { AccountId: sf.acme }, [sf.ada]);
    await world.sync();
    const ada = await world.ask.behind(sf.ada);
    expect(ada.deals).toMatchObject([
      {
        title: 'Big one',
        amount: '1000.1',
        currency: 'EUR',
        stage: 'Qualification',
        closeDate: '2027-03-31',
      },
    ]);
    expect((await world.ask.behind(sf.acme)).deals).toHaveLength(1);
    const why = await world.ask.explain(ada.deals[0]?.id ?? '', 'customers');
    expect(why.claims).toMatchObject([{ connection: 'salesforce', standing: 'contributes' }]);
  });
});
