import { createHash } from 'node:crypto';
import type { Direction, ObjectDeclaration } from '../sdk/index.js';
import { mergeMappings, type MappingOverride } from '../core/mapping/index.js';
import type { EntityPolicy, ObjectSetup } from './active-connection.js';

/** The mapping in force for an object: the connector's own, changed by the configuration, narrowed by the policy. */
export function setUpObject(
  declaration: ObjectDeclaration,
  policy: EntityPolicy,
  overrides: readonly MappingOverride[],
): ObjectSetup {
  const mapping = mergeMappings(declaration.mapping, overrides)
    .map((line) => ({ ...line, direction: narrow(line.direction, policy.direction) }))
    .filter((line) => line.direction !== 'none');
  const readable = new Set(mapping.filter((line) => line.direction !== 'push').map((line) => line.field));
  return {
    declaration,
    object: declaration.object,
    entity: declaration.entity,
    policy,
    mapping,
    properties: [...new Set(mapping.map((line) => line.property))].sort(),
    pushOnly: new Set(mapping.map((line) => line.field).filter((field) => !readable.has(field))),
    mappingHash: createHash('sha256').update(JSON.stringify(mapping)).digest('hex').slice(0, 16),
  };
}

/** A line goes at most where its object goes. */
function narrow(line: Direction, object: Direction): Direction {
  if (object === 'both') return line;
  if (line === 'both' || line === object) return object;
  return 'none';
}
