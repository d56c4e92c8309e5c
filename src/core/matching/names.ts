import { looksMistyped } from './edit-distance.js';
import { areFormsOfOne, canStandFor, isCommonGivenName } from './given-names.js';
import { isNameless, type PersonName } from './person-name.js';

/**
 * How two people's names agree:
 * same        first and last name, allowing for short forms, order, spelling, slips of the pen
 * compatible  nothing speaks against it and the first name for it: an initial, a last name on one side only
 * partial     first names agree, last names don't: a marriage, or another person; only a strong identifier may decide
 * unknown     no first name on one side, or scripts that do not compare
 * different   first names that are clearly two people's, or Jr and Sr
 */
export type NameAgreement = 'same' | 'compatible' | 'partial' | 'unknown' | 'different';

type PartAgreement = 'same' | 'compatible' | 'unknown' | 'different';

const PARTICLES = new Set(
  'de da do dos das del della der den di du la le las los van von vom zu zum ten ter af av al el bin ibn binti y e i'.split(
    ' ',
  ),
);

/** Compares two people's names. Symmetric. */
export function compareNames(a: PersonName, b: PersonName): NameAgreement {
  if (isNameless(a) || isNameless(b) || a.latin !== b.latin) return 'unknown';
  const [left, right] = generationsOf(a, b);
  if (left !== null && right !== null && left !== right) return 'different';
  const agreement = best(
    compareParts(a, b),
    isSwapped(a, b) && isSwapped(b, a) ? 'same' : 'different',
    a.whole || b.whole ? compareWords(a, b) : 'different',
  );
  // `David Dobbins` beside `David Dobbins Jr` may be the father.
  return agreement === 'same' && left !== right ? 'compatible' : agreement;
}

const ORDER: readonly NameAgreement[] = ['same', 'compatible', 'partial', 'unknown', 'different'];

function best(...found: readonly NameAgreement[]): NameAgreement {
  return ORDER.find((agreement) => found.includes(agreement)) ?? 'different';
}

function generationsOf(a: PersonName, b: PersonName): readonly [number | null, number | null] {
  const left = a.generation ?? (b.generation !== null && a.trailingI ? 1 : null);
  const right = b.generation ?? (a.generation !== null && b.trailingI ? 1 : null);
  return [left, right];
}

function compareParts(a: PersonName, b: PersonName): NameAgreement {
  const given = compareGiven(a.given, b.given);
  const family = compareFamily(a.family, b.family);
  if (given === 'unknown') return 'unknown';
  if (given === 'different') return isLoneWordOf(a, b) || isLoneWordOf(b, a) ? 'unknown' : 'different';
  if (family === 'different') return 'partial';
  if (family === 'unknown') return given === 'same' ? 'compatible' : 'unknown';
  return given === 'same' && family === 'same' ? 'same' : 'compatible';
}

/** A single word in the field for first names that is the other's last name. */
function isLoneWordOf(a: PersonName, b: PersonName): boolean {
  return a.family.length === 0 && a.given.length === 1 && compareFamily(a.given, b.family) === 'same';
}

function isSwapped(a: PersonName, b: PersonName): boolean {
  return compareGiven(a.given, b.family) === 'same' && compareFamily(a.family, b.given) === 'same';
}

/** For a name that stands in one field: which word is which is not known, so all words look for their like. */
function compareWords(a: PersonName, b: PersonName): NameAgreement {
  const [few, many] = [
    [...a.given, ...a.family],
    [...b.given, ...b.family],
  ].sort((x, y) => x.length - y.length);
  const left = [...(many ?? [])];
  let found = 0;
  for (const word of few ?? []) {
    const index = left.findIndex((other) => areAlike(word, other));
    if (index < 0) continue;
    left.splice(index, 1);
    found++;
  }
  if (found < 2 || found < (few ?? []).length) return 'different';
  // Two last names of which the other's consist say nothing of the first name.
  const given = a.whole ? b.given : a.given;
  return given.some((word) => left.includes(word)) &&
    !given.some((word) => (few ?? []).some((one) => areAlike(one, word)))
    ? 'unknown'
    : 'same';
}

function compareGiven(a: readonly string[], b: readonly string[]): PartAgreement {
  const [first, other] = [a[0], b[0]];
  if (first === undefined || other === undefined) return 'unknown';
  if (a.join('') === b.join('')) return 'same';
  if (first.length === 1 || other.length === 1) return compareInitials(a, b);
  if (areAlike(first, other)) return haveOtherMiddleNames(a, b) ? 'compatible' : 'same';
  if (isSlip(a.join(''), b.join(''))) return 'same';
  if (a.some((word) => word.length > 1 && b.some((name) => name.length > 1 && areAlike(word, name))))
    return 'compatible';
  return areInitialsOf(a, b) || areInitialsOf(b, a) ? 'compatible' : 'different';
}

function compareInitials(a: readonly string[], b: readonly string[]): PartAgreement {
  const fits = a.some((word) =>
    b.some((name) =>
      word.length === 1 || name.length === 1 ? initialFits(word, name) : areAlike(word, name),
    ),
  );
  return fits ? 'compatible' : 'different';
}

function initialFits(a: string, b: string): boolean {
  return a.length === 1 ? canStandFor(a, b) : canStandFor(b, a);
}

function haveOtherMiddleNames(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [a.slice(1), b.slice(1)];
  return left.length > 0 && right.length > 0 && compareGiven(left, right) === 'different';
}

/** `JP` for Jean-Pierre. */
function areInitialsOf(short: readonly string[], long: readonly string[]): boolean {
  return short.length === 1 && long.length > 1 && short[0] === long.map((word) => word.slice(0, 1)).join('');
}

function areAlike(a: string, b: string): boolean {
  return a === b || areFormsOfOne(a, b) || isSlip(a, b);
}

/** Daniel and Daniela, Mark and Mary are a letter apart and yet two people. */
function isSlip(a: string, b: string): boolean {
  if (!looksMistyped(a, b) || /\d/.test(a + b)) return false;
  if (isCommonGivenName(a) && isCommonGivenName(b)) return false;
  const stem = (name: string): string => name.replace(/[aeo]$/, '');
  return stem(a) !== stem(b);
}

function compareFamily(a: readonly string[], b: readonly string[]): PartAgreement {
  if (a.length === 0 || b.length === 0) return 'unknown';
  if (a.join('') === b.join('')) return 'same';
  const [left, right] = [essential(a), essential(b)];
  // A number in a name is never a slip: it tells two apart.
  if (digitsOf(left) !== digitsOf(right)) return 'different';
  if (left.join('') === right.join('') || looksMistyped(left.join(''), right.join(''))) return 'same';
  const [few, many] = left.length <= right.length ? [left, right] : [right, left];
  if (few.every((word) => many.some((other) => word === other || looksMistyped(word, other)))) return 'same';
  return isInitialAmong(left, right) || isInitialAmong(right, left) ? 'compatible' : 'different';
}

function isInitialAmong(short: readonly string[], long: readonly string[]): boolean {
  const [initial] = short;
  return short.length === 1 && initial?.length === 1 && long.some((word) => word.startsWith(initial));
}

/** Without `van`, `de la` and initials of middle names, unless nothing else is left. */
function essential(words: readonly string[]): readonly string[] {
  const kept = words.filter((word) => (word.length > 1 || /\d/.test(word)) && !PARTICLES.has(word));
  return kept.length === 0 ? words : kept;
}

function digitsOf(words: readonly string[]): string {
  return words
    .filter((word) => /\d/.test(word))
    .sort()
    .join(' ');
}
