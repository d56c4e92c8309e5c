import type { Sandbox } from './sandbox/index.js';
import { connect, create, orgs, pushAll, update, type OrgContext } from './testing.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

const WRITES = { path: '/composite/sobjects' };
const ago = (ctx: OrgContext, ms: number): string => new Date(ctx.clock.now() - ms).toISOString();

describe('a write whose answer is lost', () => {
  let org: Sandbox;
  let ctx: OrgContext;
  beforeEach(async () => {
    org = await open();
    ctx = connect(org);
  });
  const count = (): number => org.control.records('Contact').length;

  describe.each(['lostAnswer', 'resetMidBody', 'malformed'] as const)('%s after it was applied', (kind) => {
    it('is found by what the records hold', async () => {
      const [held = ''] = org.control.load('Contact', [{ LastName: 'Held' }]);
      org.control.fault({ kind, method: 'PATCH', ...WRITES });
      const outcomes = await pushAll(ctx, [update('u', held, { Title: 'CEO', Email: 'UPPER@example.com' })]);
      expect(outcomes['u']).toMatchObject({
        status: 'stored',
        values: { Title: 'CEO', Email: 'upper@example.com' },
      });
    });

    it('finds made records by e-mail, or by the same values since, and makes none again', async () => {
      org.control.fault({ kind, method: 'POST', ...WRITES });
      const outcomes = await pushAll(ctx, [
        create('mail', { LastName: 'Mail', Email: 'mail@example.com' }),
        create('twin1', { LastName: 'Twin', Title: 'CEO' }),
        create('twin2', { LastName: 'Twin', Title: 'CEO' }),
      ]);
      expect(Object.values(outcomes).every((one) => one.status === 'stored' && one.found === true)).toBe(
        true,
      );
      expect(new Set(Object.values(outcomes).map((one) => one.status === 'stored' && one.id)).size).toBe(3);
      expect(count()).toBe(3);
    });

    it("finds made records by the hub's id where the org keeps it", async () => {
      const upserting = connect(org, { settings: { externalIdField: 'Rapport_Id__c' } });
      org.control.fault({ kind, method: 'PATCH', ...WRITES });
      const outcomes = await pushAll(upserting, [create('u', { LastName: 'Up' })]);
      expect(outcomes['u']).toMatchObject({ status: 'stored', found: true });
      expect(count()).toBe(1);
    });
  });

  it('leaves a create open when the connection broke and nothing is to be seen', async () => {
    org.control.fault({ kind: 'reset', method: 'POST', ...WRITES });
    expect((await pushAll(ctx, [create('c', { LastName: 'New' })]))['c']).toMatchObject({
      status: 'unknown',
    });
  });

  it('knows that a maintenance page has applied nothing', async () => {
    org.control.fault({ kind: 'maintenance', method: 'POST', ...WRITES });
    expect((await pushAll(ctx, [create('c', { LastName: 'New' })]))['c']).toMatchObject({ status: 'retry' });
    expect(count()).toBe(0);
  });

  it('leaves open what can not be looked up either', async () => {
    await pushAll(ctx, []);
    org.control.fault({ kind: 'lostAnswer', method: 'POST', ...WRITES });
    org.control.fault({ kind: 'maintenance', path: '/query', times: 99 });
    expect(
      (await pushAll(ctx, [create('c', { LastName: 'New', Email: 'new@example.com' })]))['c'],
    ).toMatchObject({ status: 'unknown' });
  });

  it('stores as sent what was written but can not be read back', async () => {
    const [held = ''] = org.control.load('Contact', [{ LastName: 'Held' }]);
    org.control.fault({ kind: 'maintenance', path: '/queryAll', times: 99 });
    const outcomes = await pushAll(ctx, [update('u', held, { Title: 'CEO' })]);
    expect(outcomes['u']).toEqual({ key: 'u', status: 'stored', id: held, values: { Title: 'CEO' } });
  });
});

