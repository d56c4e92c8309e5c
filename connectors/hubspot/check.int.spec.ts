import hubspot from './index.js';
import { COMPANY_LINK } from './objects.js';
import { ALL_SCOPES } from './sandbox/tokens.js';
import { createBench, type Bench, type BenchOptions } from './testing.js';

let bench: Bench;

afterEach(() => bench.sandbox.close());

async function checked(
  options: BenchOptions,
  prepare?: () => void,
): Promise<Readonly<Record<string, string>>> {
  bench = await createBench(options);
  prepare?.();
  const items = await hubspot.check(bench.ctx);
  for (const item of items) if (item.status !== 'ok') expect(item.remedy).toBeTruthy();
  return Object.fromEntries(items.map((item) => [item.name, `${item.status}: ${item.message}`]));
}

describe('check', () => {
  it('finds a good connection good', async () => {
    const items = await checked({ sandbox: { limits: {} } });
    expect(items).toMatchObject({
      credentials: 'ok: The access token is valid for HubSpot account 48000001.',
      scopes: expect.stringMatching(/^ok/) as string,
      reach: 'ok: HubSpot answers: 0 companies, 0 contacts, 0 deals.',
      limits: expect.stringMatching(
        /^ok: 6\d\d\d\d\d of 650000 API calls are left today\. 190 calls/,
      ) as string,
      'hub-id-field': expect.stringMatching(/^warning/) as string,
    });
  });

  it('says that the token is dead, and no more', async () => {
    const items = await checked({ credentials: { accessToken: 'pat-wrong' } });
    expect(Object.keys(items)).toEqual(['credentials']);
    expect(items['credentials']).toMatch(/^failed/);
  });

  it('says that nobody answers, which is no word on the token', async () => {
    const items = await checked({}, () => {
      for (let n = 0; n < 10; n += 1) bench.sandbox.control.fault({ kind: 'status', status: 503, path: '' });
    });
    expect(Object.keys(items)).toEqual(['reach']);
    expect(items['reach']).toMatch(/^failed/);
  });

  it('names the scopes that are missing, and changes nothing to find out', async () => {
    const scopes = ['crm.objects.contacts.read', 'crm.objects.companies.read', 'crm.schemas.contacts.read'];
    const items = await checked({ sandbox: { scopes } });
    expect(items['scopes']).toBe(
      'failed: The token lacks scopes: crm.objects.companies.write, crm.schemas.companies.read, crm.objects.contacts.write, crm.objects.deals.read, crm.objects.deals.write, crm.schemas.deals.read, crm.objects.owners.read.',
    );
    expect(bench.sandbox.control.records('contacts')).toEqual([]);
  });

  it.each([
    ['is missing', false, /^failed: The property rapport_id of companies does not exist/],
    ['is not unique', { hasUniqueValue: false }, /^failed: .* does not require unique values/],
    ['is good', { hasUniqueValue: true }, /^ok: New records are made by upsert on rapport_id/],
  ] as const)('tells whether the property for the hub id %s', async (_how, definition, expected) => {
    const items = await checked({ settings: { hubIdProperty: 'rapport_id' } }, () => {
      if (definition !== false)
        for (const object of ['contacts', 'companies', 'deals'] as const)
          bench.sandbox.control.defineProperty(object, { name: 'rapport_id', ...definition });
    });
    expect(items['hub-id-field']).toMatch(expected);
  });
});

describe('a token without the scopes for deals', () => {
  const scopes = ALL_SCOPES.filter((scope) => !scope.includes('.deals.'));

  it('is good for the rest: the check warns, and discover leaves deals out', async () => {
    const items = await checked({ sandbox: { scopes } });
    expect(items['scopes']).toMatch(/^warning: The token lacks scopes: crm\.objects\.deals\.read/);
    expect(items['reach']).toBe('ok: HubSpot answers: 0 companies, 0 contacts.');
    const objects = await hubspot.discover(bench.ctx);
    expect(objects.map(({ object }) => object)).toEqual(['company', 'contact']);
  });
});

describe('discover', () => {
  it('describes properties of all objects, custom ones and the company of a contact', async () => {
    bench = await createBench();
    bench.sandbox.control.defineProperty('contacts', {
      name: 'tier',
      label: 'Tier',
      type: 'enumeration',
      options: ['a', 'b'],
    });
    const objects = await hubspot.discover(bench.ctx);
    expect(objects.map(({ object }) => object)).toEqual(['company', 'contact', 'deal']);
    const properties = new Map(objects[1]?.properties.map((property) => [property.name, property]));
    expect(properties.get('tier')).toEqual({
      name: 'tier',
      title: 'Tier',
      type: 'choice',
      options: [
        { value: 'a', title: 'a', active: true },
        { value: 'b', title: 'b', active: true },
      ],
      restricted: true,
      writable: true,
      required: false,
      custom: true,
    });
    expect(properties.get('email')).toMatchObject({ type: 'email', unique: true, custom: false });
    expect(properties.get('hs_additional_emails')).toMatchObject({ type: 'choices', writable: false });
    expect(properties.get('hubspot_owner_id')).toMatchObject({ type: 'email', writable: true });
    expect(properties.get(COMPANY_LINK)).toMatchObject({
      type: 'reference',
      references: ['company'],
      writable: true,
    });
    expect(objects[1]?.properties.filter((property) => property.name === COMPANY_LINK)).toHaveLength(1);
  });
});
