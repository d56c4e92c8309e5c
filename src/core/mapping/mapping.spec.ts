import fc from 'fast-check';
import type { FieldMapping, JsonValue } from '../../sdk/index.js';
import { FIELDS, isSetType, type FieldDefinition } from '../model/fields.js';
import { toCanonical, toNative } from './index.js';

const canonical = (mapping: readonly FieldMapping[], values: Record<string, JsonValue>) =>
  toCanonical({ entity: 'customer', mapping, values });

describe('from a system to canonical fields', () => {
  it('says nothing of a property that was not read, and null of one that is blank', () => {
    const mapping: FieldMapping[] = [
      { field: 'givenName', property: 'first', direction: 'both' },
      { field: 'familyName', property: 'last', direction: 'both' },
    ];
    expect(canonical(mapping, { first: null })).toEqual({ fields: { givenName: null }, problems: [] });
  });

  it('takes of several properties for one field the first that is not blank', () => {
    const mapping: FieldMapping[] = [
      { field: 'phone', property: 'a', direction: 'pull' },
      { field: 'phone', property: 'b', direction: 'pull' },
      { field: 'phone', property: 'c', direction: 'pull' },
    ];
    expect(canonical(mapping, { a: '', b: '1', c: '2' }).fields).toEqual({ phone: '1' });
    expect(canonical(mapping, { a: null, c: null }).fields).toEqual({ phone: null });
  });

  it('puts several properties of a set together', () => {
    const mapping: FieldMapping[] = [
      { field: 'emails', property: 'a', direction: 'pull' },
      { field: 'emails', property: 'b', direction: 'pull' },
    ];
    expect(canonical(mapping, { a: 'x@y.org', b: ['x@y.org', 'z@y.org'] }).fields).toEqual({
      emails: ['x@y.org', 'z@y.org'],
    });
    expect(canonical(mapping, { a: null, b: 'z@y.org' }).fields).toEqual({ emails: ['z@y.org'] });
  });

  it('reads what a field that is only written holds, but never instead of one that is read', () => {
    const mapping: FieldMapping[] = [
      { field: 'jobTitle', property: 'title', direction: 'push' },
      { field: 'phone', property: 'written', direction: 'push' },
      { field: 'phone', property: 'read', direction: 'pull' },
      { field: 'website', property: 'off', direction: 'none' },
    ];
    const values = { title: 'Nurse', written: '1', read: '2', off: 'x' };
    expect(canonical(mapping, values).fields).toEqual({ jobTitle: 'Nurse', phone: '2' });
  });

  it('names choices by the mapping, in lists too, and keeps those it does not list', () => {
    const values = { Prospect: 'lead', true: 'yes' };
    const mapping: FieldMapping[] = [
      { field: 'lifecycleStage', property: 'stage', direction: 'both', values },
      { field: 'tags', property: 'tags', direction: 'both', values },
      { field: 'custom.flag', property: 'flag', direction: 'both', values },
    ];
    expect(
      canonical(mapping, { stage: 'Prospect', tags: ['Prospect', 'toString'], flag: true }).fields,
    ).toEqual({
      lifecycleStage: 'lead',
      tags: ['lead', 'toString'],
      'custom.flag': 'yes',
    });
  });

  it('reports a value it cannot read by field and property, without the value', () => {
    const mapping: FieldMapping[] = [{ field: 'birthday', property: 'dob', direction: 'pull' }];
    const { fields, problems } = canonical(mapping, { dob: '12/11/1978' });
    expect(fields).toEqual({ birthday: '12/11/1978' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ field: 'birthday', property: 'dob' });
    expect(problems[0]?.message).toContain('text of 10 characters');
    expect(JSON.stringify(problems)).not.toContain('1978');
  });
});

