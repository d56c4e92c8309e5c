import type { Entity, JsonValue } from '../../sdk/index.js';
import { compareRecords } from './compare.js';
import type { Comparison } from './comparison.js';
import { identifierKey, identityOf } from './identity.js';

type Fields = Readonly<Record<string, JsonValue>>;

function compare(entity: Entity, a: Fields, b: Fields): Comparison {
  const [left, right] = [identityOf(entity, a), identityOf(entity, b)];
  const theirs = new Set(right.identifiers.map(identifierKey));
  return compareRecords(
    left,
    right,
    left.identifiers.filter((one) => theirs.has(identifierKey(one))),
  );
}

const named = (givenName: string | null, familyName: string | null, more: Fields = {}): Fields => ({
  givenName,
  familyName,
  ...more,
});
const mail = { email: 'stone@example.org' };
const phone = { phone: '+1 702 919 1300' };

type Case = readonly [what: string, verdict: Comparison['verdict'], a: Fields, b: Fields];

const CUSTOMERS: readonly Case[] = [
  ['one e-mail and forms of one name', 'same', named('Robert', 'Stone', mail), named('Bob', 'Stone', mail)],
  ['one e-mail, no name on one side', 'same', mail, named('Bob', 'Stone', mail)],
  [
    'one e-mail, another last name: a marriage',
    'same',
    named('Amanda', 'Lee', mail),
    named('Amanda', 'Jones', mail),
  ],
  [
    'one e-mail, first and last name changed round',
    'same',
    named('Dara', 'Shaw', mail),
    named('Shaw', 'Dara', mail),
  ],
  ['one e-mail, a name in another script', 'same', named('Wei', 'Zhang', mail), named('伟', '张', mail)],
  ['a family with one e-mail', 'candidate', named('Mary', 'Kushner', mail), named('Mark', 'Kushner', mail)],
  [
    'father and son with one e-mail',
    'candidate',
    named('Robert', 'Stone Sr', mail),
    named('Robert', 'Stone', { ...mail, suffix: 'Jr.' }),
  ],
  [
    'father and son told apart by birthdays only',
    'candidate',
    named('John', 'Stone', { ...mail, birthday: '1960-10-10' }),
    named('John', 'Stone', { ...mail, birthday: '1990-03-15' }),
  ],
  [
    'a birthday with day and month changed round',
    'same',
    named('John', 'Stone', { ...mail, birthday: '1978-12-11' }),
    named('John', 'Stone', { ...mail, birthday: '1978-11-12' }),
  ],
  [
    'a phone and forms of one name',
    'same',
    named('Robert', 'Stone', phone),
    named('Bob', 'Stone', { mobilePhone: '(702) 919-1300' }),
  ],
  ['a phone and an initial', 'same', named('R', 'Ray', phone), named('Robert', 'Ray', phone)],
  ['a phone and first names only', 'same', named('Bob', null, phone), named('Robert', 'Stone', phone)],
  ['a phone and no name', 'candidate', phone, named('Bob', 'Stone', phone)],
  ['a phone and a last name only', 'candidate', named(null, 'Stone', phone), named('Bob', 'Stone', phone)],
  [
    'a phone and another first name',
    'different',
    named('Mary', 'Stone', phone),
    named('Bob', 'Stone', phone),
  ],
  [
    'a phone and another last name',
    'different',
    named('Ada', 'Smith 7', phone),
    named('Ada', 'Smith 49', phone),
  ],
  [
    'a switchboard, other extensions',
    'different',
    named('Ada', 'Lee', { phone: '+1 702 919 1300 x1' }),
    named('Ada', 'Lee', { phone: '+1 702 919 1300 x2' }),
  ],
  ['one profile', 'same', named('Ada', 'Lee', { 'social.x': '@ada' }), { 'social.x': 'https://x.com/Ada' }],
  [
    'one profile and other names',
    'candidate',
    named('Ada', 'Lee', { 'social.x': '@ada' }),
    named('Kim', 'Lee', { 'social.x': '@ada' }),
  ],
  [
    'one handle in two networks',
    'different',
    named('Ada', 'Lee', { 'social.x': '@ada' }),
    named('Ada', 'Lee', { 'social.instagram': '@ada' }),
  ],
  [
    'a desk and other names',
    'different',
    named('Jim', 'Muir', { email: 'info@example.org' }),
    named('Jane', 'Muir', { email: 'info@example.org' }),
  ],
  [
    'a desk and one whole name',
    'same',
    named('Jim', 'Muir', { email: 'info@example.org' }),
    named('Jim', 'Muir', { email: 'info@example.org' }),
  ],
  [
    'a desk and no names',
    'candidate',
    { email: 'sales.emea@example.org' },
    { email: 'sales.emea@example.org' },
  ],
  [
    'a desk and a name on one side',
    'different',
    named('Jim', 'Muir', { email: 'office@example.org' }),
    { email: 'office@example.org' },
  ],
  [
    'nobody to answer',
    'different',
    named('Jim', 'Muir', { email: 'no-reply@example.org' }),
    named('Jim', 'Muir', { email: 'no-reply@example.org' }),
  ],
  [
    'a cross-reference and other names',
    'same',
    named('Jim', 'Muir', { 'xref.crm': '1' }),
    named('Jane', 'Lee', { 'xref.crm': '1' }),
  ],
  [
    'one e-mail among several, another phone',
    'same',
    named('Jo', 'Lee', { email: 'a@example.org', emails: ['stone@example.org'] }),
    named('Jo', 'Lee', mail),
  ],
  ['only the name', 'different', named('Jim', 'Muir'), named('Jim', 'Muir')],
];

