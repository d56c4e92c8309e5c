/** Who is in the play: people and companies that no two systems could mistake for one another. Pure. */
import type { Random } from '../../src/demo/data/random.js';

export interface Person {
  readonly given: string;
  /** Nobody edits it: it tells for good whom a record stands for. */
  readonly family: string;
  readonly email: string;
}

export interface Company {
  /** Nobody edits it. */
  readonly name: string;
  readonly domain: string;
}

const GIVEN = [
  'Ada',
  'Björn',
  'Chloé',
  'Dmitri',
  'Farah',
  'Gustavo',
  'Ines',
  'Jürgen',
  'Kwame',
  'Mei',
  'Søren',
];
const ONSETS = ['Bar', 'Kel', 'Mon', 'Tav', 'Zor', 'Fen', 'Gul', 'Pir', 'Sud', 'Wex'];
const MIDDLES = ['a', 'endo', 'i', 'uwi', 'oro', 'ymp'];
const ENDS = ['dahl', 'ková', 'mann', 'sson', 'tini', 'vich', 'zawa', 'quist'];

/** Names far enough from each other that no spelling mistake makes one of the other. */
export function people(count: number, random: Random): readonly Person[] {
  return Array.from({ length: count }, (_, index): Person => {
    const onset = ONSETS[index % ONSETS.length] ?? '';
    const middle = MIDDLES[Math.floor(index / ONSETS.length) % MIDDLES.length] ?? '';
    const family = `${onset}${middle}${ENDS[(index * 3 + Math.floor(index / ONSETS.length)) % ENDS.length] ?? ''}`;
    return {
      given: random.pick(GIVEN),
      family,
      email: `person${String(index)}@chaos${String(index)}.example`,
    };
  });
}

const COMPANY_NAMES = [
  'Quarry Lane Foods',
  'Umbra Optics',
  'Hexagon Freight',
  'Lindow Paper',
  'Yarrow Textiles',
];

export function companies(count: number): readonly Company[] {
  return COMPANY_NAMES.slice(0, count).map((name) => ({
    name,
    domain: `${name.toLowerCase().replaceAll(' ', '-')}.example`,
  }));
}
