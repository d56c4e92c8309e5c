import type { IdentifierKind } from './identity.js';

/** What an operator may set. Plain data: kept with the survivorship rules. */
export interface MatchRules {
  /** How many different ones may hold one identifier before it is taken for a shared one, which is no evidence. */
  readonly limits: Readonly<Record<IdentifierKind, number>>;
  /** Most records that are put on one customer or account without a person's word. */
  readonly maxCluster: number;
}

export const DEFAULT_MATCH_RULES: MatchRules = {
  limits: { xref: 50, email: 10, phone: 10, social: 5, domain: 50, name: 20 },
  maxCluster: 50,
};
