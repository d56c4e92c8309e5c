import type { JsonValue, PropertyValues, PushOutcome } from '../../src/sdk/index.js';
import type { Sandbox } from './sandbox/index.js';
import { connect, create, orgs, pullAll, pushAll, update, type OrgContext } from './testing.js';
import { objectsOf } from './objects.js';
import { settingsSchema } from './config.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

const PROPERTIES =
  objectsOf(settingsSchema.parse({}))
    .find(({ object }) => object === 'opportunity')
    ?.mapping.map((line) => line.property) ?? [];
const ROLES = 'OpportunityContactRoles';
const contacts = (...ids: readonly string[]): JsonValue =>
  ids.map((id) => ({ ref: { object: 'contact', id } }));

interface Org {
  readonly org: Sandbox;
  readonly ctx: OrgContext;
  readonly acme: string;
  readonly people: readonly string[];
  readonly deal: string;
}

/** An account, three people and an opportunity of the first two, all of them some time ago. */
async function seeded(): Promise<Org> {
  const org = await open();
  const at = { SystemModstamp: '2026-01-01T00:00:00Z', LastModifiedDate: '2026-01-01T00:00:00Z' };
  const [acme = ''] = org.control.load('Account', [{ Name: 'Acme', ...at }]);
  const people = org.control.load(
    'Contact',
    ['A', 'B', 'C'].map((LastName) => ({ LastName, ...at })),
  );
  const [deal = ''] = org.control.load('Opportunity', [
    {
      Name: 'Big',
      StageName: 'Closed Won',
      CloseDate: '2026-12-31',
      Amount: 1000.1,
      AccountId: acme,
      ...at,
    },
  ]);
  org.control.load(
    'OpportunityContactRole',
    people.slice(0, 2).map((ContactId) => ({ OpportunityId: deal, ContactId, ...at })),
  );
  return { org, ctx: connect(org), acme, people, deal };
}

const roles = ({ org }: Org, deal: string): readonly string[] =>
  org.control
    .records('OpportunityContactRole')
    .filter((role) => role['OpportunityId'] === deal)
    .map((role) => String(role['ContactId']));

const push = async ({ ctx }: Org, operation: ReturnType<typeof update>): Promise<PushOutcome | undefined> =>
  (await pushAll(ctx, [operation], { object: 'opportunity', properties: PROPERTIES }))[operation.key];

describe('opportunities that are read', () => {
  it('come with their stage by name, the currency of the org, their account and their contacts', async () => {
    const org = await seeded();
    const { records } = await pullAll(org.ctx, 'opportunity', { properties: PROPERTIES });
    expect(records.get(org.deal)).toMatchObject({
      values: {
        Name: 'Big',
        StageName: 'Closed Won',
        CloseDate: '2026-12-31',
        Amount: 1000.1,
        CurrencyIsoCode: 'EUR',
        OwnerId: 'rep@sandbox.example',
        AccountId: { ref: { object: 'account', id: org.acme } },
        [ROLES]: contacts(...org.people.slice(0, 2)),
      },
      times: { [ROLES]: '2026-01-01T00:00:00.000Z' },
    });
  });

  it('are in the currency of the settings, where the settings name one', async () => {
    const { org } = await seeded();
    const ctx = connect(org, { settings: { currency: 'JPY' } });
    const { records } = await pullAll(ctx, 'opportunity', { properties: PROPERTIES });
    expect([...records.values()][0]?.values['CurrencyIsoCode']).toBe('JPY');
  });

  it('come again when a contact is added, which moves no stamp of theirs', async () => {
    const org = await seeded();
    const full = await pullAll(org.ctx, 'opportunity', { properties: PROPERTIES });
    const nothing = await pullAll(org.ctx, 'opportunity', { properties: PROPERTIES, cursor: full.cursor });
    const before = org.org.control.requests().length;
    org.org.control.create('OpportunityContactRole', {
      OpportunityId: org.deal,
      ContactId: org.people[2] ?? '',
    });
    const { records } = await pullAll(org.ctx, 'opportunity', {
      properties: PROPERTIES,
      cursor: nothing.cursor,
    });
    expect(records.get(org.deal)?.values[ROLES]).toEqual(contacts(...org.people));
    const time = Date.parse(records.get(org.deal)?.times?.[ROLES] ?? '');
    expect(Date.now() - time).toBeLessThan(60_000);
    expect(org.org.control.requests().length - before).toBeLessThan(8);
  });

  it('are looked through when contact roles were deleted, which leaves no other trace', async () => {
    const org = await seeded();
    const ctx = connect(org.org);
    const full = await pullAll(ctx, 'opportunity', { properties: PROPERTIES });
    ctx.known.ids = (_object, after) => Promise.resolve(after === null ? [org.deal] : []);
    const [first] = org.org.control
      .records('OpportunityContactRole')
      .filter((role) => role['ContactId'] === org.people[0]);
    org.org.control.remove(String(first?.['Id']));
    const { records } = await pullAll(ctx, 'opportunity', { properties: PROPERTIES, cursor: full.cursor });
    expect(records.get(org.deal)).toMatchObject({
      partial: true,
      values: { [ROLES]: contacts(org.people[1] ?? '') },
    });
  });
});

