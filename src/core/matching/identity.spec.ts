import fc from 'fast-check';
import type { JsonValue } from '../../sdk/index.js';
import { FIELDS } from '../model/fields.js';
import { identifierKey, identityOf } from './identity.js';

function keys(entity: 'customer' | 'account', fields: Record<string, JsonValue>): string[] {
  return identityOf(entity, fields).identifiers.map(identifierKey);
}

describe('identityOf a customer', () => {
  it('normalises every e-mail and phone, each once', () => {
    expect(
      keys('customer', {
        email: 'Ann@Example.ORG',
        emails: ['ann@example.org', 'lee@example.org', 'old@example.org;older@example.org'],
        phone: '(415) 555-1000',
        mobilePhone: '+1 415 555 1000',
        phones: ['020 7946 0958 ext 4'],
        'address.country': 'United Kingdom',
      }),
    ).toEqual([
      'email ann@example.org',
      'email lee@example.org',
      'email old@example.org',
      'email older@example.org',
      'phone +14155551000',
      'phone +442079460958;ext=4',
    ]);
  });

  it('tells handles of one network from those of another, and takes cross-references by connection', () => {
    expect(
      keys('customer', {
        'social.x': '@Ann',
        'social.linkedin': 'linkedin.com/in/ann/',
        'xref.crm': ' 003A ',
        'xref.shop': 17,
      }),
    ).toEqual(['social linkedin:ann', 'social x:ann', 'xref crm:003A', 'xref shop:17']);
  });

  it.each([
    ['noreply@example.org'],
    ['do-not-reply@example.org'],
    ['none@none.example'],
    ['n/a'],
    ['ann'],
    ['ann@localhost'],
    ['a@b.example, c@d.example'],
  ])('recognises nobody by the address %s', (email) => {
    expect(keys('customer', { email })).toEqual([]);
  });

  it.each([['555-1000'], ['999-999-9999'], ['+1 000 000 0000'], ['1234567890'], ['n/a'], ['ask Bob']])(
    'recognises nobody by the number %s',
    (phone) => {
      expect(keys('customer', { phone })).toEqual([]);
    },
  );

  it('does not recognise a customer by the owner, the name or the address', () => {
    expect(
      keys('customer', {
        owner: 'sales@example.org',
        givenName: 'Ann',
        familyName: 'Lee',
        'address.city': 'Oslo',
      }),
    ).toEqual([]);
  });
});

describe('identityOf an account', () => {
  it('takes registrable domains of domain, domains and website, and the name without its legal form', () => {
    expect(
      keys('account', {
        name: 'Acme Robotics GmbH',
        domain: 'www.acme.example.co.uk',
        domains: ['https://shop.acme-robotics.com/'],
        website: 'http://eu.acme-robotics.com/about',
      }),
    ).toEqual(['domain acme-robotics.com', 'domain example.co.uk', 'name acmerobotics']);
  });

  it.each([
    ['gmail.com'],
    ['https://www.facebook.com/acme'],
    ['linkedin.com/company/acme'],
    ['github.io'],
    ['sites.google.com/acme'],
    ['not a domain'],
    ['com'],
  ])('knows no company by %s', (website) => {
    expect(keys('account', { website })).toEqual([]);
  });

  it('knows a company by its own place at a host', () => {
    expect(keys('account', { website: 'https://acme.github.io/' })).toEqual(['domain acme.github.io']);
  });

  it('knows no company by a name that is none', () => {
    expect(keys('account', { name: 'Unknown' })).toEqual([]);
  });
});

it('takes any value in any field', () => {
  const names = [...FIELDS.customer, ...FIELDS.account].map((field) => field.name);
  const fields = fc.dictionary(fc.constantFrom(...names, 'xref.a', 'custom.b'), fc.jsonValue());
  fc.assert(
    fc.property(fc.constantFrom('customer' as const, 'account' as const), fields, (entity, values) => {
      const { identifiers } = identityOf(entity, values as Record<string, JsonValue>);
      const texts = identifiers.map(identifierKey);
      expect(new Set(texts).size).toBe(texts.length);
    }),
    { numRuns: 1000 },
  );
});
