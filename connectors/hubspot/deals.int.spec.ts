import type { CreateOperation, JsonValue, PropertyValues, UpdateOperation } from '../../src/sdk/index.js';
import hubspot from './index.js';
import { COMPANY_LINK, CONTACTS_LINK } from './objects.js';
import { createBench, pullAll, pushAll, type Bench, type BenchOptions } from './testing.js';

let bench: Bench;

async function start(options: BenchOptions = {}): Promise<Bench['sandbox']['control']> {
  bench = await createBench(options);
  return bench.sandbox.control;
}

afterEach(() => bench.sandbox.close());

const company = (id: string): JsonValue => ({ ref: { object: 'company', id } });
const contacts = (...ids: readonly string[]): JsonValue =>
  ids.map((id) => ({ ref: { object: 'contact', id } }));

function create(values: PropertyValues, key = 'c1'): CreateOperation {
  return { kind: 'create', key, hubId: `hub-${key}`, values };
}

function update(id: string, values: PropertyValues, previous: PropertyValues = {}): UpdateOperation {
  return { kind: 'update', key: id, id, hubId: `hub-${id}`, values, previous };
}

/** An account, three people and a deal of the first two. */
function seeded(control: Bench['sandbox']['control']): {
  acme: string;
  people: readonly string[];
  deal: string;
} {
  const [acme = ''] = control.seed('companies', [{ properties: { name: 'Acme' } }]);
  const people = control.seed(
    'contacts',
    ['a', 'b', 'c'].map((name) => ({ properties: { firstname: name }, createdAt: 1 })),
  );
  const [deal = ''] = control.seed('deals', [
    {
      properties: {
        dealname: 'Big',
        dealstage: 'qualifiedtobuy',
        amount: '1000.10',
        closedate: '2026-12-30T23:30:00Z',
        hubspot_owner_id: '70000001',
      },
      createdAt: 1,
      companyId: acme,
      contactIds: people.slice(0, 2),
    },
  ]);
  return { acme, people, deal };
}

describe('deals that are read', () => {
  it('come with stage and pipeline by name, the day of the account, its currency, and their links', async () => {
    const { acme, people, deal } = seeded(await start());
    const { records } = await pullAll(bench, 'deal');
    expect(records.get(deal)).toMatchObject({
      values: {
        dealname: 'Big',
        amount: 1000.1,
        deal_currency_code: 'EUR',
        pipeline: 'Sales Pipeline',
        dealstage: 'Qualification',
        // Half past midnight in Berlin.
        closedate: '2026-12-31',
        hubspot_owner_id: 'ada.owner@portal.example',
        [COMPANY_LINK]: company(acme),
        [CONTACTS_LINK]: contacts(...people.slice(0, 2)),
      },
      url: expect.stringContaining('/record/0-3/') as string,
    });
    expect(Object.keys(records.get(deal)?.times ?? {})).toEqual(
      expect.arrayContaining(['amount', 'dealstage']),
    );
  });

  it.each([
    ['closedwon', 'default', 'Closed Won'],
    ['closedlost', 'default', 'Closed Lost'],
    ['990003', '720001', 'Closed Won'],
    ['990002', '720001', 'Negotiation/Review'],
  ])('name the stage %s of the pipeline %s "%s"', async (dealstage, pipeline, expected) => {
    const control = await start();
    const [deal = ''] = control.seed('deals', [{ properties: { dealname: 'D', dealstage, pipeline } }]);
    const { records } = await pullAll(bench, 'deal');
    expect(records.get(deal)?.values['dealstage']).toBe(expected);
  });

  it('keep amounts exact that a number of JSON cannot hold', async () => {
    const control = await start();
    const amount = '12345678901234567.89';
    const [deal = ''] = control.seed('deals', [
      { properties: { dealname: 'D', dealstage: 'closedwon', amount } },
    ]);
    expect((await pullAll(bench, 'deal')).records.get(deal)?.values['amount']).toBe(amount);
  });

  it('are found by changes, archived, and by links that came and went without moving a date', async () => {
    const control = await start();
    const { people, deal } = seeded(control);
    const full = await pullAll(bench, 'deal');
    control.dissociateDeal(deal, 'contacts', people[0] ?? '');
    control.associateDeal(deal, 'contacts', people[2] ?? '');
    const swept = await pullAll(bench, 'deal', full.cursor);
    expect(swept.records.get(deal)?.values[CONTACTS_LINK]).toEqual(contacts(...people.slice(1)));
    expect(swept.records.get(deal)?.version).toBeUndefined();
    control.edit('deals', deal, { amount: '7' });
    const changed = await pullAll(bench, 'deal', swept.cursor);
    expect(changed.records.get(deal)?.values['amount']).toBe(7);
    control.archive('deals', deal);
    expect((await pullAll(bench, 'deal', changed.cursor)).tombstones).toMatchObject([{ id: deal }]);
  });

  it('follow contacts and companies that are merged', async () => {
    const control = await start();
    const { acme, people, deal } = seeded(control);
    const full = await pullAll(bench, 'deal');
    const [beta = ''] = control.seed('companies', [{ properties: { name: 'Beta' } }]);
    const person = control.merge('contacts', people[0] ?? '', people[2] ?? '');
    const merged = control.merge('companies', acme, beta);
    const { records } = await pullAll(bench, 'deal', full.cursor);
    expect(records.get(deal)?.values).toMatchObject({
      [COMPANY_LINK]: company(merged),
      [CONTACTS_LINK]: contacts(people[1] ?? '', person),
    });
  });
});

