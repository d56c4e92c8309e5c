import {
  editHubSpot,
  editSalesforce,
  inBoth,
  inHubSpot,
  propertiesOf,
  rowOf,
  rows,
} from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds } from './support/world.js';

describe('one record among 200 that Salesforce refuses', () => {
  const { open } = worlds();

  it('holds none of the others up, is an issue without its value, and goes by itself once it is mended', async () => {
    const world = await open();
    const tooLong = 'Wolfeschlegelsteinhausenbergerdorff-'.repeat(3);
    const ids = inHubSpot(
      world,
      Array.from({ length: 200 }, (_, index) => ({
        firstname: 'Ada',
        lastname: index === 77 ? tooLong : `Byron ${String(index)}`,
        email: `ada${String(index)}@byron.example`,
      })),
    );
    await world.sync();

    expect(rows(world)).toHaveLength(199);
    const [issue, ...others] = await world.ask.issues();
    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      connection: 'salesforce',
      object: 'contact',
      operation: 'write',
      code: 'STRING_TOO_LONG',
      severity: 'error',
      field: 'familyName',
      valueKind: 'text',
      valueLength: tooLong.length,
    });
    expect(issue?.remedy).not.toBe('');
    expect(JSON.stringify(issue)).not.toContain(tooLong.slice(0, 20));
    expect((await world.ask.unsynced()).issues).toBe(1);
    // What was refused is not sent again as long as it says the same.
    expect((await world.sync()).writes).toEqual([]);

    editHubSpot(world, ids[77] ?? '', { lastname: 'Wolfe' });
    await world.sync();
    expect(rows(world)).toHaveLength(200);
    expect(await world.ask.issues()).toEqual([]);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  }, 60_000);
});

describe('a value that one system refuses', () => {
  const { open } = worlds();

  it('keeps no other field of the record from being written', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world);
    await world.sync();
    editHubSpot(world, hs, { jobtitle: 'Chief '.repeat(40).trim(), city: 'Oslo' });
    await world.sync();
    expect(rowOf(world, sf)).toMatchObject({ Title: null, MailingCity: 'Oslo' });
    expect(await world.ask.issues()).toMatchObject([
      { connection: 'salesforce', externalId: sf, field: 'jobTitle', valueLength: 239, valueKind: 'text' },
    ]);

    editSalesforce(world, sf, { Title: 'Chief' });
    await world.sync();
    expect(propertiesOf(world, hs)['jobtitle']).toBe('Chief');
    expect(await world.ask.issues()).toEqual([]);
  });

  it('that HubSpot has no choice for is an issue until the portal has it', async () => {
    const world = await open({
      mapping: {
        salesforce: { customer: [{ field: 'custom.tier', property: 'Tier__c' }] },
        hubspot: { customer: [{ field: 'custom.tier', property: 'customer_tier' }] },
      },
    });
    world.hubspot.control.defineProperty('contacts', {
      name: 'customer_tier',
      type: 'enumeration',
      options: ['Silver'],
    });
    const { sf, hs } = inBoth(world, { salesforce: { Tier__c: 'Gold' } });
    await world.sync();
    expect(await world.ask.issues()).toMatchObject([
      { connection: 'hubspot', externalId: hs, field: 'custom.tier', valueLength: 4 },
    ]);
    editSalesforce(world, sf, { Tier__c: 'Silver' });
    await world.sync();
    expect(propertiesOf(world, hs)['customer_tier']).toBe('Silver');
    expect(await world.ask.issues()).toEqual([]);
  });
});

describe('a customer without what Salesforce wants of every contact', () => {
  const { open } = worlds();

  it('is an issue with a remedy, and is made as soon as anybody knows the last name', async () => {
    const world = await open();
    const [hs = ''] = inHubSpot(world, [{ firstname: 'Ada', email: 'ada@byron.example' }]);
    await world.sync();
    expect(rows(world)).toEqual([]);
    const [issue] = await world.ask.issues();
    expect(issue).toMatchObject({ connection: 'salesforce', code: 'MISSING_REQUIRED', severity: 'error' });
    expect(issue?.message).toContain('familyName');
    expect(issue?.remedy).toContain('familyName');

    editHubSpot(world, hs, { lastname: 'Byron' });
    await world.sync();
    expect(rows(world)).toMatchObject([{ FirstName: 'Ada', LastName: 'Byron' }]);
    expect(await world.ask.issues()).toEqual([]);
  });
});
