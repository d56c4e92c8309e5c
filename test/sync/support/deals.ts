/** Deals as the two systems hold them, and what is around them. */
import { inSalesforce, propertiesOf, records, rows } from './people.js';
import type { World } from './world.js';

export const DEALS = { salesforce: { deal: {} }, hubspot: { deal: {} } } as const;

/** An account with two people whom both systems hold, synced; ids in either. */
export interface Around {
  readonly sf: { readonly acme: string; readonly ada: string; readonly ben: string };
  readonly hs: { readonly acme: string; readonly ada: string; readonly ben: string };
}

export async function around(world: World): Promise<Around> {
  const [acme = ''] = inSalesforce(world, [{ Name: 'Acme', Website: 'https://acme.example' }], {
    type: 'Account',
  });
  const [ada = '', ben = ''] = inSalesforce(world, [
    { LastName: 'Byron', FirstName: 'Ada', Email: 'ada@acme.example', AccountId: acme },
    { LastName: 'Ono', FirstName: 'Ben', Email: 'ben@acme.example', AccountId: acme },
  ]);
  await world.sync();
  const byEmail = (email: string): string =>
    records(world).find((record) => record.properties['email'] === email)?.id ?? '';
  return {
    sf: { acme, ada, ben },
    hs: {
      acme: records(world, 'companies')[0]?.id ?? '',
      ada: byEmail('ada@acme.example'),
      ben: byEmail('ben@acme.example'),
    },
  };
}

/** An opportunity of the account, with contacts, as a salesperson makes it. */
export function opportunity(
  world: World,
  fields: Readonly<Record<string, unknown>>,
  contacts: readonly string[] = [],
): string {
  const id = world.salesforce.control.create('Opportunity', {
    Name: 'Big one',
    StageName: 'Qualification',
    CloseDate: '2027-03-31',
    Amount: 1000.1,
    ...fields,
  });
  for (const ContactId of contacts)
    world.salesforce.control.create('OpportunityContactRole', { OpportunityId: id, ContactId });
  return id;
}

/** The one deal that HubSpot has. */
export function onlyDeal(world: World): string {
  const [deal, ...others] = records(world, 'deals');
  if (deal === undefined || others.length > 0)
    throw new Error(`HubSpot has ${String(records(world, 'deals').length)} deals.`);
  return deal.id;
}

/** Contacts of an opportunity, in no order. */
export function contactsOf(world: World, opportunityId: string): readonly string[] {
  return rows(world, 'OpportunityContactRole')
    .filter((role) => role['OpportunityId'] === opportunityId)
    .map((role) => String(role['ContactId']))
    .sort();
}

export function dealProperties(world: World, id: string): Readonly<Record<string, string>> {
  return propertiesOf(world, id, 'deals');
}

export function hubSpotDeal(
  world: World,
  properties: Readonly<Record<string, string>>,
  links: { readonly companyId?: string; readonly contactIds?: readonly string[] } = {},
): string {
  return world.hubspot.control.create('deals', {
    properties: {
      dealname: 'Big one',
      dealstage: 'qualifiedtobuy',
      amount: '1000.10',
      closedate: '2027-03-31T10:00:00Z',
      ...properties,
    },
    ...links,
  });
}