describe('deals that are written', () => {
  it('are made in the stage of the right pipeline, linked, on a day that is the same everywhere', async () => {
    const control = await start();
    const { acme, people } = seeded(control);
    const outcomes = await pushAll(bench, 'deal', [
      create({
        dealname: 'New',
        amount: '19.99',
        deal_currency_code: 'USD',
        pipeline: 'renewals',
        dealstage: 'Negotiation - Review',
        closedate: '2027-03-31',
        hubspot_owner_id: 'ben.owner@portal.example',
        [COMPANY_LINK]: company(acme),
        [CONTACTS_LINK]: contacts(...people),
      }),
    ]);
    const made = outcomes.get('c1');
    expect(made).toMatchObject({
      status: 'stored',
      values: {
        dealstage: 'Negotiation/Review',
        closedate: '2027-03-31',
        [CONTACTS_LINK]: contacts(...people),
      },
    });
    expect(control.record('deals', made?.status === 'stored' ? made.id : '')).toMatchObject({
      properties: {
        pipeline: '720001',
        dealstage: '990002',
        amount: '19.99',
        deal_currency_code: 'USD',
        closedate: '2027-03-31T10:00:00.000Z',
        hubspot_owner_id: '70000002',
      },
      companyId: acme,
      contactIds: people,
    });
  });

  it('move within their pipeline, whatever other pipelines call so', async () => {
    const control = await start();
    const [deal = ''] = control.seed('deals', [
      { properties: { dealname: 'D', dealstage: '990001', pipeline: '720001' } },
    ]);
    await pushAll(bench, 'deal', [update(deal, { dealstage: 'Closed Won' })]);
    expect(control.record('deals', deal)?.properties).toMatchObject({
      dealstage: '990003',
      pipeline: '720001',
    });
    await pushAll(bench, 'deal', [update(deal, { pipeline: 'Sales Pipeline' })]);
    expect(control.record('deals', deal)?.properties).toMatchObject({
      dealstage: 'closedwon',
      pipeline: 'default',
    });
  });

  it('stay where they are when the stage, the pipeline or the currency is not there, with a remedy', async () => {
    const control = await start();
    const { deal } = seeded(control);
    const refused = async (values: PropertyValues): Promise<unknown> => {
      const outcome = (await pushAll(bench, 'deal', [update(deal, values)])).get(deal);
      return outcome?.status === 'rejected' ? outcome.rejections : outcome;
    };
    expect(await refused({ dealstage: 'Legal' })).toMatchObject([
      { code: 'UNMAPPED_STAGE', property: 'dealstage', remedy: expect.stringContaining('values') as string },
    ]);
    expect(await refused({ pipeline: 'Partners' })).toMatchObject([
      { code: 'UNMAPPED_PIPELINE', property: 'pipeline' },
    ]);
    expect(await refused({ deal_currency_code: 'CHF', amount: '1' })).toMatchObject([
      { code: 'CURRENCY_NOT_ENABLED', property: 'deal_currency_code' },
    ]);
    expect(control.record('deals', deal)?.properties).toMatchObject({
      dealstage: 'qualifiedtobuy',
      amount: '1000.10',
    });
  });

  it('add and take out only the contacts that differ from what the hub last saw', async () => {
    const control = await start();
    const { people, deal } = seeded(control);
    const [a = '', b = '', c = ''] = people;
    const [other = ''] = control.seed('contacts', [{ properties: { firstname: 'x' } }]);
    control.associateDeal(deal, 'contacts', other);
    const outcomes = await pushAll(bench, 'deal', [
      update(deal, { [CONTACTS_LINK]: contacts(b, c) }, { [CONTACTS_LINK]: contacts(a, b) }),
    ]);
    expect(control.record('deals', deal)?.contactIds).toEqual([b, other, c]);
    // Whom somebody else linked meanwhile is not the hub's to tell.
    expect(outcomes.get(deal)).toMatchObject({ values: { [CONTACTS_LINK]: contacts(b, c) } });
  });

  it('tell the close date that HubSpot sets by itself when a deal is closed', async () => {
    const control = await start();
    const { deal } = seeded(control);
    const outcomes = await pushAll(bench, 'deal', [update(deal, { dealstage: 'Closed Won' })]);
    const today = control.record('deals', deal)?.properties['closedate']?.slice(0, 10);
    expect(outcomes.get(deal)).toMatchObject({ values: { dealstage: 'Closed Won' } });
    expect(today).not.toBe('2026-12-30');
    const outcome = outcomes.get(deal);
    expect(outcome?.status === 'stored' ? outcome.values['closedate'] : null).toEqual(
      expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    );
    const given = await pushAll(bench, 'deal', [
      update(deal, { dealstage: 'Closed Lost', closedate: '2026-05-05' }),
    ]);
    expect(given.get(deal)).toMatchObject({ values: { closedate: '2026-05-05' } });
  });

  it('need few calls: a batch each, and one for each kind of link', async () => {
    const control = await start();
    const { acme, people } = seeded(control);
    const before = control.calls().length;
    await pushAll(
      bench,
      'deal',
      Array.from({ length: 100 }, (_, n) =>
        create(
          {
            dealname: `D${String(n)}`,
            dealstage: 'Qualification',
            [COMPANY_LINK]: company(acme),
            [CONTACTS_LINK]: contacts(...people),
          },
          `c${String(n)}`,
        ),
      ),
    );
    const calls = control.calls().slice(before);
    const about = (part: string): number => calls.filter(({ path }) => path.includes(part)).length;
    expect(calls.filter(({ path }) => path.endsWith('/deals/batch/create'))).toHaveLength(1);
    expect([about('/associations/deals/companies'), about('/associations/deals/contacts')]).toEqual([3, 2]);
    const cost = hubspot.pushCost?.('deal', { create: 100, update: 0, archive: 0 });
    expect(cost).toBeGreaterThanOrEqual(7);
  });
});
