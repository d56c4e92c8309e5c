import type { Comparison } from './comparison.js';
import type { DealFacts, Identity } from './identity.js';

/**
 * What two deals of one name are to one another. Two deals taken for one cost more than a deal that stands twice, and
 * deals of an account often share a name: only where all that is known agrees are they the same without a person's
 * word. Symmetric.
 */
export function compareDeals(a: Identity, b: Identity): Comparison[] {
  if (a.deal === undefined || b.deal === undefined || a.deal.name === '' || a.deal.name !== b.deal.name)
    return [];
  const rule = 'deal-name';
  const found = agreements(a.deal, b.deal);
  if (found.account === 'other')
    return [{ verdict: 'different', rule, reason: 'Same name, other accounts.' }];
  const against = (['amount', 'currency', 'date'] as const).filter((what) => found[what] === 'other');
  if (found.amount === 'other' && found.date === 'other')
    return [{ verdict: 'different', rule, reason: 'Same name, but another amount and another close date.' }];
  const all = found.account === 'same' && found.amount === 'same' && found.date === 'same';
  if (all && against.length === 0)
    return [{ verdict: 'same', rule: 'deal-all', reason: 'Same name, account, amount and close date.' }];
  const shared = (['account', 'amount', 'date'] as const).filter((what) => found[what] === 'same');
  if (shared.length === 0)
    return [{ verdict: 'different', rule, reason: 'Nothing but the name is the same.' }];
  return [
    {
      verdict: 'candidate',
      rule,
      reason: `Same name and ${shared.map((what) => WORDS[what]).join(' and ')}${
        against.length === 0 ? '' : `, but another ${against.map((what) => WORDS[what]).join(' and ')}`
      }.`,
    },
  ];
}

type Agreement = 'same' | 'other' | 'unknown';

const WORDS = { account: 'account', amount: 'amount', currency: 'currency', date: 'close date' } as const;

function agreements(a: DealFacts, b: DealFacts): Readonly<Record<keyof typeof WORDS, Agreement>> {
  return {
    account: agreement(a.account, b.account),
    amount: agreement(a.amount, b.amount),
    currency: agreement(a.currency, b.currency),
    date: agreement(a.closeDate, b.closeDate),
  };
}

function agreement(a: string | null, b: string | null): Agreement {
  if (a === null || b === null) return 'unknown';
  return a === b ? 'same' : 'other';
}
