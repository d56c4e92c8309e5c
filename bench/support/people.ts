/** Made-up people: as many as wanted, the same ones each time, all of them different. */

const GIVEN = ['Anna', 'Björn', 'Chloé', 'David', 'Elif', 'Farid', 'Grace', 'Hiro', 'Ines', 'Jan', 'Keira'];
const FAMILY = ['Adler', 'Baker', 'Costa', 'Dvořák', 'Evans', 'Fischer', 'García', 'Hansen', 'Ito', 'Jansen'];
const CITIES = ['Berlin', 'Hamburg', 'Köln', 'Leipzig', 'München', 'Bremen', 'Dresden'];
const JOBS = ['Head of Sales', 'Buyer', 'CTO', 'Office Manager', 'Engineer', 'Founder', 'Consultant'];

export interface Person {
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly phone: string;
  readonly mobilePhone: string;
  readonly jobTitle: string;
  readonly street: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
  /** ms since 1970. */
  readonly modifiedAt: number;
}

const START = Date.UTC(2026, 0, 1);

export function person(index: number): Person {
  const pick = (list: readonly string[], step: number): string =>
    list[Math.floor(index / step) % list.length] ?? '';
  const givenName = pick(GIVEN, 1);
  const familyName = `${pick(FAMILY, GIVEN.length)}${word(Math.floor(index / 110))}`;
  const number = String(index).padStart(7, '0');
  return {
    givenName,
    familyName,
    email: `${givenName}.${familyName}.${number}@company${String(index % 5000)}.example`
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase(),
    phone: `+49 30 2${number}`,
    mobilePhone: `+49 151 5${number}`,
    jobTitle: pick(JOBS, 3),
    street: `Hauptstraße ${String((index % 200) + 1)}`,
    city: pick(CITIES, 2),
    postalCode: String(10_000 + (index % 89_999)),
    country: 'Germany',
    modifiedAt: START + index * 1000,
  };
}

/** Letters for a number, so that names differ by more than digits. */
function word(number: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  let rest = number;
  let text = '';
  do {
    text = (letters[rest % 26] ?? '') + text;
    rest = Math.floor(rest / 26);
  } while (rest > 0);
  return text;
}
