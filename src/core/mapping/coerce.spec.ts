import type { JsonValue } from '../../sdk/index.js';
import type { FieldType } from '../model/fields.js';
import { coerce } from './coerce.js';

describe('reading a native value for a canonical field', () => {
  const readable: readonly (readonly [FieldType, JsonValue, JsonValue])[] = [
    ['text', 'as given ', 'as given '],
    ['text', '', null],
    ['text', ' \n', null],
    ['text', null, null],
    ['text', 5, '5'],
    ['text', true, 'true'],
    ['text', ['a', '', 'b'], 'a; b'],
    ['email', ['a@b.org'], 'a@b.org'],
    ['phone', 4930123, '4930123'],
    ['number', 5, 5],
    ['number', ' -1.50 ', -1.5],
    ['number', '1e6', 1_000_000],
    ['number', '1,234,567.5', 1_234_567.5],
    ['number', "12'000", 12_000],
    ['number', '1\u00a0234', 1234],
    ['number', '', null],
    ['date', '1971-06-24', '1971-06-24'],
    ['date', '1971/6/4', '1971-06-04'],
    ['date', '19081209', '1908-12-09'],
    ['date', 19081209, '1908-12-09'],
    ['date', '1971-06-24T23:30:00-05:00', '1971-06-24'],
    ['datetime', '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['datetime', '2026-01-02T03:04:05.678+0200', '2026-01-02T01:04:05.678Z'],
    ['datetime', '2026-01-02 03:04', '2026-01-02T03:04:00.000Z'],
    ['datetime', '2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['datetime', 1_767_323_045_000, '2026-01-02T03:04:05.000Z'],
    ['datetime', '1767323045000', '2026-01-02T03:04:05.000Z'],
    ['texts', ['a', 'b', 'a'], ['a', 'b']],
    ['texts', [], null],
    ['texts', ['', null], null],
    ['texts', [1, true], ['1', 'true']],
    ['emails', 'a@b.org; c@d.org', ['a@b.org', 'c@d.org']],
    ['texts', 'one', ['one']],
    ['reference', { ref: { object: 'account', id: '1' } }, { ref: { object: 'account', id: '1' } }],
    ['reference', null, null],
    ['any', { a: [1, false] }, { a: [1, false] }],
    ['any', false, false],
  ];

  it.each(readable)('takes for %s %j as %j', (type, given, value) => {
    expect(coerce(type, given)).toEqual({ value });
  });

  const unreadable: readonly (readonly [FieldType, JsonValue, JsonValue])[] = [
    ['number', 'many', 'many'],
    ['number', '1.234,56', '1.234,56'],
    ['number', '1,23', '1,23'],
    ['number', true, 'true'],
    ['date', '12/11/1978', '12/11/1978'],
    ['date', '2026-02-30', '2026-02-30'],
    ['date', 5, '5'],
    ['datetime', '2026-01-02T25:00Z', '2026-01-02T25:00Z'],
    ['datetime', 'soon', 'soon'],
    ['datetime', 1_767_323_045, '1767323045'],
    ['email', ['a@b.org', 'c@d.org'], 'a@b.org; c@d.org'],
    ['text', { a: 1 }, '{"a":1}'],
    ['texts', [{ a: 1 }], ['{"a":1}']],
    ['reference', '0015', '0015'],
  ];

  it.each(unreadable)('keeps for %s the unreadable %j as text, and says so', (type, given, value) => {
    const result = coerce(type, given);
    expect(result.value).toEqual(value);
    expect(result.expected).toBeDefined();
  });
});
