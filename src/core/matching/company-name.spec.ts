import { compareCompanyNames, companyNameOf, type CompanyAgreement } from './company-name.js';

const TABLE: Readonly<Record<CompanyAgreement, readonly (readonly [string, string])[]>> = {
  same: [
    ['Acme Inc.', 'ACME'],
    ['Acme GmbH & Co. KG', 'Acme'],
    ['Müller Söhne AG', 'Mueller Soehne'],
    ['Banco Sol S.A.', 'Banco Sol'],
    ['The Data Dog, LLC', 'DataDog Ltd'],
    ['株式会社ヤマト', 'ヤマト'],
    ['Nordlys A/S', 'Nordlys'],
    ['Smith & Sons', 'Smith and Sons Limited'],
    ['ООО Ромашка', 'Romashka'],
    ['Wisła Sp. z o.o.', 'Wisla'],
  ],
  similar: [
    ['Acme', 'Acme Robotics'],
    ['Univrsl Export Inc', 'Universal Export'],
    ['International Paper Makers', 'IPM'],
    ['Acme Holdings', 'Acme'],
    ['acme.com', 'Acme'],
  ],
  unknown: [
    ['', 'Acme'],
    ['n/a', 'Acme'],
    ['Self Employed', 'Acme'],
  ],
  different: [
    ['Acme', 'Borealis'],
    ['Kids Center 1', 'Kids Center 2'],
    ['Global Services', 'Global Partners'],
    ['World Group', 'Sun Group'],
  ],
};

describe('compareCompanyNames', () => {
  const rows = Object.entries(TABLE).flatMap(([expected, pairs]) =>
    pairs.map(([a, b]) => ({ expected, a, b })),
  );

  it.each(rows)('finds "$a" and "$b" $expected', ({ expected, a, b }) => {
    expect(compareCompanyNames(companyNameOf(a), companyNameOf(b))).toBe(expected);
    expect(compareCompanyNames(companyNameOf(b), companyNameOf(a))).toBe(expected);
  });

  it('keeps a name that is nothing but a legal form', () => {
    expect(companyNameOf('AG').key).toBe('ag');
    expect(companyNameOf('Co').key).toBe('co');
  });
});
