import { lookUpCountry } from './country.js';
import { memoised } from './memo.js';
import { foldText, textKey } from './text.js';

/** ISO 639-1, the languages that people pick from lists. */
const CODES =
  'aa ab af ak am an ar as av ay az ba be bg bh bm bn bo br bs ca ce ch co cr cs cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu';

const ALIASES: Readonly<Record<string, string>> = {
  castellano: 'es',
  mandarin: 'zh',
  'simplified chinese': 'zh-Hans',
  'chinese simplified': 'zh-Hans',
  'traditional chinese': 'zh-Hant',
  'chinese traditional': 'zh-Hant',
  'british english': 'en-GB',
  'american english': 'en-US',
  'brazilian portuguese': 'pt-BR',
  farsi: 'fa',
  flemish: 'nl-BE',
};

/** BCP 47 in canonical form, out of a tag (`en_us`) or a language's name in English or in itself; else the text. */
export const languageKey = memoised(5_000, (text) => {
  const plain = textKey(text);
  const named = names().get(foldText(plain));
  if (named !== undefined) return named;
  const parts = /^([^()]+)\(([^()]+)\)$/.exec(plain);
  const language = parts === null ? undefined : names().get(foldText(parts[1] ?? ''));
  const country = parts === null ? undefined : lookUpCountry(parts[2] ?? '');
  if (language !== undefined && country !== undefined) return `${language}-${country}`;
  return canonicalTag(plain.replaceAll('_', '-')) ?? plain;
});

function canonicalTag(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    // Not a well-formed tag: a RangeError is the only way the built-in says so.
    return undefined;
  }
}

let table: ReadonlyMap<string, string> | undefined;

function names(): ReadonlyMap<string, string> {
  table ??= buildNames();
  return table;
}

function buildNames(): ReadonlyMap<string, string> {
  const found = new Map<string, string>(Object.entries(ALIASES));
  const english = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });
  for (const code of CODES.split(' ')) {
    const own = new Intl.DisplayNames(code, { type: 'language', fallback: 'none' });
    for (const name of [english.of(code), own.of(code)]) {
      const folded = foldText(name ?? '');
      // Two or three letters are codes, whatever language has such a name.
      if (folded.length > (/^[a-z]+$/.test(folded) ? 3 : 0) && !found.has(folded)) found.set(folded, code);
    }
  }
  return found;
}
