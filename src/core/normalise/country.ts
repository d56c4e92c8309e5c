import { ALPHA2, ALPHA2_BY_ALPHA3, COUNTRY_ALIASES } from './country-codes.js';
import { memoised } from './memo.js';
import { foldText, textKey } from './text.js';

/** Languages in which CRMs of many countries name other countries; a country's own languages come on top. */
const COMMON_LANGUAGES = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'sv',
  'da',
  'nb',
  'fi',
  'pl',
  'cs',
  'tr',
  'ru',
  'ja',
  'zh',
  'ko',
];

/** ISO 3166-1 alpha-2 of a code or a name in English, a common language or the country's own; else the text. */
export const countryKey = memoised(5_000, (text) => lookUpCountry(text) ?? textKey(text));

/** ISO 3166-1 alpha-2; undefined for what names no country. */
export function lookUpCountry(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  if (ALPHA2.has(code)) return code;
  return ALPHA2_BY_ALPHA3.get(code) ?? names().get(foldName(text));
}

let table: ReadonlyMap<string, string> | undefined;

/** Built when the first name comes: a hub whose systems give codes never pays for it. */
function names(): ReadonlyMap<string, string> {
  table ??= buildNames();
  return table;
}

function buildNames(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const add = (name: string | undefined, code: string): void => {
    const folded = foldName(name ?? '');
    // Where two languages use one name for two countries, the earlier (English, then the country's own) has it.
    if (folded !== '' && !found.has(folded)) found.set(folded, code);
  };
  for (const [code, aliases] of Object.entries(COUNTRY_ALIASES))
    for (const alias of aliases.split('|')) add(alias, code);
  const english = regionNames('en');
  for (const code of ALPHA2) add(english(code), code);
  for (const code of ALPHA2) {
    const language = new Intl.Locale(`und-${code}`).maximize().language;
    add(regionNames(language)(code), code);
  }
  for (const language of COMMON_LANGUAGES) {
    const name = regionNames(language);
    for (const code of ALPHA2) add(name(code), code);
  }
  return found;
}

/** `St. Kitts & Nevis` and `Saint Kitts and Nevis` are one name. */
function foldName(name: string): string {
  return foldText(name.replaceAll('&', ' and '))
    .replace(/^the /, '')
    .replace(/\bsaint\b/g, 'st');
}

function regionNames(language: string): (code: string) => string | undefined {
  const display = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  return (code) => display.of(code);
}
