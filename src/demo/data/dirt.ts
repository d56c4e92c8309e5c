/** How one fact comes to be written in many ways. */
import { NICKNAMES } from './names.js';
import type { Phone } from './places.js';
import type { Random } from './random.js';

/** One number as different people type it: all of them read as the same number. */
export function writtenPhone(random: Random, { country, national }: Phone): string {
  const parts = grouped(national);
  switch (random.whole(0, 4)) {
    case 0:
      return `+${country.callingCode}${national}`;
    case 1:
      return `+${country.callingCode} ${parts.join(' ')}`;
    case 2:
      return `00${country.callingCode} ${parts.join('-')}`;
    case 3:
      return country.code === 'US'
        ? `(${national.slice(0, 3)}) ${national.slice(3, 6)}-${national.slice(6)}`
        : `+${country.callingCode} (${country.trunk}) ${parts.join(' ')}`;
    default:
      return `+${country.callingCode}-${parts.join('-')}`;
  }
}

function grouped(national: string): readonly string[] {
  const cut = national.length > 9 ? 3 : 2;
  return [national.slice(0, cut), national.slice(cut, -4), national.slice(-4)];
}

/** A name as another person typed it: shouted, in other code points, by the nickname, or with a slip. */
export function writtenGivenName(random: Random, given: string): string {
  const nickname = NICKNAMES[given];
  if (nickname !== undefined && random.chance(0.35)) return nickname;
  return writtenName(random, given);
}

export function writtenName(random: Random, name: string): string {
  const roll = random.next();
  if (roll < 0.03) return name.toUpperCase();
  if (roll < 0.05) return name.toLowerCase();
  if (roll < 0.08) return ` ${name} `;
  if (roll < 0.105) return mistyped(random, name);
  // What a Mac's file dialog and an export hand over: letter and accent as two code points.
  return roll < 0.4 ? name.normalize('NFD') : name;
}

function mistyped(random: Random, name: string): string {
  if (name.length < 6) return name;
  const at = random.whole(2, name.length - 3);
  const [one, other] = [name.charAt(at), name.charAt(at + 1)];
  return name.slice(0, at) + other + one + name.slice(at + 2);
}

export function writtenEmail(random: Random, email: string): string {
  if (random.chance(0.12)) return email.replace(/(^|[.@-])([a-z])/g, (part) => part.toUpperCase());
  return random.chance(0.04) ? email.toUpperCase() : email;
}

export function writtenWebsite(random: Random, domain: string): string {
  return random.pick([
    `https://${domain}`,
    `https://www.${domain}/`,
    `http://www.${domain}`,
    `www.${domain}`,
    domain,
  ]);
}

export function writtenCompany(random: Random, name: string, suffixes: readonly string[]): string {
  const suffix = random.pick(suffixes);
  const full = suffix === '' ? name : `${name} ${suffix}`;
  return random.chance(0.04) ? full.toUpperCase() : full;
}
