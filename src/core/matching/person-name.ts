import type { JsonValue } from '../../sdk/index.js';
import { isLatin, nameWords } from './name-words.js';

/** A person's name in words that compare. */
export interface PersonName {
  /** First and middle names; empty when none is known. */
  readonly given: readonly string[];
  readonly family: readonly string[];
  /** One field holds the whole name, so that which word is which is a guess. */
  readonly whole: boolean;
  /** Generation: 1 for Sr, 2 for Jr and II, 3 for III; null when the name says none. */
  readonly generation: number | null;
  /** A trailing `I`, which is a generation only beside a name that has one. */
  readonly trailingI: boolean;
  readonly latin: boolean;
}

const GENERATIONS: Readonly<Record<string, number>> = {
  sr: 1,
  senior: 1,
  '1st': 1,
  jr: 2,
  jnr: 2,
  ii: 2,
  '2nd': 2,
  iii: 3,
  '3rd': 3,
  iv: 4,
  '4th': 4,
};

const HONORIFICS = new Set(
  'mr mrs ms miss mx dr prof professor sir dame lord lady rev fr hon capt col maj lt sgt herr frau hr fru mme mlle monsieur madame sr sra srta senor senora sig signor signora dott dra don dona ing dipl mag drs'.split(
    ' ',
  ),
);

const CREDENTIALS = new Set('phd md mba esq esquire cpa dds jd rn pe msc bsc ma ba dphil cfa'.split(' '));

/** What tools and people write where a name must be and none is known. */
const NO_NAME = new Set(
  'unknown|n a|none|null|undefined|not provided|not available|not applicable|no name|noname|no first name|no last name|last name|lastname|first name|firstname|tbd|tba|x|xx|xxx|unbekannt|inconnu|desconocido'
    .split('|')
    .map((text) => nameWords(text).join(' ')),
);

type NameFields = Readonly<Record<string, JsonValue>>;

/** The name in canonical customer fields (`givenName`, `middleName`, `familyName`, `suffix`). */
export function personNameOf(fields: NameFields): PersonName {
  const given = [...wordsOf(fields['givenName']), ...wordsOf(fields['middleName'])];
  const family = wordsOf(fields['familyName']);
  while (given.length > 1 && HONORIFICS.has(given[0] ?? '')) given.shift();
  if (given.length === 0) while (family.length > 2 && HONORIFICS.has(family[0] ?? '')) family.shift();
  while (family.length > 1 && CREDENTIALS.has(family.at(-1) ?? '')) family.pop();
  const suffix = wordsOf(fields['suffix']);
  const generation =
    suffix.map((word) => (word === 'i' ? 1 : GENERATIONS[word])).find((found) => found !== undefined) ??
    takeGeneration(family) ??
    takeGeneration(given);
  const trailingI = given.at(-1) === 'i' || family.at(-1) === 'i';
  const latin = isLatin(given) && isLatin(family);
  const name = { generation: generation ?? null, trailingI, latin };
  if (given.length === 0 && family.length > 1)
    return { ...name, ...splitWhole(family, fields['familyName']) };
  if (family.length === 0 && given.length > 1) return { ...name, ...splitWhole(given, fields['givenName']) };
  return { ...name, given, family, whole: false };
}

/** Whether nothing is known of the name. */
export function isNameless(name: PersonName): boolean {
  return name.given.length === 0 && name.family.length === 0;
}

/** One text for one way of writing a name, `` when there is none: to tell how many people hold an identifier. */
export function personNameKey(name: PersonName): string {
  return isNameless(name) ? '' : [...name.given, ...name.family, name.generation ?? ''].join(' ');
}

/** What stands before a comma is the family name; without a comma the last word is. */
function splitWhole(
  words: readonly string[],
  text: JsonValue | undefined,
): Pick<PersonName, 'given' | 'family' | 'whole'> {
  const before = /^([^,]+),/.exec(typeof text === 'string' ? text : '')?.[1] ?? '';
  const count = nameWords(before).length;
  return count > 0 && count < words.length
    ? { given: words.slice(count), family: words.slice(0, count), whole: true }
    : { given: words.slice(0, -1), family: words.slice(-1), whole: true };
}

function wordsOf(value: JsonValue | undefined): string[] {
  // An address where a name belongs says nothing that the address field does not.
  if (typeof value !== 'string' || value.includes('@')) return [];
  const words = nameWords(value);
  return NO_NAME.has(words.join(' ')) ? [] : words;
}

function takeGeneration(words: string[]): number | undefined {
  const found = words.length > 1 ? GENERATIONS[words.at(-1) ?? ''] : undefined;
  if (found !== undefined) words.pop();
  return found;
}
