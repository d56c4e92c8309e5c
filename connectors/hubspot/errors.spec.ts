import { refusedOutcome } from './errors.js';
import { parseVendorError } from './vendor-error.js';

describe('refusals of a record', () => {
  it('find the id of the record in the way in the text of a 409', () => {
    const error = parseVendorError({
      message: 'Contact already exists. Existing ID: 12345',
      category: 'CONFLICT',
    });
    expect(refusedOutcome('k', error, 409)).toMatchObject({
      status: 'conflict',
      existingId: '12345',
      property: 'email',
    });
  });

  it('take a unique value that is taken for a conflict on its property', () => {
    const problems = [
      {
        isValid: false,
        message: '77 already has that value.',
        error: 'CONFLICTING_UNIQUE_VALUE',
        name: 'tier_id',
      },
    ];
    const error = parseVendorError({
      message: `Property values were not valid: ${JSON.stringify(problems)}`,
    });
    expect(refusedOutcome('k', error, 400)).toMatchObject({
      status: 'conflict',
      existingId: '77',
      property: 'tier_id',
    });
  });

  it('name each property at fault, with a remedy and the words of HubSpot', () => {
    const error = parseVendorError({
      message: 'Property values were not valid',
      category: 'VALIDATION_ERROR',
      errors: [
        {
          message: 'Email address x is invalid',
          code: 'INVALID_EMAIL',
          context: { propertyName: ['email'] },
        },
        { message: 'nope', code: 'SOMETHING_NEW', context: { propertyName: ['city'] } },
      ],
    });
    const outcome = refusedOutcome('k', error, 400);
    expect(outcome).toMatchObject({
      status: 'rejected',
      rejections: [
        { code: 'INVALID_EMAIL', property: 'email', detail: 'Email address x is invalid' },
        { code: 'SOMETHING_NEW', property: 'city' },
      ],
    });
  });

  it('try again what HubSpot failed at by itself', () => {
    expect(
      refusedOutcome('k', parseVendorError({ category: 'INTERNAL_ERROR', message: 'oops' })),
    ).toMatchObject({
      status: 'retry',
    });
  });

  it('live with bodies that are no HubSpot errors', () => {
    for (const body of [undefined, null, 'text', 5, [], { message: 5, errors: 'x', context: 7 }])
      expect(refusedOutcome('k', parseVendorError(body), 400)).toMatchObject({ status: 'rejected' });
  });
});
