import {
  editSalesforce,
  inBoth,
  inHubSpot,
  inSalesforce,
  propertiesOf,
  records,
  rowOf,
  rows,
} from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds } from './support/world.js';

const ACCOUNT = { type: 'Account' } as const;
const COMPANY = { object: 'companies' } as const;

describe('people and their accounts', () => {
  const { open } = worlds();

  it('are made in HubSpot, accounts first, and linked', async () => {
    const world = await open();
    const [acme = ''] = inSalesforce(world, [{ Name: 'Acme', Website: 'https://acme.example' }], ACCOUNT);
    inSalesforce(world, [{ LastName: 'Byron', Email: 'ada@acme.example', AccountId: acme }]);
    const { writes } = await world.sync();

    const [company, ...others] = records(world, 'companies');
    expect(others).toEqual([]);
    expect(company?.properties).toMatchObject({ name: 'Acme', website: 'https://acme.example' });
    expect(records(world)).toMatchObject([{ companyId: company?.id }]);
    const made = (object: string): number => writes.findIndex((call) => call.includes(`/${object}/batch/`));
    expect(made('companies')).toBeGreaterThanOrEqual(0);
    expect(made('companies')).toBeLessThan(made('contacts'));
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('are made in Salesforce, accounts first, and linked', async () => {
    const world = await open();
    const [company = ''] = inHubSpot(world, [{ name: 'Acme', domain: 'acme.example' }], COMPANY);
    const contact = world.hubspot.control.create('contacts', {
      properties: { lastname: 'Byron', email: 'ada@acme.example' },
      companyId: company,
    });
    await world.sync();

    const [account, ...others] = rows(world, 'Account');
    expect(others).toEqual([]);
    expect(account).toMatchObject({ Name: 'Acme' });
    expect(rows(world)).toMatchObject([{ LastName: 'Byron', AccountId: account?.['Id'] }]);
    expect(world.hubspot.control.record('contacts', contact)?.companyId).toBe(company);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('are known again by the domain, not made twice', async () => {
    const world = await open();
    inSalesforce(world, [{ Name: 'Acme Inc.', Website: 'https://www.acme.example' }], ACCOUNT);
    inHubSpot(world, [{ name: 'Acme', domain: 'acme.example' }], COMPANY);
    await world.sync();
    expect(await world.ask.howMany('account')).toBe(1);
    expect([rows(world, 'Account').length, records(world, 'companies').length]).toEqual([1, 1]);
  });

  it('follow a change of account in either system', async () => {
    const world = await open();
    const [acme = '', globex = ''] = inSalesforce(
      world,
      [
        { Name: 'Acme', Website: 'https://acme.example' },
        { Name: 'Globex', Website: 'https://globex.example' },
      ],
      ACCOUNT,
    );
    const { sf, hs } = inBoth(world, { salesforce: { AccountId: acme } });
    await world.sync();
    const companyNamed = (name: string): string =>
      records(world, 'companies').find((record) => record.properties['name'] === name)?.id ?? name;
    const companyOf = (): string | null | undefined =>
      world.hubspot.control.record('contacts', hs)?.companyId;
    expect(companyOf()).toBe(companyNamed('Acme'));

    editSalesforce(world, sf, { AccountId: globex });
    await world.sync();
    expect(companyOf()).toBe(companyNamed('Globex'));

    world.hubspot.control.associate(hs, companyNamed('Acme'));
    await world.sync();
    expect(rowOf(world, sf)['AccountId']).toBe(acme);

    editSalesforce(world, sf, { AccountId: null });
    await world.sync();
    expect(companyOf()).toBeNull();
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('bring edits of an account to the other system', async () => {
    const world = await open();
    const [acme = ''] = inSalesforce(world, [{ Name: 'Acme', Website: 'https://acme.example' }], ACCOUNT);
    await world.sync();
    const [company] = records(world, 'companies');

    editSalesforce(world, acme, { NumberOfEmployees: 120, Phone: '+1 415 555 2671' });
    await world.sync();
    const id = company?.id ?? '';
    expect(propertiesOf(world, id, 'companies')).toMatchObject({ numberofemployees: '120' });

    world.hubspot.control.edit('companies', id, { numberofemployees: '130', city: 'Oslo' });
    await world.sync();
    expect(rowOf(world, acme)).toMatchObject({ NumberOfEmployees: 130, BillingCity: 'Oslo' });
    expect((await world.sync()).writes).toEqual([]);
  });
});
