import { CULTURES, JOB_TITLES } from './names.js';
import { addressIn, COUNTRIES, type Address, type Country, type Phone } from './places.js';
import type { Random } from './random.js';
import type { Company } from './companies.js';

/** A person as they really are, before two systems wrote them down. */
export interface Person {
  readonly given: string;
  readonly family: string;
  readonly salutation: 'Ms.' | 'Mr.';
  readonly email: string;
  readonly phone: Phone | undefined;
  readonly mobile: Phone | undefined;
  readonly job: readonly [short: string, long: string];
  readonly address: Address;
  /** Place in the list of companies. */
  readonly company: number | undefined;
}

type PhoneBook = (country: Country, kind: 'landline' | 'mobile') => Phone | undefined;

const PRIVATE_DOMAINS = ['mailbox.example', 'post.example', 'webmail.example'];

export function inventPeople(
  random: Random,
  count: number,
  around: { readonly companies: readonly Company[]; readonly phone: PhoneBook },
): readonly Person[] {
  const addresses = new Set<string>();
  const people: Person[] = [];
  while (people.length < count) {
    const first = inventPerson(random, around, addresses);
    people.push(first);
    // A family: one home, one line, one name; three persons nobody may take for one.
    if (random.chance(0.015)) people.push(...relatives(random, first, addresses));
  }
  return people.slice(0, count);
}

function inventPerson(
  random: Random,
  around: { readonly companies: readonly Company[]; readonly phone: PhoneBook },
  addresses: Set<string>,
): Person {
  const culture = random.pick(CULTURES);
  const female = random.chance(0.5);
  const given = random.pick(female ? culture.female : culture.male);
  const family = random.pick(culture.family);
  const at = random.chance(0.87) ? random.whole(0, around.companies.length - 1) : undefined;
  const company = at === undefined ? undefined : around.companies[at];
  const country = company?.address.country ?? random.pick(COUNTRIES);
  return {
    given,
    family,
    salutation: female ? 'Ms.' : 'Mr.',
    email: emailFor(`${given}.${family}`, company?.domain ?? random.pick(PRIVATE_DOMAINS), addresses),
    phone: around.phone(country, 'landline'),
    mobile: random.chance(0.4) ? around.phone(country, 'mobile') : undefined,
    job: random.pick(JOB_TITLES),
    address: company !== undefined && random.chance(0.7) ? company.address : addressIn(random, country),
    company: at,
  };
}

function relatives(random: Random, person: Person, addresses: Set<string>): readonly Person[] {
  const culture = CULTURES.find(({ family }) => family.includes(person.family));
  if (culture === undefined) return [];
  return [culture.female, culture.male].map((names, index) => {
    const given = random.pick(names.filter((name) => name !== person.given));
    return {
      ...person,
      given,
      salutation: index === 0 ? 'Ms.' : 'Mr.',
      email: emailFor(`${given}.${person.family}`, random.pick(PRIVATE_DOMAINS), addresses),
      mobile: undefined,
      job: random.pick(JOB_TITLES),
      company: undefined,
    };
  });
}

function emailFor(name: string, domain: string, taken: Set<string>): string {
  const local = plain(name);
  for (let number = 1; ; number += 1) {
    const email = `${local}${number === 1 ? '' : String(number)}@${domain}`;
    if (taken.has(email)) continue;
    taken.add(email);
    return email;
  }
}

const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ł: 'l', Ł: 'L', œ: 'oe', ø: 'o' };

/** As people write their name where only plain letters go. */
export function plain(text: string): string {
  return text
    .replace(/[ßłŁœø]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z.-]/g, '')
    .toLowerCase();
}
