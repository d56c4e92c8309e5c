import type { Sandbox } from './sandbox/index.js';
import { connect, create, orgs, pushAll, update, type OrgContext } from './testing.js';
import { pushCost } from './push.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

describe('push', () => {
  let org: Sandbox;
  let ctx: OrgContext;
  let ids: readonly string[];
  beforeEach(async () => {
    org = await open({
      rules: {
        duplicates: [{ type: 'Contact', field: 'Email' }],
        validations: [{ type: 'Contact', field: 'Phone', refuse: /^0/, message: 'Give the country code' }],
      },
    });
    ids = org.control.load(
      'Contact',
      Array.from({ length: 12 }, (_, index) => ({
        LastName: `P${String(index)}`,
        Email: `p${String(index)}@example.com`,
      })),
    );
    ctx = connect(org);
  });
  const id = (index: number): string => ids[index] ?? '';

  it('reports values as they were stored, and all mapped ones for a create', async () => {
    const outcomes = await pushAll(ctx, [
      update('trimmed', id(0), { Title: '  CEO ', Email: 'Mixed@Example.COM' }),
      create('made', { LastName: 'New', Email: 'NEW@example.com' }),
    ]);
    expect(outcomes['trimmed']).toMatchObject({
      status: 'stored',
      values: { Title: 'CEO', Email: 'mixed@example.com' },
    });
    expect(outcomes['made']).toMatchObject({
      status: 'stored',
      values: { FirstName: null, LastName: 'New', Email: 'new@example.com', OwnerId: 'sync@sandbox.example' },
    });
  });

  it('writes each value as its field takes it', async () => {
    const [account = ''] = org.control.load('Account', [{ Name: 'Acme' }]);
    const values = {
      Title: 42,
      HasOptedOutOfEmail: null,
      Birthdate: '1980-01-02T00:00:00Z',
      Interests__c: ['Product', 'Events'],
      AccountId: { ref: { object: 'account', id: account } },
      OwnerId: 'REP@sandbox.example',
      Tier__c: 'gold',
      Phone: null,
    };
    const outcomes = await pushAll(ctx, [update('all', id(0), values)]);
    expect(outcomes['all']).toMatchObject({
      status: 'stored',
      values: {
        ...values,
        Title: '42',
        HasOptedOutOfEmail: false,
        Birthdate: '1980-01-02',
        OwnerId: 'rep@sandbox.example',
        Tier__c: 'Gold',
      },
    });
  });

  it.each([
    ['too long', { FirstName: 'x'.repeat(41) }, 'STRING_TOO_LONG', 'FirstName'],
    ['no address', { Email: 'nobody' }, 'INVALID_EMAIL_ADDRESS', 'Email'],
    ['against a validation rule', { Phone: '0123' }, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Phone'],
    ['missing', { LastName: null }, 'REQUIRED_FIELD_MISSING', 'LastName'],
    ['no option', { Tier__c: 'Iron' }, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'Tier__c'],
    ['read only', { CreatedDate: '2025-01-01T00:00:00Z' }, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'CreatedDate'],
    ['of an unknown field', { Nothing__c: 'x' }, 'INVALID_FIELD', 'Nothing__c'],
    ['a reference to nothing', { AccountId: '001SB0000000ZZZAAA' }, 'MALFORMED_ID', 'AccountId'],
    ['no date', { Birthdate: 'soon' }, 'VALUE_OF_WRONG_TYPE', 'Birthdate'],
    ["nobody's e-mail as owner", { OwnerId: 'nobody@example.com' }, 'OWNER_NOT_FOUND', 'OwnerId'],
  ])(
    'refuses a value that is %s by its field, and stores the others of the batch',
    async (_name, values, code, property) => {
      const outcomes = await pushAll(ctx, [
        update('bad', id(0), values),
        update('good', id(1), { Title: 'CEO' }),
      ]);
      expect(outcomes['bad']).toMatchObject({
        status: 'rejected',
        rejections: [{ code, property, remedy: expect.any(String) as unknown }],
      });
      expect(outcomes['good']).toMatchObject({ status: 'stored' });
    },
  );

  it('names no property for a field that was not written', async () => {
    const [held = ''] = org.control.load('Contact', [{ LastName: 'Held', Phone: '0123' }]);
    const { bad } = await pushAll(ctx, [update('bad', held, { Title: 'CEO' })]);
    expect(bad).toMatchObject({
      status: 'rejected',
      rejections: [{ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' }],
    });
    expect(bad).not.toHaveProperty('rejections.0.property');
  });

  it('lets 199 of 200 through in one call', async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      create(`c${String(index)}`, { LastName: index === 77 ? 'x'.repeat(81) : `N${String(index)}` }),
    );
    const outcomes = Object.values(await pushAll(ctx, many));
    expect(outcomes.filter((one) => one.status === 'stored')).toHaveLength(199);
    expect(outcomes.find((one) => one.status !== 'stored')).toMatchObject({ key: 'c77', status: 'rejected' });
    expect(
      org.control.requests().filter((line) => line.method === 'POST' && line.path.includes('composite')),
    ).toHaveLength(1);
  });

  it('finds the one record for which the whole call is refused', async () => {
    org.control.fault({
      kind: 'error',
      status: 400,
      code: 'JSON_PARSER_ERROR',
      path: '/composite',
      times: 1,
    });
    const outcomes = Object.values(
      await pushAll(
        ctx,
        [0, 1, 2, 3].map((index) => update(`u${String(index)}`, id(index), { Title: 'CEO' })),
      ),
    );
    expect(outcomes.map((one) => one.status)).toEqual(['stored', 'stored', 'stored', 'stored']);
  });

  it('names the record that a duplicate rule found, for creates and updates', async () => {
    const outcomes = await pushAll(ctx, [
      create('double', { LastName: 'Double', Email: 'P3@example.com' }),
      update('taken', id(1), { Email: 'p2@example.com' }),
    ]);
    expect(outcomes['double']).toMatchObject({ status: 'conflict', existingId: id(3), property: 'Email' });
    expect(outcomes['taken']).toMatchObject({ status: 'conflict', existingId: id(2) });
  });

  it('names the record that holds a unique value', async () => {
    org.control.edit(id(5), { Rapport_Id__c: 'taken' });
    const outcomes = await pushAll(ctx, [update('unique', id(6), { Rapport_Id__c: 'taken' })]);
    expect(outcomes['unique']).toMatchObject({
      status: 'conflict',
      existingId: id(5),
      property: 'Rapport_Id__c',
    });
  });

  it('tells records that are gone, and into which they went', async () => {
    org.control.remove(id(0));
    org.control.merge(id(1), [id(2)]);
    const outcomes = await pushAll(ctx, [
      update('deleted', id(0), { Title: 'CEO' }),
      update('merged', id(2), { Title: 'CEO' }),
      update('never', '003SB0000000ZZZAAA', { Title: 'CEO' }),
      { kind: 'archive', key: 'again', id: id(0) },
    ]);
    expect(outcomes['merged']).toEqual({ key: 'merged', status: 'gone', mergedInto: id(1) });
    expect([outcomes['deleted'], outcomes['never'], outcomes['again']].map((one) => one?.status)).toEqual([
      'gone',
      'gone',
      'retry',
    ]);
  });

  it('tells a converted lead from a refused one', async () => {
    const [lead = ''] = org.control.load('Lead', [{ LastName: 'Led', Company: 'Acme' }]);
    const contact = org.control.convertLead(lead);
    const outcomes = await pushAll(
      connect(org, { settings: { leads: true } }),
      [update('lead', lead, { Title: 'CEO' })],
      { object: 'lead' },
    );
    expect(outcomes['lead']).toEqual({ key: 'lead', status: 'gone', mergedInto: contact });
  });

  it('takes a deleted account behind a link for a refused value, not for a deleted contact', async () => {
    const [account = ''] = org.control.load('Account', [{ Name: 'Acme' }]);
    org.control.remove(account);
    const outcomes = await pushAll(ctx, [
      update('link', id(0), { AccountId: { ref: { object: 'account', id: account } }, Title: 'x' }),
    ]);
    expect(outcomes['link']).toMatchObject({ status: 'rejected', rejections: [{ property: 'AccountId' }] });
  });

  it('leaves a locked row for later', async () => {
    org.control.fault({ kind: 'record', code: 'UNABLE_TO_LOCK_ROW', text: id(0), path: '/composite' });
    const outcomes = await pushAll(ctx, [
      update('locked', id(0), { Title: 'CEO' }),
      update('free', id(1), { Title: 'CEO' }),
    ]);
    expect(outcomes['locked']).toMatchObject({ status: 'retry', code: 'UNABLE_TO_LOCK_ROW' });
    expect(outcomes['free']).toMatchObject({ status: 'stored' });
  });

  it('archives into the recycle bin', async () => {
    const outcomes = await pushAll(ctx, [{ kind: 'archive', key: 'gone', id: id(0) }]);
    expect(outcomes['gone']).toEqual({ key: 'gone', status: 'stored', id: id(0), values: {} });
    expect(org.control.record(id(0))).toMatchObject({ IsDeleted: true });
  });

  it("takes what somebody wrote right after for that person's word, not for what it stored", async () => {
    const real = ctx.http.send.bind(ctx.http);
    const meddled = {
      ...ctx,
      http: {
        ...ctx.http,
        send: async (request: Parameters<typeof real>[0]) => {
          const response = await real(request);
          if (request.method === 'PATCH') org.control.edit(id(0), { Title: 'Somebody else' });
          return response;
        },
      },
    };
    const outcomes = await pushAll(meddled, [update('raced', id(0), { Title: 'CEO' })]);
    expect(outcomes['raced']).toMatchObject({ status: 'stored', values: { Title: 'CEO' } });
    expect(outcomes['raced']).not.toHaveProperty('modifiedAt');
  });

  it('throws what stops all of it: nothing was sent', async () => {
    org.control.use(100_000);
    await expect(pushAll(ctx, [update('u', id(0), { Title: 'CEO' })])).rejects.toMatchObject({
      kind: 'throttled',
    });
  });

  it('tells the calls it takes beforehand', async () => {
    const many = Array.from({ length: 450 }, (_, index) =>
      create(`c${String(index)}`, { LastName: `N${String(index)}` }),
    );
    await pushAll(ctx, [create('first', { LastName: 'First' })]);
    const before = org.control.requests().length;
    await pushAll(ctx, many);
    expect(org.control.requests().length - before).toBe(
      pushCost('contact', { create: 450, update: 0, archive: 0 }),
    );
  });
});
