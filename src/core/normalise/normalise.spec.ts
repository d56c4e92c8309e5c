import fc from 'fast-check';
import validator from 'validator';
import type { JsonValue } from '../../sdk/index.js';
import type { FieldType } from '../model/fields.js';
import { ALPHA2_BY_ALPHA3 } from './country-codes.js';
import { comparisonKey, isBlank } from './index.js';

const SCALARS: readonly FieldType[] = [
  'text',
  'name',
  'email',
  'phone',
  'url',
  'domain',
  'handle',
  'country',
  'language',
  'currency',
  'number',
  'date',
  'datetime',
];
const TYPES: readonly FieldType[] = [...SCALARS, 'texts', 'emails', 'phones', 'domains', 'reference', 'any'];
const anyType = fc.constantFrom(...TYPES);
const fragments = fc.constantFrom(
  'http://',
  'HTTPS://',
  'www.',
  'Acme',
  '.com',
  '/',
  '?',
  '#',
  '@',
  ':80',
  '+1',
  '00',
  '415',
  '555',
  '-',
  '(',
  ')',
  ' ',
  ';ext=',
  'x',
  '12',
  'mailto:',
  '<',
  '>',
  '.',
  ',',
  'e',
  '\r\n',
  '\r',
  'İ',
  'ß',
  'é',
  'e\u0301',
  '\u0338',
  '\u00a0',
  'ﬁ',
  '１',
  '2024',
  'T00:00',
  'Z',
  'in',
  'profile',
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fragments, { maxLength: 8 }).map((parts) => parts.join('')),
);
const anyValue = fc.oneof(
  anyText,
  fc.jsonValue().map((value) => value as JsonValue),
);

describe('comparisonKey', () => {
  it('never throws, and is null exactly for a blank value', () => {
    fc.assert(
      fc.property(anyType, anyValue, (type, value) => {
        expect(comparisonKey(type, value) === null).toBe(isBlank(value));
      }),
      { numRuns: 3000 },
    );
  });

  it('is its own key', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCALARS, 'reference' as const, 'any' as const),
        anyValue,
        (type, value) => {
          const key = comparisonKey(type, value);
          if (key !== null) expect(comparisonKey(type, key)).toBe(key);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('is never empty for a value that says something', () => {
    fc.assert(
      fc.property(anyType, anyValue, (type, value) => {
        expect(comparisonKey(type, value)).not.toBe('');
      }),
      { numRuns: 3000 },
    );
  });

  it('does not see whitespace around, nor how letters are composed', () => {
    fc.assert(
      fc.property(anyType, anyText, fc.constantFrom(' ', '\t', '\r\n', '\u00a0'), (type, text, space) => {
        const key = comparisonKey(type, text.normalize('NFC'));
        expect(comparisonKey(type, `${space}${text}${space}`)).toBe(key);
        expect(comparisonKey(type, text.normalize('NFD'))).toBe(key);
      }),
      { numRuns: 3000 },
    );
  });

  it('sees no order and no repetition in sets', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('texts', 'emails', 'phones', 'domains'),
        fc.array(anyText),
        (type, texts) => {
          expect(comparisonKey(type, [...texts, ...texts].reverse())).toBe(comparisonKey(type, texts));
        },
      ),
    );
  });

  it('stands any depth of nesting', () => {
    let deep: JsonValue = 'x';
    for (let level = 0; level < 5000; level++) deep = level % 2 === 0 ? [deep] : { deep };
    for (const type of TYPES) expect(comparisonKey(type, deep)).not.toBeNull();
  });
});

