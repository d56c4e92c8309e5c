import { compareAccounts } from './compare-accounts.js';
import { compareCustomers } from './compare-customers.js';
import { compareDeals } from './compare-deals.js';
import { STRENGTH, type Comparison } from './comparison.js';
import type { Identifier, Identity } from './identity.js';

const NOTHING: Comparison = { verdict: 'different', rule: 'xref', reason: 'They share nothing that tells.' };

/**
 * Compares two records by the identifiers they share (those too many records share already left out). Symmetric.
 *
 * This is where another matcher plugs in: one that scores may weigh all of both identities here, and answer
 * with the same three verdicts.
 */
export function compareRecords(a: Identity, b: Identity, shared: readonly Identifier[]): Comparison {
  if (a.entity !== b.entity || shared.length === 0) return NOTHING;
  if (shared.some((identifier) => identifier.kind === 'xref')) {
    return {
      verdict: 'same',
      rule: 'xref',
      reason: 'One names the other by its id, or both name the same one.',
    };
  }
  return compareAs(a, b, shared).reduce((best, next) => (isStronger(next, best) ? next : best), NOTHING);
}

function compareAs(a: Identity, b: Identity, shared: readonly Identifier[]): Comparison[] {
  switch (a.entity) {
    case 'customer':
      return compareCustomers(a, b, shared);
    case 'account':
      return compareAccounts(a, b, shared);
    case 'deal':
      return compareDeals(a, b);
  }
}

const WEIGHT: Readonly<Record<Comparison['verdict'], number>> = { same: 0, candidate: 1, different: 2 };

function isStronger(a: Comparison, b: Comparison): boolean {
  return (WEIGHT[a.verdict] - WEIGHT[b.verdict] || STRENGTH[a.rule] - STRENGTH[b.rule]) < 0;
}