describe('from canonical fields to a system', () => {
  it('gives only fields that are given and pushed, and clears with null', () => {
    const mapping: FieldMapping[] = [
      { field: 'givenName', property: 'first', direction: 'both' },
      { field: 'jobTitle', property: 'title', direction: 'push' },
      { field: 'phone', property: 'phone', direction: 'pull' },
      { field: 'website', property: 'site', direction: 'both' },
      { field: 'xref.crm', property: 'crm_id', direction: 'both' },
    ];
    const fields = { givenName: null, jobTitle: 'Nurse', phone: '1', 'xref.crm': '7' };
    expect(toNative({ entity: 'customer', mapping, fields })).toEqual({
      values: { first: null, title: 'Nurse' },
      problems: [],
    });
  });

  it('uses the first of several names of a choice', () => {
    const values = { Open: 'lead', New: 'lead' };
    const mapping: FieldMapping[] = [
      { field: 'lifecycleStage', property: 'stage', direction: 'both', values },
    ];
    expect(toNative({ entity: 'customer', mapping, fields: { lifecycleStage: 'lead' } }).values).toEqual({
      stage: 'Open',
    });
  });

  it('leaves out and reports a value that the system has no name for', () => {
    const values = { Open: 'lead' };
    const mapping: FieldMapping[] = [
      { field: 'lifecycleStage', property: 'stage', direction: 'both', values },
      { field: 'tags', property: 'tags', direction: 'both', values },
    ];
    const some = toNative({
      entity: 'customer',
      mapping,
      fields: { lifecycleStage: 'customer', tags: ['lead', 'vip'] },
    });
    expect(some.values).toEqual({ tags: ['Open'] });
    expect(some.problems.map(({ property }) => property)).toEqual(['stage', 'tags']);
    expect(toNative({ entity: 'customer', mapping, fields: { tags: ['vip'] } }).values).toEqual({});
  });
});

describe('there and back', () => {
  const writable = FIELDS.customer;
  const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((given) => given.trim() !== '');
  const day = fc
    .date({ min: new Date('1800-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());

  function valueOf({ type }: FieldDefinition): fc.Arbitrary<JsonValue> {
    if (isSetType(type)) return fc.uniqueArray(text, { minLength: 1, maxLength: 4 });
    if (type === 'reference') return text.map((id): JsonValue => ({ ref: { object: 'account', id } }));
    if (type === 'date') return day.map((given) => given.slice(0, 10));
    if (type === 'datetime') return day;
    if (type === 'number') return fc.double({ noNaN: true, noDefaultInfinity: true });
    return text;
  }

  const record = fc
    .subarray([...writable])
    .chain((definitions) =>
      fc.record(
        Object.fromEntries(
          definitions.map((field) => [field.name, fc.option(valueOf(field), { nil: null })]),
        ),
      ),
    );

  it('is the same on every mapped field that is read and written', () => {
    const mapping = writable.map(({ name }): FieldMapping => ({
      field: name,
      property: `p_${name}`,
      direction: 'both',
    }));
    fc.assert(
      fc.property(record, (fields) => {
        const { values, problems } = toNative({ entity: 'customer', mapping, fields });
        expect(problems).toEqual([]);
        expect(canonical(mapping, values)).toEqual({ fields, problems: [] });
      }),
    );
  });

  it('is the same through a list of choices', () => {
    const choices = fc.dictionary(text, text, { minKeys: 1 });
    fc.assert(
      fc.property(choices, fc.nat(), (values, pick) => {
        const all = Object.values(values);
        const fields = { source: all[pick % all.length] ?? null, tags: [...new Set(all)] };
        const mapping: FieldMapping[] = [
          { field: 'source', property: 's', direction: 'both', values },
          { field: 'tags', property: 't', direction: 'both', values },
        ];
        expect(canonical(mapping, toNative({ entity: 'customer', mapping, fields }).values).fields).toEqual(
          fields,
        );
      }),
    );
  });

  it('never throws, whatever a system says', () => {
    const mapping = writable.map(({ name }): FieldMapping => ({
      field: name,
      property: name,
      direction: 'both',
    }));
    const names = fc.constantFrom(...writable.map(({ name }) => name));
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue() as fc.Arbitrary<JsonValue>), (values) => {
        const { fields } = canonical(mapping, values);
        expect(Object.keys(fields).sort()).toEqual(Object.keys(values).sort());
      }),
    );
  });
});
