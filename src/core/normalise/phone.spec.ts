import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { phoneKey } from './phone.js';

describe('the quick way of reading a number that says its country', () => {
  const codes = ['31', '32', '33', '34', '351', '353', '41', '43', '44', '45', '46', '48', '49', '7', '39'];
  const digits = fc.stringMatching(/^[1-9]\d{5,12}$/);

  it('comes to what the numbering plans say, however it is parted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...codes), digits, fc.nat({ max: 12 }), (code, national, at) => {
        const text = `+${code} ${national.slice(0, at)} ${national.slice(at)}`.trimEnd();
        const number = parsePhoneNumberFromString(text, { defaultCountry: 'US', extract: false });
        if (number?.isPossible() === true) expect(phoneKey(text)).toBe(number.number);
      }),
      { numRuns: 3_000 },
    );
  });
});
