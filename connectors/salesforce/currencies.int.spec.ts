import type { PushOperation, PushOutcome } from '../../src/sdk/index.js';
import type { Sandbox } from './sandbox/index.js';
import { connect, create, orgs, pullAll, pushAll, update } from './testing.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

const PROPERTIES = ['Name', 'Amount', 'CurrencyIsoCode', 'StageName', 'CloseDate'];
const DEAL = { Name: 'Big', Amount: 1000, StageName: 'Prospecting', CloseDate: '2026-12-31' };

const push = async (org: Sandbox, operation: PushOperation): Promise<PushOutcome | undefined> =>
  (await pushAll(connect(org), [operation], { object: 'opportunity', properties: PROPERTIES }))[
    operation.key
  ];

describe('an org with several currencies', () => {
  let org: Sandbox;

  beforeEach(async () => {
    org = await open({ rules: { multiCurrency: true } });
  });

  it('tells the currency of each opportunity, whatever the settings name', async () => {
    const [yen = '', own = ''] = org.control.load('Opportunity', [{ ...DEAL, CurrencyIsoCode: 'JPY' }, DEAL]);
    const ctx = connect(org, { settings: { currency: 'USD' } });
    const { records } = await pullAll(ctx, 'opportunity', { properties: PROPERTIES });
    expect(records.get(yen)?.values).toMatchObject({ Amount: 1000, CurrencyIsoCode: 'JPY' });
    expect(records.get(own)?.values).toMatchObject({ Amount: 1000, CurrencyIsoCode: 'EUR' });
    expect(org.control.requests().filter(({ path }) => path.includes('connect/organization'))).toEqual([]);
  });

  it('takes amount and currency together, of new opportunities and of old ones', async () => {
    const made = await push(org, create('c', { ...DEAL, Amount: '5', CurrencyIsoCode: 'usd' }));
    expect(made).toMatchObject({ status: 'stored', values: { Amount: 5, CurrencyIsoCode: 'USD' } });
    const id = made?.status === 'stored' ? made.id : '';
    const changed = await push(org, update('u', id, { Amount: '700', CurrencyIsoCode: 'JPY' }));
    expect(changed).toMatchObject({ status: 'stored', values: { Amount: 700, CurrencyIsoCode: 'JPY' } });
    expect(org.control.record(id)).toMatchObject({ Amount: 700, CurrencyIsoCode: 'JPY' });
  });

  it('says in which currency a new opportunity came to be that was given none', async () => {
    expect(await push(org, create('c', DEAL))).toMatchObject({ values: { CurrencyIsoCode: 'EUR' } });
  });

  it('refuses a currency that is not active, by its property, before anything is sent', async () => {
    const [id = ''] = org.control.load('Opportunity', [DEAL]);
    expect(await push(org, update('u', id, { Amount: '5', CurrencyIsoCode: 'CHF' }))).toMatchObject({
      status: 'rejected',
      rejections: [{ code: 'CURRENCY_INACTIVE', property: 'CurrencyIsoCode' }],
    });
    expect(org.control.record(id)).toMatchObject({ Amount: 1000, CurrencyIsoCode: 'EUR' });
  });

  it('brings the currencies of a first read by bulk job, with the contacts of each opportunity', async () => {
    const [contact = ''] = org.control.load('Contact', [{ LastName: 'Doe' }]);
    const ids = org.control.load(
      'Opportunity',
      Array.from({ length: 900 }, (_, index) => ({
        ...DEAL,
        Name: `Deal ${String(index)}`,
        CurrencyIsoCode: index % 2 === 0 ? 'JPY' : 'USD',
      })),
    );
    const linked = ids.filter((_id, index) => index % 3 === 0);
    org.control.load(
      'OpportunityContactRole',
      linked.map((OpportunityId) => ({ OpportunityId, ContactId: contact })),
    );
    const properties = [...PROPERTIES, 'OpportunityContactRoles'];
    const inBulk = await pullAll(connect(org, { settings: { bulkReadAbove: 100 } }), 'opportunity', {
      properties,
    });
    const jobs = org.control.requests().filter(({ path }) => path.endsWith('/jobs/query'));
    expect(jobs).toHaveLength(1);
    const byPage = await pullAll(connect(org), 'opportunity', { properties });
    expect(inBulk.records.size).toBe(900);
    expect([...inBulk.records].sort()).toEqual([...byPage.records].sort());
    expect(inBulk.records.get(ids[0] ?? '')?.values).toMatchObject({
      CurrencyIsoCode: 'JPY',
      OpportunityContactRoles: [{ ref: { object: 'contact', id: contact } }],
    });
    expect(inBulk.records.get(ids[1] ?? '')?.values['OpportunityContactRoles']).toEqual([]);
  });
});
