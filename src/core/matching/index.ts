/**
 * Match rules: when two source records are the same customer or account.
 *
 * identity   what a record can be recognised by: normalised identifiers, and the name in words that compare
 * evidence   what the identifiers that two records share say of them: `same`, or `candidate` for a person to judge
 * decision   a person's word on two records; it outlives every rerun
 * placing    what is to be linked, made, merged or asked, given evidence and decisions
 *
 *     identityOf ──> (stored, looked up) ──> place ──> operations
 *                                              └─ compareRecords, for each pair that shares an identifier
 *
 * The rules are deterministic. A scored matcher takes the place of `compareRecords`: it gets both identities and what
 * they share, and answers with the same verdicts; limits, decisions, priorities and the guards against chains in
 * `place` stay as they are. If it is to compare more than names, birthdays and countries, `Identity` is where those
 * come in; if it is to find pairs that share no identifier, further kinds of identifiers (a name with a postal code)
 * bring them together.
 */
export type { Comparison, MatchRule } from './comparison.js';
export { identifierKey, identifiersOf, identityOf, ownCrossReference } from './identity.js';
export type { DealFacts, Identifier, IdentifierKind, Identity } from './identity.js';
export type {
  CandidateOperation,
  CreateGoldenOperation,
  LinkOperation,
  MergeOperation,
  PlaceOperation,
} from './operations.js';
export { place } from './place.js';
export type { PlaceInput } from './place.js';
export type { Decision, GoldenAge, MatchRecord } from './record.js';
export { DEFAULT_MATCH_RULES } from './rules.js';
export type { MatchRules } from './rules.js';
