import { writtenEmail, writtenGivenName, writtenName, writtenPhone } from './dirt.js';
import type { Person } from './people.js';
import type { Random } from './random.js';

/** What one system holds of a person. Nothing stands for a blank field. */
export interface Card {
  readonly salutation?: string;
  readonly given?: string;
  readonly family?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly mobile?: string;
  readonly jobTitle?: string;
  readonly street?: string;
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
  readonly tier?: string;
}

export interface Written {
  readonly card: Card;
  /** Place in the list of companies. */
  readonly company: number | undefined;
}

/** How likely a field was never filled in. */
const BLANK = { salutation: 0.5, jobTitle: 0.3, phone: 0.25, mobile: 0.35, address: 0.3, region: 0.3 };

/** A person as one system's users wrote them down. */
export function writtenCard(random: Random, person: Person): Card {
  const { address } = person;
  const filled = (blank: number): boolean => !random.chance(blank);
  return {
    given: writtenGivenName(random, person.given),
    family: writtenName(random, person.family),
    email: writtenEmail(random, person.email),
    ...(filled(BLANK.salutation) && { salutation: person.salutation }),
    ...(filled(BLANK.jobTitle) && { jobTitle: random.pick(person.job) }),
    ...(person.phone && filled(BLANK.phone) && { phone: writtenPhone(random, person.phone) }),
    ...(person.mobile && filled(BLANK.mobile) && { mobile: writtenPhone(random, person.mobile) }),
    ...(filled(BLANK.address) && {
      street: address.street,
      city: random.chance(0.05) ? address.city.toUpperCase() : address.city,
      postalCode: address.postalCode,
      country: random.chance(0.3) ? address.country.code : address.country.name,
      ...(filled(BLANK.region) && { region: address.region }),
    }),
    ...(random.chance(0.25) && { tier: random.pick(['Gold', 'Silver', 'Bronze']) }),
  };
}

/** The same person in the other system: something both know leads from one to the other. */
export function alike(random: Random, person: Person, cards: readonly [Card, Card]): [Card, Card] {
  const [one, other] = cards;
  if (person.phone === undefined || !random.chance(0.12)) return [one, other];
  const phones = [
    { ...one, phone: writtenPhone(random, person.phone) },
    { ...other, phone: writtenPhone(random, person.phone) },
  ] as const;
  const [local = '', domain = ''] = person.email.split('@');
  switch (random.whole(0, 2)) {
    case 0:
      return [without(phones[0], 'email'), phones[1]];
    case 1:
      return [phones[0], without(phones[1], 'email')];
    // Moved to another address, and only one side was told.
    default:
      return [phones[0], { ...phones[1], email: `${local}.private@${domain}` }];
  }
}

export function without(card: Card, field: keyof Card): Card {
  return Object.fromEntries(Object.entries(card).filter(([name]) => name !== field));
}

/** What changed in a person's life, told to one system only. */
export function news(random: Random, person: Person, fresh: { readonly phone: string | undefined }): Card {
  const moved = random.chance(0.25);
  return {
    ...(fresh.phone !== undefined && random.chance(0.45) && { phone: fresh.phone }),
    ...(random.chance(0.5) && {
      jobTitle: random.pick(['Director of Operations', 'Regional Manager', 'Team Lead', 'Partner']),
    }),
    ...(moved && {
      street: `${person.address.street}, 2nd floor`,
      postalCode: person.address.postalCode,
      city: person.address.city,
      country: person.address.country.name,
    }),
  };
}
