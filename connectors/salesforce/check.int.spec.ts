import { createTestContext } from '../../src/sdk/testing/index.js';
import type { CheckItem } from '../../src/sdk/index.js';
import { credentialsSchema, settingsSchema } from './config.js';
import connector from './index.js';
import { connect, orgs } from './testing.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

function item(items: readonly CheckItem[], name: string): CheckItem | undefined {
  return items.find((one) => one.name === name);
}

describe('check', () => {
  it('is content with an org that has what it takes', async () => {
    const org = await open();
    const items = await connector.check(
      connect(org, { settings: { externalIdField: 'Rapport_Id__c', leads: true } }),
    );
    expect(items.filter((one) => one.status !== 'ok')).toEqual([]);
    expect(item(items, 'hub-id-field-lead')?.message).toMatch(/upserted by Rapport_Id__c/);
    expect(item(items, 'limits')?.message).toMatch(/^99\d+ of 100000 API calls/);
  });

  it("tells how to make a field for the hub's id, and that one is wanting", async () => {
    const org = await open();
    expect(item(await connector.check(connect(org)), 'hub-id-field-contact')).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/External ID/) as unknown,
    });
    const wrong = await connector.check(connect(org, { settings: { externalIdField: 'Tier__c' } }));
    expect(item(wrong, 'hub-id-field-contact')).toMatchObject({
      status: 'warning',
      remedy: expect.stringMatching(/Unique/) as unknown,
    });
  });

  it('names hidden fields', async () => {
    const org = await open({ rules: { hidden: ['Department'] } });
    expect(item(await connector.check(connect(org)), 'fields-contact')).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/Department/) as unknown,
    });
  });

  it('warns when few calls are left', async () => {
    const org = await open();
    org.control.use(95_000);
    expect(item(await connector.check(connect(org)), 'limits')).toMatchObject({ status: 'warning' });
  });

  it.each([
    ['wrong credentials', { clientSecret: 'wrong' }, {}, 'credentials'],
    ['a version that is not served', {}, { apiVersion: '99.0' }, 'reach'],
    ['an address where nothing answers', {}, { loginUrl: 'http://127.0.0.1:1' }, 'reach'],
  ])('fails with a remedy for %s', async (_name, credentials, settings, name) => {
    const org = await open();
    const ctx = createTestContext({
      settings: settingsSchema.parse({ loginUrl: org.url, ...settings }),
      credentials: credentialsSchema.parse({
        grantType: 'client_credentials',
        clientId: 'sandbox-client',
        clientSecret: 'sandbox-secret',
        ...credentials,
      }),
    });
    expect(item(await connector.check(ctx), name)).toMatchObject({
      status: 'failed',
      remedy: expect.stringMatching(/.{10}/) as unknown,
    });
  });
});

describe('discover', () => {
  it('describes standard and custom fields with lengths, options and writability', async () => {
    const org = await open();
    const [account, contact] = await connector.discover(connect(org));
    expect(account?.object).toBe('account');
    const property = (name: string): unknown => contact?.properties.find((one) => one.name === name);
    expect(property('FirstName')).toMatchObject({
      type: 'string',
      maxLength: 40,
      writable: true,
      required: false,
      custom: false,
    });
    expect(property('LastName')).toMatchObject({ required: true });
    expect(property('AccountId')).toMatchObject({ type: 'reference', references: ['account'] });
    expect(property('Tier__c')).toMatchObject({
      type: 'choice',
      restricted: true,
      custom: true,
      options: [
        { value: 'Gold', title: 'Gold', active: true },
        expect.anything() as unknown,
        expect.anything() as unknown,
      ],
    });
    expect(property('CreatedDate')).toMatchObject({ type: 'datetime', writable: false });
    expect(property('Rapport_Id__c')).toMatchObject({ unique: true });
  });
});
