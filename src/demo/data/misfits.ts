/** What goes wrong in real data: a few of each, so that the report has something to tell. */
import { writtenPhone } from './dirt.js';
import type { Card } from './card.js';
import type { Company } from './companies.js';
import type { Person } from './people.js';
import type { Random } from './random.js';
import type { HubSpotEntry, SalesforceEntry } from './world.js';

interface Entries {
  readonly salesforce: readonly SalesforceEntry<Card>[];
  readonly hubSpot: readonly HubSpotEntry<Card>[];
}

/** People whom somebody wrote down a second time in the same system. */
export function duplicates(random: Random, people: readonly Person[]): Entries {
  const withPhone = people.filter((person) => person.phone !== undefined);
  const some = (share: number): readonly Person[] =>
    Array.from({ length: Math.ceil(people.length * share) }, () => random.pick(withPhone));
  return {
    // Salesforce takes one e-mail as often as you like.
    salesforce: unique(some(0.015)).map((person) => ({
      values: { given: person.given, family: person.family, email: person.email, ...phoneOf(random, person) },
      company: undefined,
      createdDaysAgo: random.whole(200, 380),
      modifiedDaysAgo: random.whole(100, 190),
    })),
    // HubSpot takes it once: its duplicates are those that came by telephone.
    hubSpot: unique(some(0.008)).map((person) => ({
      values: { given: person.given, family: person.family, ...phoneOf(random, person) },
      edited: {},
      company: undefined,
      createdDaysAgo: random.whole(200, 380),
      modifiedDaysAgo: random.whole(100, 190),
    })),
  };
}

/** Records that one of the two systems cannot take as they are. */
export function misfits(
  random: Random,
  around: { readonly companies: readonly Company[]; readonly people: number },
): Entries & { readonly people: number } {
  const { companies } = around;
  const times = Math.max(1, Math.round(around.people / 500));
  const each = <T>(list: readonly T[]): readonly T[] => list.slice(0, times);
  const host = (index: number): string => companies[index % companies.length]?.domain ?? 'post.example';
  const inHubSpot = [
    // Salesforce takes no contact without last name.
    ...each(
      ['Momo', 'Kit', 'Sasha', 'Robin'].map((given, index) => ({
        given,
        email: `${given.toLowerCase()}@${host(index)}`,
        city: 'Lyon',
      })),
    ),
    // Salesforce ends job titles at 128 characters, and knows three tiers.
    ...each(
      ['Orla', 'Piet', 'Quincy', 'Runa'].map((given, index) => ({
        given,
        family: 'Langbeek',
        email: `${given.toLowerCase()}.langbeek@${host(index + 9)}`,
        jobTitle: `Acting Deputy Head of ${'Coordination, Alignment and '.repeat(4)}Special Projects (interim, until further notice)`,
      })),
    ),
    ...each(
      ['Silke', 'Tove'].map((given, index) => ({
        given,
        family: 'Platen',
        email: `${given.toLowerCase()}.platen@${host(index + 23)}`,
        tier: 'Platinum',
      })),
    ),
    // Letters that HubSpot takes in an e-mail and Salesforce does not.
    ...each(
      ['Zoë', 'Jörg'].map((given, index) => ({
        given,
        family: 'Umlauf',
        email: `${given.toLowerCase()}.umlauf@${host(index + 31)}`,
      })),
    ),
  ];
  // Two colleagues behind one address of their company: HubSpot keeps an e-mail once.
  const inSalesforce = each(['info', 'sales', 'office', 'team']).flatMap((role, index) =>
    ['Ida', 'Bruno'].map((given) => ({
      given,
      family: given === 'Ida' ? 'Rollenbeck' : 'Teamson',
      email: `${role}@${host(index + 41)}`,
      jobTitle: 'Front Desk',
    })),
  );
  const dated = (values: Card): SalesforceEntry<Card> => ({
    values,
    company: undefined,
    createdDaysAgo: random.whole(400, 900),
    modifiedDaysAgo: random.whole(5, 300),
  });
  return {
    salesforce: inSalesforce.map(dated),
    hubSpot: inHubSpot.map((values) => ({ ...dated(values), edited: {} })),
    people: inSalesforce.length + inHubSpot.length,
  };
}

function phoneOf(random: Random, { phone }: Person): Pick<Card, 'phone'> {
  return phone === undefined ? {} : { phone: writtenPhone(random, phone) };
}

function unique<T>(list: readonly T[]): readonly T[] {
  return [...new Set(list)];
}
