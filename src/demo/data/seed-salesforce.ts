import type { Sandbox } from '../../../connectors/salesforce/sandbox/index.js';
import type { Card } from './card.js';
import { writtenCompany, writtenPhone, writtenWebsite } from './dirt.js';
import { createRandom } from './random.js';
import type { World } from './world.js';

const DAY_MS = 86_400_000;

/** Fills the org; `now` in ms. */
export function seedSalesforce({ control }: Sandbox, world: World, now: number): void {
  const random = createRandom(1);
  const stamp = (daysAgo: number): string =>
    new Date(now - daysAgo * DAY_MS - random.whole(0, DAY_MS / 1000) * 1000).toISOString();
  const places = [...world.inSalesforce];
  const accounts = control.load(
    'Account',
    places.map((place) => {
      const company = world.companies[place];
      if (company === undefined) throw new RangeError('There is no such company.');
      const modified = stamp(random.whole(20, 500));
      return {
        Name: writtenCompany(random, company.name, company.suffixes),
        // Only some accounts were ever given a website; those are known by name.
        ...(random.chance(0.95) && { Website: writtenWebsite(random, company.domain) }),
        ...(company.phone && random.chance(0.7) && { Phone: writtenPhone(random, company.phone) }),
        ...(random.chance(0.8) && { Industry: company.industry }),
        ...(random.chance(0.6) && { NumberOfEmployees: company.size }),
        ...(random.chance(0.5) && { AnnualRevenue: company.revenue }),
        ...(random.chance(0.3) && { Description: company.description }),
        BillingStreet: company.address.street,
        BillingCity: company.address.city,
        BillingPostalCode: company.address.postalCode,
        BillingCountry: random.chance(0.3) ? company.address.country.code : company.address.country.name,
        CreatedDate: stamp(700),
        LastModifiedDate: modified,
        SystemModstamp: modified,
      };
    }),
  );
  const accountOf = new Map(places.map((place, index) => [place, accounts[index]]));
  const contacts = control.load(
    'Contact',
    world.contacts.map(({ values, company, createdDaysAgo, modifiedDaysAgo }) => {
      const modified = stamp(modifiedDaysAgo);
      return {
        ...contact(values),
        AccountId: company === undefined ? null : (accountOf.get(company) ?? null),
        CreatedDate: stamp(createdDaysAgo),
        LastModifiedDate: modified,
        SystemModstamp: modified,
      };
    }),
  );
  const staffOf = Map.groupBy(contacts.keys(), (index) => world.contacts[index]?.company);
  const mine = world.deals.filter((deal) => deal.inSalesforce);
  const deals = control.load(
    'Opportunity',
    mine.map(({ name, cents, stage, closeDate, company }) => {
      const modified = stamp(random.whole(2, 200));
      return {
        Name: name,
        Amount: cents / 100,
        StageName: stage,
        CloseDate: closeDate,
        AccountId: accountOf.get(company) ?? null,
        CreatedDate: stamp(300),
        LastModifiedDate: modified,
        SystemModstamp: modified,
      };
    }),
  );
  control.load(
    'OpportunityContactRole',
    mine.flatMap(({ company }, index) => {
      const at = stamp(random.whole(2, 200));
      return (staffOf.get(company) ?? [])
        .slice(0, 2)
        .map((place) => ({ OpportunityId: deals[index], ContactId: contacts[place], SystemModstamp: at }));
    }),
  );
}

function contact(card: Card): Readonly<Record<string, string | null>> {
  return {
    Salutation: card.salutation ?? null,
    FirstName: card.given ?? null,
    LastName: card.family ?? null,
    Email: card.email ?? null,
    Phone: card.phone ?? null,
    MobilePhone: card.mobile ?? null,
    Title: card.jobTitle ?? null,
    MailingStreet: card.street ?? null,
    MailingCity: card.city ?? null,
    MailingState: card.region ?? null,
    MailingPostalCode: card.postalCode ?? null,
    MailingCountry: card.country ?? null,
    Tier__c: card.tier ?? null,
  };
}
