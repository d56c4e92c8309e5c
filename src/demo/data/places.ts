import type { Random } from './random.js';

/** A country with its cities, and numbers of it that regulators keep for stories: nobody ever answers. */
export interface Country {
  /** As one system writes it, and as the other does. */
  readonly name: string;
  readonly code: string;
  readonly callingCode: string;
  /** What stands before a national number when it is written without country code. */
  readonly trunk: string;
  /** Numbers for stories without trunk prefix; `#` is any digit. */
  readonly landline: readonly string[];
  readonly mobile: readonly string[];
  readonly cities: readonly (readonly [city: string, region: string, postalCode: string])[];
  readonly streets: readonly string[];
  /** Whether the house number comes after the street. */
  readonly numberLast: boolean;
}

export const COUNTRIES: readonly Country[] = [
  {
    name: 'United States',
    code: 'US',
    callingCode: '1',
    trunk: '',
    landline: [
      '20255501##',
      '21255501##',
      '31255501##',
      '41555501##',
      '61755501##',
      '20655501##',
      '30355501##',
      '51255501##',
    ],
    mobile: ['64655501##', '31055501##', '77355501##', '40455501##', '97255501##', '60255501##'],
    cities: [
      ['Boston', 'MA', '02110'],
      ['Chicago', 'IL', '60606'],
      ['Denver', 'CO', '80202'],
      ['Seattle', 'WA', '98101'],
    ],
    streets: ['Harbor Street', 'Maple Avenue', 'Orchard Road', 'Founders Lane'],
    numberLast: false,
  },
  {
    name: 'United Kingdom',
    code: 'GB',
    callingCode: '44',
    trunk: '0',
    landline: ['2079460###', '1214960###', '1314960###', '1614960###', '1134960###'],
    mobile: ['7700900###'],
    cities: [
      ['London', 'Greater London', 'EC2A 4NE'],
      ['Leeds', 'West Yorkshire', 'LS1 4DY'],
      ['Edinburgh', 'Midlothian', 'EH1 1YZ'],
    ],
    streets: ['Weaver Row', 'Lantern Street', 'Quayside', 'Abbot Lane'],
    numberLast: false,
  },
  {
    name: 'Germany',
    code: 'DE',
    callingCode: '49',
    trunk: '0',
    landline: ['3023125###', '6990009###', '4066969###', '8999998###'],
    mobile: ['17139200##', '176040690##'],
    cities: [
      ['Berlin', 'Berlin', '10115'],
      ['München', 'Bayern', '80331'],
      ['Köln', 'Nordrhein-Westfalen', '50667'],
      ['Hamburg', 'Hamburg', '20095'],
    ],
    streets: ['Lindenstraße', 'Am Mühlbach', 'Gerberweg', 'Königsallee'],
    numberLast: true,
  },
  {
    name: 'France',
    code: 'FR',
    callingCode: '33',
    trunk: '0',
    landline: ['19900####', '26191####', '35301####', '46571####'],
    mobile: ['63998####'],
    cities: [
      ['Lyon', 'Auvergne-Rhône-Alpes', '69002'],
      ['Nîmes', 'Occitanie', '30000'],
      ['Orléans', 'Centre-Val de Loire', '45000'],
    ],
    streets: ['rue des Tisserands', 'quai de la Gare', "avenue de l'Église"],
    numberLast: false,
  },
  {
    name: 'Australia',
    code: 'AU',
    callingCode: '61',
    trunk: '0',
    landline: ['25550####', '35550####', '75550####', '85550####'],
    mobile: ['491570###'],
    cities: [
      ['Sydney', 'NSW', '2000'],
      ['Melbourne', 'VIC', '3000'],
      ['Perth', 'WA', '6000'],
    ],
    streets: ['Wattle Street', 'Ferry Road', 'Banksia Drive'],
    numberLast: false,
  },
];

export interface Phone {
  readonly country: Country;
  /** Digits without trunk prefix. */
  readonly national: string;
}

export interface Address {
  readonly street: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly country: Country;
}

export function addressIn(random: Random, country: Country): Address {
  const [city, region, postalCode] = random.pick(country.cities);
  const street = random.pick(country.streets);
  const number = String(random.whole(1, 180));
  return {
    street: country.numberLast ? `${street} ${number}` : `${number} ${street}`,
    city,
    region,
    postalCode,
    country,
  };
}

/** Hands out each number once, as long as there are any. */
export function phoneBook(
  random: Random,
): (country: Country, kind: 'landline' | 'mobile') => Phone | undefined {
  const given = new Set<string>();
  return (country, kind) => {
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const national = random.pick(country[kind]).replace(/#/g, () => String(random.whole(0, 9)));
      const full = country.callingCode + national;
      if (given.has(full)) continue;
      given.add(full);
      return { country, national };
    }
    return undefined;
  };
}
