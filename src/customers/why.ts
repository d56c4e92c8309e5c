import type { FieldRule } from '../core/survivorship/index.js';

/** A claim as a sentence needs it. */
export interface Said {
  readonly connection: string;
  /** ms, hub's clock. */
  readonly at: number;
  readonly hub: boolean;
  /** Set when the time is only an upper bound. */
  readonly upperBound: boolean;
  /** Length of the value as it is compared; 0 for a blank. */
  readonly size: number;
}

/** Why a claim lost to the winner, in a sentence for people. Pure. */
export function whyLost(rule: FieldRule, loser: Said, winner: Said): string {
  return `${says(loser)} ${time(loser)}: ${reason(rule, loser, winner)}${bound(loser, winner)}`;
}

/** Why the winner won, where there is somebody to win against or not. Pure. */
export function whyWon(rule: FieldRule, winner: Said, others: number): string {
  const start = `${says(winner)} ${time(winner)}`;
  if (others === 0) return `${start}; nobody says otherwise.`;
  switch (rule.rule) {
    case 'most-recent':
    case 'union':
      return `${start}; the most recent wins.`;
    case 'source-priority':
      return `${start}; ${placed(rule, winner)}.`;
    case 'most-complete':
      return winner.hub
        ? `${start}; a person's word goes before.`
        : `${start}; the most complete value wins.`;
    case 'manual':
      return winner.hub
        ? `${start}; a person has decided.`
        : `${start}; nobody has decided yet, and the value known longest stands until then.`;
  }
}

function reason(rule: FieldRule, loser: Said, winner: Said): string {
  switch (rule.rule) {
    case 'most-recent':
    case 'union':
      return recency(loser, winner);
    case 'source-priority':
      return rank(rule, loser) === rank(rule, winner)
        ? recency(loser, winner)
        : `${name(winner)} comes before ${name(loser)} (${order(rule)}).`;
    case 'most-complete':
      return completeness(loser, winner);
    case 'manual':
      return winner.hub && !loser.hub
        ? 'a person has decided otherwise in the hub.'
        : winner.hub
          ? recency(loser, winner)
          : `nobody has decided yet; ${name(winner)}'s value has been known ${span(winner.at, loser.at)} longer and stands until then.`;
  }
}

function completeness(loser: Said, winner: Said): string {
  if (winner.hub && !loser.hub) return "a person's word in the hub goes before every system.";
  if (winner.size === loser.size) return `as complete; ${recency(loser, winner)}`;
  return `less complete (${String(loser.size)} against ${String(winner.size)}); the most complete wins.`;
}

function recency(loser: Said, winner: Said): string {
  if (loser.at !== winner.at) return `${span(loser.at, winner.at)} earlier; the most recent wins.`;
  if (winner.hub && !loser.hub) return "at the same time; a person's word in the hub breaks the tie.";
  return `at the same time; ${name(winner)} stands before it in the configuration, which breaks the tie.`;
}

/** The same order as survivorship's. */
function rank(rule: FieldRule, said: Said): number {
  const place = rule.order.indexOf(said.connection);
  if (place >= 0) return place;
  return said.hub ? -1 : rule.order.length;
}

function placed(rule: FieldRule, winner: Said): string {
  const place = rank(rule, winner);
  if (place < 0) return "a person's word in the hub goes before every system";
  if (place >= rule.order.length)
    return `none of ${order(rule)} says anything, and of the rest the most recent wins`;
  return `it is the first of ${order(rule)} that says anything`;
}

function order(rule: FieldRule): string {
  return rule.order.join(', then ');
}

function name(said: Said): string {
  return said.hub ? 'the hub' : said.connection;
}

function says(said: Said): string {
  if (said.hub) return said.size === 0 ? 'A person cleared it in the hub' : 'A person said so in the hub';
  return said.size === 0 ? `${said.connection} cleared it` : `${said.connection} said so`;
}

function time(said: Said): string {
  const text = new Date(said.at).toISOString().replace('T', ' ').replace(/\..*/, ' UTC');
  return said.upperBound ? `on ${text} at the latest` : `on ${text}`;
}

function bound(loser: Said, winner: Said): string {
  const unsure = [loser, winner].filter((said) => said.upperBound).map(name);
  if (unsure.length === 0) return '';
  return ` The time of ${unsure.join(' and of ')} is only an upper bound, from first contact.`;
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
];

/** `2 days`, `1 hour`: the largest unit that fits, rounded. */
function span(a: number, b: number): string {
  const ms = Math.abs(a - b);
  for (const [size, unit] of UNITS) {
    if (ms < size) continue;
    const count = Math.round(ms / size);
    return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
  }
  return 'less than a second';
}
