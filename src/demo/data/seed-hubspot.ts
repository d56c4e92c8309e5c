import type { Sandbox } from '../../../connectors/hubspot/sandbox/index.js';
import type { Card } from './card.js';
import { written, type Deal } from './deals.js';
import { writtenCompany, writtenPhone, writtenWebsite } from './dirt.js';
import { HUB_ID_PROPERTY, INDUSTRIES, TIER_PROPERTY } from '../configuration.js';
import { createRandom } from './random.js';
import type { World } from './world.js';

const DAY_MS = 86_400_000;

/** Fills the portal, and defines the properties that the demo's configuration names; `now` in ms. */
export function seedHubSpot({ control }: Sandbox, world: World, now: number): void {
  const random = createRandom(2);
  const time = (daysAgo: number): number => now - daysAgo * DAY_MS - random.whole(0, DAY_MS / 1000) * 1000;
  for (const object of ['contacts', 'companies', 'deals'] as const)
    control.defineProperty(object, { name: HUB_ID_PROPERTY, label: 'Rapport id', hasUniqueValue: true });
  control.defineProperty('contacts', {
    name: TIER_PROPERTY,
    label: 'Customer tier',
    type: 'enumeration',
    options: ['Gold', 'Silver', 'Bronze', 'Platinum'],
  });
  const places = [...world.inHubSpot];
  const companies = control.seed(
    'companies',
    places.map((place) => {
      const company = world.companies[place];
      if (company === undefined) throw new RangeError('There is no such company.');
      return {
        properties: {
          name: writtenCompany(random, company.name, company.suffixes),
          domain: company.domain,
          ...(random.chance(0.5) && { website: writtenWebsite(random, company.domain) }),
          ...(company.phone && random.chance(0.6) && { phone: writtenPhone(random, company.phone) }),
          ...(random.chance(0.6) && industryOf(company.industry)),
          ...(random.chance(0.6) && { numberofemployees: String(company.size + random.pick([0, 0, 0, 15])) }),
          ...(random.chance(0.4) && { annualrevenue: String(company.revenue) }),
          city: company.address.city,
          country: company.address.country.name,
        },
        createdAt: time(random.whole(20, 700)),
      };
    }),
  );
  const companyOf = new Map(places.map((place, index) => [place, companies[index]]));
  const ids = control.seed(
    'contacts',
    world.hubSpotContacts.map((entry) => {
      const companyId = entry.company === undefined ? undefined : companyOf.get(entry.company);
      return {
        properties: contact(entry.values),
        createdAt: time(entry.createdDaysAgo),
        updatedAt: time(entry.modifiedDaysAgo),
        ...(companyId !== undefined && { companyId }),
      };
    }),
  );
  world.hubSpotContacts.forEach(({ edited, modifiedDaysAgo }, index) => {
    const id = ids[index];
    if (id !== undefined && Object.keys(edited).length > 0)
      control.edit('contacts', id, contact(edited), time(modifiedDaysAgo));
  });
  const staffOf = Map.groupBy(ids.keys(), (index) => world.hubSpotContacts[index]?.company);
  control.seed(
    'deals',
    world.deals
      .filter((deal) => deal.inHubSpot)
      .map(({ name, hubSpotCents, stage, closeDate, company }) => {
        const companyId = companyOf.get(company);
        const staff = (staffOf.get(company) ?? []).slice(0, 2).flatMap((index) => ids[index] ?? []);
        return {
          properties: {
            dealname: name,
            amount: written(hubSpotCents),
            dealstage: STAGES[stage],
            closedate: `${closeDate}T10:00:00Z`,
          },
          createdAt: time(random.whole(20, 300)),
          contactIds: staff,
          ...(companyId !== undefined && { companyId }),
        };
      }),
  );
  control.catchUp();
}

/** HubSpot's ids of the stages. */
const STAGES: Readonly<Record<Deal['stage'], string>> = {
  Qualification: 'qualifiedtobuy',
  'Negotiation/Review': 'contractsent',
  'Closed Won': 'closedwon',
  'Closed Lost': 'closedlost',
};

/** HubSpot's word for it; none where it has none. */
function industryOf(industry: string): { readonly industry?: string } {
  const found = Object.keys(INDUSTRIES).find((word) => INDUSTRIES[word] === industry);
  return found === undefined ? {} : { industry: found };
}

const PROPERTIES: Readonly<Record<keyof Card, string>> = {
  salutation: 'salutation',
  given: 'firstname',
  family: 'lastname',
  email: 'email',
  phone: 'phone',
  mobile: 'mobilephone',
  jobTitle: 'jobtitle',
  street: 'address',
  city: 'city',
  region: 'state',
  postalCode: 'zip',
  country: 'country',
  tier: TIER_PROPERTY,
};

function contact(card: Card): Record<string, string> {
  return Object.fromEntries(
    Object.entries(card).map(([field, value]) => [PROPERTIES[field as keyof Card], value as string]),
  );
}
