/** Why two records were, or might be, put together: a stable code. */
export type MatchRule =
  | 'decision'
  | 'xref'
  | 'email'
  | 'phone-name'
  | 'social'
  | 'role-email-name'
  | 'domain-name'
  | 'company-name'
  | 'company-phone'
  | 'deal-all'
  | 'deal-name';

export interface Comparison {
  /** `candidate`: a person should judge. `different`: no reason to think them the same. */
  readonly verdict: 'same' | 'candidate' | 'different';
  readonly rule: MatchRule;
  /** For the ops admin, without personal data. */
  readonly reason: string;
}

/** Strength of the evidence: lower is stronger. Evidence of the same strength counts the same. */
export const STRENGTH: Readonly<Record<MatchRule, number>> = {
  decision: 0,
  xref: 1,
  email: 2,
  'domain-name': 2,
  'phone-name': 3,
  'company-phone': 3,
  social: 4,
  'company-name': 4,
  'role-email-name': 5,
  'deal-all': 2,
  'deal-name': 4,
};