describe('opportunities that are written', () => {
  it('are made with their account and contacts, the first of them the primary one', async () => {
    const org = await seeded();
    const values: PropertyValues = {
      Name: 'New',
      Amount: '19.99',
      CurrencyIsoCode: 'EUR',
      StageName: 'negotiation - review',
      CloseDate: '2027-03-31',
      OwnerId: 'rep@sandbox.example',
      AccountId: { ref: { object: 'account', id: org.acme } },
      [ROLES]: contacts(...org.people),
    };
    const made = await push(org, create('c', values));
    expect(made).toMatchObject({
      status: 'stored',
      values: { StageName: 'Negotiation/Review', CurrencyIsoCode: 'EUR', [ROLES]: contacts(...org.people) },
    });
    const id = made?.status === 'stored' ? made.id : '';
    expect(org.org.control.record(id)).toMatchObject({
      Amount: 19.99,
      StageName: 'Negotiation/Review',
      AccountId: org.acme,
      IsClosed: false,
    });
    expect(roles(org, id)).toEqual(org.people);
    const primary = org.org.control
      .records('OpportunityContactRole')
      .filter((role) => role['OpportunityId'] === id && role['IsPrimary'] === true);
    expect(primary.map((role) => role['ContactId'])).toEqual([org.people[0]]);
  });

  it('get and lose only the contacts that differ from what the hub last saw, and none twice', async () => {
    const org = await seeded();
    const [a = '', b = '', c = ''] = org.people;
    const [other = ''] = org.org.control.load('Contact', [{ LastName: 'X' }]);
    org.org.control.create('OpportunityContactRole', { OpportunityId: org.deal, ContactId: other });
    const wish = {
      ...update('u', org.deal, { [ROLES]: contacts(b, c) }),
      previous: { [ROLES]: contacts(a, b) },
    };
    const outcome = await push(org, wish);
    expect(roles(org, org.deal)).toEqual([b, other, c]);
    // Whom somebody else added meanwhile is not the hub's to tell.
    expect(outcome).toMatchObject({ status: 'stored', values: { [ROLES]: contacts(b, c) } });
    await push(org, wish);
    expect(roles(org, org.deal)).toEqual([b, other, c]);
  });

  it('are refused for a contact that is gone, by the property of the contacts', async () => {
    const org = await seeded();
    org.org.control.remove(org.people[2] ?? '');
    const outcome = await push(org, update('u', org.deal, { [ROLES]: contacts(...org.people) }));
    expect(outcome).toMatchObject({ status: 'rejected', rejections: [{ property: ROLES }] });
  });

  it('make no contact twice when the answer was lost', async () => {
    const org = await seeded();
    org.org.control.fault({ kind: 'lostAnswer', method: 'POST', path: 'composite/sobjects' });
    const wish = { ...update('u', org.deal, { [ROLES]: contacts(...org.people) }), previous: {} };
    expect(await push(org, wish)).toMatchObject({ status: 'retry' });
    expect(await push(org, wish)).toMatchObject({ status: 'stored' });
    expect(roles(org, org.deal)).toEqual(org.people);
  });

  it.each([
    [{ StageName: 'Legal' }, 'UNMAPPED_STAGE', 'StageName'],
    [{ CurrencyIsoCode: 'USD' }, 'CURRENCY_NOT_ENABLED', 'CurrencyIsoCode'],
    [{ Amount: '12345678901234567.89' }, 'VALUE_OF_WRONG_TYPE', 'Amount'],
    [{ OwnerId: 'nobody@sandbox.example' }, 'OWNER_NOT_FOUND', 'OwnerId'],
  ] as const)('stay as they are for %j: %s', async (values, code, property) => {
    const org = await seeded();
    const outcome = await push(org, update('u', org.deal, values));
    expect(outcome).toMatchObject({ status: 'rejected', rejections: [{ code, property }] });
    expect(org.org.control.record(org.deal)).toMatchObject({ StageName: 'Closed Won', Amount: 1000.1 });
  });
});