const ACCOUNTS: readonly Case[] = [
  [
    'a domain and one name',
    'same',
    { name: 'Acme Inc', domain: 'acme.example' },
    { name: 'ACME', website: 'https://www.acme.example/' },
  ],
  [
    'a domain and a longer name',
    'same',
    { name: 'Acme', domain: 'acme.example' },
    { name: 'Acme Robotics', domain: 'acme.example' },
  ],
  ['a domain and no name', 'same', { domain: 'acme.example' }, { name: 'Acme', domain: 'acme.example' }],
  [
    'a domain and another name',
    'candidate',
    { name: 'Acme', domain: 'acme.example' },
    { name: 'Borealis', domain: 'acme.example' },
  ],
  [
    'one name and nothing against it',
    'same',
    { name: 'Acme GmbH' },
    { name: 'Acme', domain: 'acme.example' },
  ],
  [
    'one name and other domains',
    'candidate',
    { name: 'Acme', domain: 'acme.example' },
    { name: 'Acme', domain: 'acme.test' },
  ],
  [
    'one name and other countries',
    'candidate',
    { name: 'Acme', 'address.country': 'US' },
    { name: 'Acme', 'address.country': 'Germany' },
  ],
  [
    'one name, other domains and countries',
    'different',
    { name: 'Acme', domain: 'acme.example', 'address.country': 'US' },
    { name: 'Acme', domain: 'acme.test', 'address.country': 'DE' },
  ],
  [
    'a mail provider for a domain',
    'different',
    { name: 'Acme', domain: 'gmail.com' },
    { name: 'Borealis', domain: 'gmail.com' },
  ],
  [
    'a phone and a name that fits',
    'candidate',
    { name: 'Kids Center', ...phone },
    { name: 'Kids Center North', ...phone },
  ],
  [
    'a phone and another name',
    'different',
    { name: 'Kids Center 1', ...phone },
    { name: 'Kids Center 2', ...phone },
  ],
];

describe('compareRecords', () => {
  it.each(CUSTOMERS)('customers: %s: %s', (_, verdict, a, b) => {
    expect(compare('customer', a, b).verdict).toBe(verdict);
    expect(compare('customer', b, a)).toEqual(compare('customer', a, b));
  });

  it.each(ACCOUNTS)('accounts: %s: %s', (_, verdict, a, b) => {
    expect(compare('account', a, b).verdict).toBe(verdict);
    expect(compare('account', b, a)).toEqual(compare('account', a, b));
  });

  it('names the strongest of several reasons', () => {
    const both = named('Bob', 'Stone', { ...mail, ...phone, 'social.x': 'bob' });
    expect(compare('customer', both, both)).toMatchObject({ verdict: 'same', rule: 'email' });
  });
});
