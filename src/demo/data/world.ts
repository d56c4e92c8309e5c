/** Which of the people and companies stand in which system, how they were written down there, and when. */
import { alike, news, writtenCard, type Card } from './card.js';
import { inventCompanies, type Company } from './companies.js';
import { writtenPhone } from './dirt.js';
import { inventDeals, type Deal } from './deals.js';
import { duplicates, misfits } from './misfits.js';
import { inventPeople, type Person } from './people.js';
import { phoneBook } from './places.js';
import { createRandom, type Random } from './random.js';

export interface SalesforceEntry<T> {
  readonly values: T;
  /** Place in the list of companies. */
  readonly company: number | undefined;
  readonly createdDaysAgo: number;
  readonly modifiedDaysAgo: number;
}

export interface HubSpotEntry<T> extends SalesforceEntry<T> {
  /** What somebody changed on the day of the last modification. */
  readonly edited: Partial<T>;
}

export interface World {
  readonly companies: readonly Company[];
  /** Places of the companies that stand in each system. */
  readonly inSalesforce: ReadonlySet<number>;
  readonly inHubSpot: ReadonlySet<number>;
  readonly contacts: readonly SalesforceEntry<Card>[];
  readonly hubSpotContacts: readonly HubSpotEntry<Card>[];
  readonly deals: readonly Deal[];
  /** Persons there really are, before anyone wrote one down twice. */
  readonly people: number;
}

const SEED = 20_261_122;
const BOTH = 0.6;
const ONLY_SALESFORCE = 0.22;

export function inventWorld(size: { readonly people: number; readonly companies: number }): World {
  const random = createRandom(SEED);
  const phone = phoneBook(random);
  const companies = inventCompanies(random, size.companies, phone);
  const people = inventPeople(random, size.people, { companies, phone });
  const inSalesforce = new Set<number>();
  const inHubSpot = new Set<number>();
  companies.forEach((_, index) => {
    const roll = random.next();
    if (roll < BOTH + ONLY_SALESFORCE) inSalesforce.add(index);
    if (roll < BOTH || roll >= BOTH + ONLY_SALESFORCE) inHubSpot.add(index);
  });
  const contacts: SalesforceEntry<Card>[] = [];
  const hubSpotContacts: HubSpotEntry<Card>[] = [];
  for (const person of people) {
    const roll = random.next();
    const fresh = phone(person.address.country, 'landline');
    const changed = news(random, person, { phone: fresh && writtenPhone(random, fresh) });
    const [mine, theirs] = alike(random, person, [writtenCard(random, person), writtenCard(random, person)]);
    const inBoth = roll < BOTH;
    const toldSalesforce = random.chance(0.5);
    if (inBoth || roll < BOTH + ONLY_SALESFORCE)
      contacts.push({
        values: inBoth && toldSalesforce && random.chance(0.5) ? { ...mine, ...changed } : mine,
        ...employedAt(random, person, inSalesforce),
        ...days(random),
      });
    if (inBoth || roll >= BOTH + ONLY_SALESFORCE)
      hubSpotContacts.push({
        values: theirs,
        edited: inBoth && !toldSalesforce && random.chance(0.5) ? changed : {},
        ...employedAt(random, person, inHubSpot),
        ...days(random),
      });
  }
  const twice = duplicates(random, people);
  const odd = misfits(random, { companies, people: size.people });
  // Of a source of its own: the people stay who they were.
  const deals = inventDeals(createRandom(SEED + 1), companies, { inSalesforce, inHubSpot });
  return {
    companies,
    deals,
    inSalesforce,
    inHubSpot,
    contacts: [...contacts, ...twice.salesforce, ...odd.salesforce],
    hubSpotContacts: [...hubSpotContacts, ...twice.hubSpot, ...odd.hubSpot],
    people: size.people + odd.people,
  };
}

/** Where a system knows the company, it mostly knows who works there. */
function employedAt(
  random: Random,
  person: Person,
  known: ReadonlySet<number>,
): { readonly company: number | undefined } {
  const knows = person.company !== undefined && known.has(person.company) && random.chance(0.85);
  return { company: knows ? person.company : undefined };
}

/** Made one to three years ago, touched since. */
function days(random: Random): { readonly createdDaysAgo: number; readonly modifiedDaysAgo: number } {
  return { createdDaysAgo: random.whole(400, 1100), modifiedDaysAgo: random.whole(2, 390) };
}
