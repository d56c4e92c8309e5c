import { addressIn, COUNTRIES, type Address, type Country, type Phone } from './places.js';
import type { Random } from './random.js';

/** A company as it really is, before two systems wrote it down. */
export interface Company {
  /** Without legal form. */
  readonly name: string;
  /** The legal form, in the ways it is written. */
  readonly suffixes: readonly string[];
  readonly domain: string;
  readonly industry: string;
  readonly size: number;
  readonly revenue: number;
  readonly phone: Phone | undefined;
  readonly address: Address;
  readonly description: string;
}

const FIRST = [
  'Amber', 'Birch', 'Cobalt', 'Delta', 'Ember', 'Fjord', 'Granite', 'Harbor', 'Indigo', 'Juniper', 'Kestrel', 'Lumen',
  'Meridian', 'Nordwind', 'Opal', 'Pinnacle', 'Quarry', 'Ridge', 'Saffron', 'Tundra', 'Umbra', 'Verdant', 'Willow', 'Zephyr',
]; // prettier-ignore

const SECOND = [
  'Analytics', 'Bakeries', 'Ceramics', 'Dynamics', 'Electric', 'Foods', 'Glassworks', 'Housing', 'Instruments',
  'Logistics', 'Materials', 'Networks', 'Outfitters', 'Packaging', 'Robotics', 'Software', 'Textiles', 'Ventures',
]; // prettier-ignore

const SUFFIXES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  US: [
    ['Inc.', 'Inc', 'Incorporated', ''],
    ['LLC', 'L.L.C.', ''],
    ['Corp.', 'Corporation', ''],
  ],
  GB: [
    ['Ltd', 'Ltd.', 'Limited', ''],
    ['PLC', 'plc', ''],
  ],
  DE: [
    ['GmbH', 'Gesellschaft mbH', ''],
    ['AG', ''],
    ['GmbH & Co. KG', 'GmbH + Co KG', ''],
  ],
  FR: [
    ['SARL', 'S.A.R.L.', ''],
    ['SAS', 'S.A.S.', ''],
  ],
  AU: [['Pty Ltd', 'Pty. Ltd.', '']],
};

/** What Salesforce calls it; the mapping in the demo's rapport.yaml says what HubSpot calls it. */
const INDUSTRIES = [
  'Banking',
  'Retail',
  'Technology',
  'Technology',
  'Retail',
  'Insurance',
  'Construction',
  'Accounting',
];

export function inventCompanies(
  random: Random,
  count: number,
  phone: (country: Country, kind: 'landline') => Phone | undefined,
): readonly Company[] {
  const names = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const name = unusedName(random, names);
    names.add(name);
    const country = random.pick(COUNTRIES);
    const size = random.pick([8, 25, 60, 140, 320, 900, 2500]);
    return {
      name,
      suffixes: random.pick(SUFFIXES[country.code] ?? [['']]),
      domain: `${name.toLowerCase().replaceAll(' ', '-')}.example`,
      // Two that HubSpot has no word for: the hub has to say so.
      industry: index % 150 === 7 ? 'Energy' : random.pick(INDUSTRIES),
      size,
      revenue: size * random.whole(80, 240) * 1000,
      phone: phone(country, 'landline'),
      address: addressIn(random, country),
      description: `${name} in ${country.name}, invented for the demo.`,
    };
  });
}

function unusedName(random: Random, used: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = `${random.pick(FIRST)} ${random.pick(SECOND)}`;
    if (!used.has(name)) return name;
    // There are hundreds of such names; past those, companies are numbered.
    if (number > 100 && !used.has(`${name} ${String(number)}`)) return `${name} ${String(number)}`;
  }
}