const SAME: readonly (readonly [FieldType, readonly JsonValue[], string?])[] = [
  ['text', ['a\nb', 'a\r\nb', ' a\rb ']],
  ['name', ['José', 'Jose\u0301', ' José ']],
  ['email', ['Ann@Example.org', ' ann@example.ORG ', 'mailto:ann@example.org', 'Ann Lee <ann@example.org>']],
  [
    'phone',
    [
      '+1 415 555 1000',
      '(415) 555-1000',
      '415.555.1000',
      '1-415-555-1000',
      '+14155551000',
      '001 415 555 1000',
      'tel:+1-415-555-1000',
      '４１５ 555 1000',
    ],
  ],
  ['phone', ['+1 415 555 1000 ext. 12', '(415) 555-1000 x12', '+14155551000;ext=12']],
  [
    'phone',
    ['+44 20 7946 0958', '020 7946 0958', '+44 (0)20 7946 0958', '0044 20 7946 0958'],
    'United Kingdom',
  ],
  ['phone', ['+49 30 123456', '030/123456', '0049 30 123 456'], 'DE'],
  ['phone', ['+1 415 555 1000', '(415) 555-1000'], 'GB'],
  ['phone', ['555-1000', '5551000']],
  ['phone', ['1-800-flowers', '1-800-FLOWERS']],
  ['url', ['https://www.Example.com/', 'example.com', 'http://example.com', 'EXAMPLE.com:443/']],
  ['url', ['https://example.com/Path/?q=1', 'example.com/Path?q=1']],
  ['domain', ['Example.com', 'https://www.example.com/about', 'bob@example.com', 'example.com.']],
  ['domain', ['münchen.example', 'xn--mnchen-3ya.example', 'MÜNCHEN.example']],
  [
    'handle',
    ['Ann-Lee', '@ann-lee', 'https://www.linkedin.com/in/ann-lee/', 'linkedin.com/in/ann-lee?trk=x'],
  ],
  ['handle', ['ann.bsky.social', '@ann.bsky.social', 'https://bsky.app/profile/ann.bsky.social']],
  ['handle', ['@ann@mastodon.example', 'https://mastodon.example/@ann', 'ann@mastodon.example']],
  ['handle', ['1000123', 'https://www.facebook.com/profile.php?id=1000123']],
  ['country', ['DE', 'de', 'DEU', 'Germany', 'Deutschland', 'ALLEMAGNE', 'Federal Republic of Germany']],
  [
    'country',
    [
      'US',
      'USA',
      'U.S.A.',
      'United States',
      'the United States of America',
      'Vereinigte Staaten',
      'Estados Unidos',
    ],
  ],
  ['country', ['GB', 'UK', 'United Kingdom', 'England', 'Great Britain', 'GBR']],
  ['country', ['CI', "Côte d'Ivoire", 'Cote d’Ivoire', 'Ivory Coast']],
  ['country', ['JP', '日本', 'Japan']],
  ['country', ['BA', 'Bosnia and Herzegovina', 'Bosnia & Herzegovina', 'Bosna i Hercegovina']],
  ['country', ['KN', 'St. Kitts & Nevis', 'Saint Kitts and Nevis']],
  ['country', ['Atlantis', ' Atlantis ']],
  ['language', ['en', 'EN', 'English', 'eng', 'english']],
  ['language', ['en-US', 'en_us', 'English (United States)', 'American English']],
  ['language', ['de', 'German', 'Deutsch']],
  ['currency', ['EUR', 'eur']],
  ['number', [1234.5, '1,234.50', '1234.5', '+01234.500', '1.2345e3']],
  ['number', [0, '-0', '0.00', -0]],
  ['number', [1e21, '1000000000000000000000']],
  ['date', ['2024-01-05', '2024-01-05T00:00:00Z', '2024-01-05T00:00:00.000+0000', '2024/1/5']],
  [
    'datetime',
    [
      '2024-01-05T10:00:00Z',
      '2024-01-05T11:00:00+01:00',
      '2024-01-05T10:00:00.000+0000',
      1704448800000,
      '1704448800000',
      '2024-01-05T10:00:00.0004Z',
    ],
  ],
  ['emails', [['a@x.org', 'B@x.org'], ['b@x.org', 'a@x.org', 'a@x.org', ''], 'a@x.org;b@x.org']],
  ['phones', [['+14155551000;ext=2', '415 555 1001'], '(415) 555-1000 ext 2;+1 415 555 1001'], 'US'],
  [
    'texts',
    [
      ['b', 'a'],
      ['a', 'b', ' a '],
    ],
  ],
  ['reference', [{ ref: { object: 'account', id: '1' } }, { ref: { id: '1', object: 'account' } }]],
  [
    'any',
    [
      { a: 1, b: 'x' },
      { b: ' x ', a: 1 },
    ],
  ],
  ['any', [5, '5']],
  [
    'any',
    [
      ['red', 'blue'],
      ['blue', 'red'],
    ],
  ],
];

describe('values that two systems write differently', () => {
  it.each(SAME.map((row) => [row] as const))(
    '%j: the values are the same',
    ([type, values, country = 'US']) => {
      const keys = values.map((value) => comparisonKey(type, value, { country }));
      expect(new Set(keys).size).toBe(1);
    },
  );
});

const DIFFERENT: readonly (readonly [FieldType, JsonValue, JsonValue])[] = [
  ['text', 'ACME', 'Acme'],
  ['name', 'José', 'Jose'],
  ['phone', '+1 415 555 1000', '+1 415 555 1000 x2'],
  ['phone', '1-800-FLOWERS', '1-800-PLUMBER'],
  ['url', 'example.com/A', 'example.com/a'],
  ['domain', 'mail.example.com', 'example.com'],
  ['domain', 'www.com', 'com'],
  ['handle', '@ann@one.example', '@ann@two.example'],
  ['country', 'Niger', 'Nigeria'],
  ['country', 'Guinea', 'Equatorial Guinea'],
  ['country', 'Austria', 'Australia'],
  ['number', '1.5', '15'],
  ['date', '2024-02-30', '2024-03-01'],
  ['datetime', '2024-01-05T10:00:00Z', '2024-01-05T10:00:00.001Z'],
  ['texts', ['a', 'b'], ['a,b']],
  ['texts', ['a","b'], ['a', 'b']],
  ['any', [1, 2], [2, 1]],
];

describe('values that are not the same', () => {
  it.each(DIFFERENT)('%s: %j and %j differ', (type, left, right) => {
    expect(comparisonKey(type, left)).not.toBe(comparisonKey(type, right));
  });
});

describe('the table of countries', () => {
  it('holds every ISO 3166-1 code, and Kosovo', () => {
    const rows = [...ALPHA2_BY_ALPHA3].filter(([, alpha2]) => alpha2 !== 'XK');
    expect(rows).toHaveLength(249);
    for (const [alpha3, alpha2] of rows)
      expect([
        alpha3,
        alpha2,
        validator.isISO31661Alpha3(alpha3),
        validator.isISO31661Alpha2(alpha2),
      ]).toEqual([alpha3, alpha2, true, true]);
  });

  it('knows every country by its English name', () => {
    const english = new Intl.DisplayNames('en', { type: 'region' });
    for (const code of ALPHA2_BY_ALPHA3.values())
      expect(comparisonKey('country', english.of(code) ?? '')).toBe(code);
  });
});
