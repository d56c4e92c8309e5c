import { inventWorld } from './world.js';

describe('the invented world', () => {
  const world = inventWorld({ people: 400, companies: 60 });

  it('is the same every time', () => {
    expect(inventWorld({ people: 400, companies: 60 })).toEqual(world);
  });

  it('has nobody who could be real: no domain but reserved ones', () => {
    const emails = [...world.contacts, ...world.hubSpotContacts].flatMap(({ values }) => values.email ?? []);
    expect(emails.length).toBeGreaterThan(400);
    expect(emails.filter((email) => !email.toLowerCase().endsWith('.example'))).toEqual([]);
    expect(world.companies.filter(({ domain }) => !domain.endsWith('.example'))).toEqual([]);
  });

  it('has some three in five people in both systems', () => {
    const mine = new Set(world.contacts.flatMap(({ values }) => values.email?.toLowerCase() ?? []));
    const both = world.hubSpotContacts.filter(({ values }) => mine.has(values.email?.toLowerCase() ?? ''));
    expect(both.length / world.people).toBeGreaterThan(0.45);
    expect(both.length / world.people).toBeLessThan(0.7);
  });

  it('gives HubSpot each e-mail once, as HubSpot would have it', () => {
    const emails = world.hubSpotContacts.flatMap(({ values }) => values.email?.toLowerCase() ?? []);
    expect(new Set(emails).size).toBe(emails.length);
  });
});