describe('a create that may have been made before', () => {
  it.each([
    ['with an e-mail', { LastName: 'Seen', Email: 'Seen@example.com' }],
    ['without an e-mail', { LastName: 'Seen', Title: 'CEO' }],
  ])('is found, %s', async (_name, values) => {
    const org = await open();
    const ctx = connect(org);
    const made = org.control.create('Contact', values);
    const outcomes = await pushAll(ctx, [create('c', values, ago(ctx, 60_000))]);
    expect(outcomes['c']).toMatchObject({ status: 'stored', id: made, found: true });
    expect(org.control.records('Contact')).toHaveLength(1);
  });

  it('is found though somebody has changed it since, unless the hub holds it as somebody else', async () => {
    const org = await open();
    const values = { Name: 'Acme', Phone: '+1 415 555 0100' };
    const known = new Map<string, string | null>();
    const ctx = connect(org, { known: { account: known } });
    const [made] = Object.values(await pushAll(ctx, [create('a', values)], { object: 'account' }));
    if (made?.status !== 'stored') throw new Error('not made');
    org.control.edit(made.id, { Phone: '+1 415 555 0199' });
    const again = create('a', values, ago(ctx, 60_000));
    expect((await pushAll(ctx, [again], { object: 'account' }))['a']).toMatchObject({
      status: 'stored',
      id: made.id,
      found: true,
      values: { Phone: '+1 415 555 0199' },
    });
    known.set(made.id, null);
    expect((await pushAll(ctx, [again], { object: 'account' }))['a']).toMatchObject({ status: 'gone' });
  });

  it('is told to be nowhere, and not made, after a while in which the first attempt could end', async () => {
    const org = await open();
    const ctx = connect(org);
    const early = await pushAll(ctx, [create('c', { LastName: 'New' }, ago(ctx, 1000))]);
    expect(early['c']).toMatchObject({ status: 'retry', retryAt: ctx.clock.now() + 9000 });
    const late = await pushAll(ctx, [create('c', { LastName: 'New' }, ago(ctx, 20_000))]);
    expect(late['c']).toEqual({ key: 'c', status: 'gone' });
    expect(org.control.records('Contact')).toHaveLength(0);
  });

  it('is not taken for an older record of the same name', async () => {
    const org = await open();
    org.control.load('Contact', [{ LastName: 'Smith', SystemModstamp: '2025-01-01T00:00:00Z' }]);
    const ctx = connect(org);
    const outcomes = await pushAll(ctx, [create('c', { LastName: 'Smith' }, ago(ctx, 60_000))]);
    expect(outcomes['c']).toEqual({ key: 'c', status: 'gone' });
    expect(org.control.records('Contact')).toHaveLength(1);
  });

  it('is looked up in lists, not one by one', async () => {
    const org = await open();
    const ctx = connect(org);
    const since = ago(ctx, 60_000);
    const many = Array.from({ length: 200 }, (_, index) =>
      create(
        `c${String(index)}`,
        { LastName: `N${String(index)}`, Email: `n${String(index)}@example.com` },
        since,
      ),
    );
    const outcomes = await pushAll(ctx, many);
    const lookups = org.control.requests().filter((line) => line.path.includes('/query?'));
    expect(lookups.length).toBeLessThanOrEqual(2);
    expect(Object.values(outcomes).every((outcome) => outcome.status === 'gone')).toBe(true);
  });

  it("is found by the hub's id without waiting", async () => {
    const org = await open();
    const ctx = connect(org, { settings: { externalIdField: 'Rapport_Id__c' } });
    await pushAll(ctx, [create('c', { LastName: 'New' })]);
    const outcomes = await pushAll(ctx, [create('c', { LastName: 'New' }, ago(ctx, 0))]);
    expect(outcomes['c']).toMatchObject({ status: 'stored', found: true });
    expect(org.control.records('Contact').map((record) => record['Rapport_Id__c'])).toEqual(['hub-c']);
  });
});
