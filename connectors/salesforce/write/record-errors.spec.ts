import { recordError, rejectionsOf } from './record-errors.js';

const error = (
  code: string,
  message: string,
  fields: readonly string[] = [],
): Parameters<typeof rejectionsOf>[0] => ({
  code,
  message,
  fields,
  existingIds: [],
});
const written = [
  { property: 'email__c', field: { name: 'Email__c', label: 'Work e-mail', type: 'email' } },
  { property: 'AccountId', field: { name: 'AccountId', label: 'Account ID', type: 'reference' } },
];

describe('errors of one record', () => {
  it('finds the property by the field that is named, by its label, or by the column that is missing', () => {
    for (const one of [
      error('INVALID_EMAIL_ADDRESS', 'no', ['Email__c']),
      error('STRING_TOO_LONG', 'Work e-mail: data value too large'),
      error('INVALID_FIELD', "No such column 'Email__c' on sobject of type Contact"),
    ])
      expect(rejectionsOf(one, written)).toMatchObject([{ property: 'email__c' }]);
  });

  it('suspects the only reference when something pointed at is gone', () => {
    expect(
      rejectionsOf(error('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'), written),
    ).toMatchObject([{ property: 'AccountId' }]);
  });

  it('names fields that were not written in words only', () => {
    const [rejection] = rejectionsOf(error('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'no', ['Fax']), written);
    expect(rejection).not.toHaveProperty('property');
    expect(rejection?.message).toMatch(/Fax/);
  });

  it('refuses what it does not know, with the words of Salesforce as detail', () => {
    expect(recordError('SOMETHING_NEW').handling).toBe('rejected');
    expect(rejectionsOf(error('SOMETHING_NEW', 'odd'), [])).toMatchObject([{ detail: 'SOMETHING_NEW: odd' }]);
  });
});
