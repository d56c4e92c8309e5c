/** Survivorship rules as the configuration gives them, ready for use. */
import type { Entity } from '../../sdk/index.js';

export type RuleName = 'most-recent' | 'source-priority' | 'most-complete' | 'union' | 'manual';

export interface FieldRule {
  readonly rule: RuleName;
  /** source-priority: connection names, first wins. Connections not named come after, most recent first. */
  readonly order: readonly string[];
  /** `win`: a value that somebody cleared counts as said. `ignore`: blanks never win. */
  readonly blanks: 'win' | 'ignore';
}

export interface SurvivorshipRules {
  readonly default: FieldRule;
  /** Rules stored before an entity was known have nothing for it. */
  readonly fields: Readonly<Partial<Record<Entity, Readonly<Record<string, FieldRule>>>>>;
}

export const DEFAULT_RULES: SurvivorshipRules = {
  default: { rule: 'most-recent', order: [], blanks: 'win' },
  fields: { customer: {}, account: {}, deal: {} },
};

export function ruleFor(rules: SurvivorshipRules, entity: Entity, field: string): FieldRule {
  return rules.fields[entity]?.[field] ?? rules.default;
}
