import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import { textKey } from './text.js';
import { memoised } from './memo.js';
import { countryKey } from './country.js';

/** Read numbers without a country code so, unless the record says where it is at home. */
const DEFAULT_COUNTRY: CountryCode = 'US';

/** How a number is written whose digits, with their country's, are all there is to it. */
const INTERNATIONAL = /^\+[1-9][\d ]{7,20}$/;

/**
 * Countries that have their calling code alone, and whose numbers begin with no 0: after the code, so many digits are a
 * possible number, of which nothing is to be taken off.
 */
const PLAIN_NUMBERS =
  /^\+(?:31[1-9]\d{8}|32[1-9]\d{7,8}|33[1-9]\d{8}|34[1-9]\d{8}|351[1-9]\d{8}|353[1-9]\d{6,9}|41[1-9]\d{8}|43[1-9]\d{6,11}|45[1-9]\d{7}|46[1-9]\d{6,9}|48[1-9]\d{8}|49[1-9]\d{6,11})$/;

/**
 * E.164, with `;ext=12` when there is an extension. A number without country code is read as one of `country` (code
 * or name), else, or when it cannot be one there, as a North American one. What no numbering plan knows becomes its
 * digits; what holds other words than an extension stays text.
 */
export function phoneKey(text: string, country?: string): string {
  // The common cases by pattern: exactly what the library answers, a hundred times as fast.
  if (/^\+1[2-9]\d\d[2-9]\d{6}$/.test(text)) return text;
  if (INTERNATIONAL.test(text)) {
    const digits = text.replaceAll(' ', '');
    if (PLAIN_NUMBERS.test(digits)) return digits;
  }
  // What says its country is at home nowhere else.
  return keyOf((text.startsWith('+') ? DEFAULT_COUNTRY : homeCountry(country)) + text);
}

const keyOf = memoised(20_000, (homeAndText) => {
  const home = homeCountry(homeAndText.slice(0, 2));
  const text = plainDigits(textKey(homeAndText.slice(2)));
  const parsed = parse(text, home);
  if (parsed !== undefined) return parsed;
  // No number, as it is written: perhaps without the way it is written. Words and second numbers stay text.
  const plus = text.startsWith('+') ? '+' : '';
  const digits = /^\+?[\d\s()./-]+$/.test(text) ? plainDigits(plus + text.replace(/\D+/g, '')) : '';
  return digits.length <= plus.length ? textKey(text.toLowerCase()) : (parse(digits, home) ?? digits);
});

/** What one country numbers so goes before what its plan merely has room for. */
function parse(text: string, home: CountryCode): string | undefined {
  const found = (home === DEFAULT_COUNTRY ? [home] : [home, DEFAULT_COUNTRY])
    .map((country) => parsePhoneNumberFromString(text, { defaultCountry: country, extract: false }))
    .filter((one) => one?.isPossible() === true);
  const number = found.length > 1 ? (found.find((one) => one?.isValid() === true) ?? found[0]) : found[0];
  if (number === undefined) return undefined;
  return number.ext === undefined || number.ext === '' ? number.number : `${number.number};ext=${number.ext}`;
}

/** Digits of any script as ASCII, `tel:` gone, and the international `00` as `+`. */
function plainDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/^tel:\s*/i, '')
    .replace(/^00(?=[\s.-]*[1-9])(?=(?:\D*\d){9})/, '+');
}

function homeCountry(country: string | undefined): CountryCode {
  const code = country === undefined ? DEFAULT_COUNTRY : countryKey(country);
  return isSupportedCountry(code) ? code : DEFAULT_COUNTRY;
}
