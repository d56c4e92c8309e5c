import type { Connector } from '../index.js';
import {
  CONNECTOR_ABILITIES,
  type Ability,
  type Cannot,
  type ConformanceTarget,
  type ConnectorAbility,
  type Harness,
  type Specimen,
} from './harness.js';
import type { Rule } from './rule.js';

const WITHOUT: Readonly<Record<ConnectorAbility, string>> = {
  push: 'the connector is read only (no `push`)',
  read: 'the connector does not read by id (no `read`)',
  webhook: 'the connector takes no webhooks (no `webhook`)',
  stream: 'the connector does not listen (no `stream`)',
};

/** Why a rule does not apply, by what the connector has and the target declares; undefined when it does. */
export function reasonAgainst(rule: Rule, target: ConformanceTarget, specimen: Specimen): string | undefined {
  const cannot: Cannot = { ...target.cannot, ...specimen.cannot };
  for (const ability of rule.needs) {
    if (isConnectors(ability)) {
      if (target.connector[ability satisfies keyof Connector] === undefined) return WITHOUT[ability];
    } else if (cannot[ability] !== undefined) return cannot[ability];
  }
  return undefined;
}

/** What a rule needs, and neither is there nor was declared to be missing. */
export function unexplained(rule: Rule, harness: Harness, specimen: Specimen): readonly Ability[] {
  return rule.needs.filter((ability) => {
    if (isConnectors(ability) || ability === 'stale' || ability === 'own') return false;
    if (ability === 'refused' || ability === 'unique') return specimen[ability] === undefined;
    if (ability === 'link')
      return specimen.link === undefined || harness.link === undefined || harness.createTarget === undefined;
    return harness[ability] === undefined;
  });
}

function isConnectors(ability: Ability): ability is ConnectorAbility {
  return CONNECTOR_ABILITIES.some((one) => one === ability);
}
