import { decode, encode } from './values.js';
import type { PropertyDefinition } from './properties.js';

const owners = { emails: new Map([['7', 'ada@example.com']]), ids: new Map([['ada@example.com', '7']]) };

function property(type: string, more: Partial<PropertyDefinition> = {}): PropertyDefinition {
  return { name: 'p', label: 'P', type, fieldType: 'text', options: [], ...more };
}
const owner = property('enumeration', { referencedObjectType: 'OWNER' });

describe('values read from HubSpot', () => {
  it.each([
    ['string', 'text', 'Zürich', 'Zürich'],
    ['string', 'text', '', null],
    ['number', 'number', '12.5', 12.5],
    ['number', 'number', '1e3', 1000],
    ['number', 'number', '9007199254740993', '9007199254740993'],
    ['bool', 'booleancheckbox', 'true', true],
    ['bool', 'booleancheckbox', 'false', false],
    ['enumeration', 'booleancheckbox', 'true', true],
    ['enumeration', 'checkbox', 'a;b', ['a', 'b']],
    ['enumeration', 'checkbox', ';a;', ['a']],
    ['enumeration', 'select', 'a;b', 'a;b'],
    ['date', 'date', '2024-02-29', '2024-02-29'],
    ['date', 'date', '1709164800000', '2024-02-29'],
    ['datetime', 'date', '1709164800001', '2024-02-29T00:00:00.001Z'],
    ['datetime', 'date', '2024-02-29T01:00:00+01:00', '2024-02-29T00:00:00.000Z'],
  ])('a %s (%s) %j is %j', (type, fieldType, text, value) => {
    expect(decode(property(type, { fieldType }), text, owners)).toEqual(value);
  });

  it('shows an owner by e-mail, and says nothing of one it does not know', () => {
    expect(decode(owner, '7', owners)).toBe('ada@example.com');
    expect(decode(owner, '8', owners)).toBeUndefined();
    expect(decode(owner, '', owners)).toBeNull();
  });

  it('shows the parent company as a link', () => {
    expect(decode(property('number', { name: 'hs_parent_company_id' }), '51000000001', owners)).toEqual({
      ref: { object: 'company', id: '51000000001' },
    });
  });
});

describe('values written to HubSpot', () => {
  it.each([
    [property('string'), null, ''],
    [property('number'), 12.5, '12.5'],
    [property('bool'), false, 'false'],
    [property('enumeration', { fieldType: 'checkbox' }), ['a', 'b'], 'a;b'],
    [property('date'), '2024-02-29T00:00:00.000Z', '2024-02-29'],
    [property('datetime'), '2024-02-29T10:00:00.000Z', '2024-02-29T10:00:00.000Z'],
    [owner, 'ADA@example.com', '7'],
  ])('%j %j becomes text', (definition, value, text) => {
    expect(encode(definition, value, owners)).toEqual({ text });
  });

  it('refuses an owner nobody knows, and structures', () => {
    expect(encode(owner, 'bob@example.com', owners)).toMatchObject({ problem: 'unknown-owner' });
    expect(encode(property('string'), { a: 1 }, owners)).toMatchObject({ problem: 'unsupported' });
  });
});
