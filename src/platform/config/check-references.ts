/** What no schema can say: names that must exist elsewhere in the file, or among the canonical fields. */
import type { Entity } from '../../sdk/index.js';
import { ENTITIES, FIELDS, fieldOf, isCrossReference, isSetType } from '../../core/model/fields.js';
import type { ReadableConfig } from './readable.js';
import { suggestion } from '../../sdk/nearest.js';
import type { ConfigPath, Finding } from './problem.js';
import type {
  Config,
  ConnectionConfig,
  MappingLineConfig,
  RuleConfig,
  SurvivorshipConfig,
} from './schema.js';

/** The connection that carries people's own edits; it is always there and may stand in an order. */
const HUB = 'hub';

export function checkReferences(config: ReadableConfig): readonly Finding[] {
  const names = config.names.filter((name) => name !== undefined);
  return [
    ...checkNames(config.names),
    ...config.connections.flatMap(checkFilters),
    ...checkSurvivorship(config.survivorship, names),
    ...checkMappings(config.mapping, names),
    ...checkLimits(config.limits, names),
  ];
}

function checkNames(names: ReadableConfig['names']): readonly Finding[] {
  return names.flatMap((name, index): Finding[] => {
    const path = ['connections', index, 'name'];
    if (name === HUB)
      return [{ path, message: `The name "${HUB}" is the hub's own.`, remedy: 'Choose another name.' }];
    if (name === undefined || names.indexOf(name) === index) return [];
    return [
      { path, message: `There are two connections named "${name}".`, remedy: 'Give each a name of its own.' },
    ];
  });
}

function checkFilters(connection: ConnectionConfig | undefined, index: number): readonly Finding[] {
  return ENTITIES.flatMap((entity) =>
    (connection?.sync[entity]?.filter ?? []).flatMap((condition, at) =>
      unknownField(entity, condition.field, ['connections', index, 'sync', entity, 'filter', at, 'field']),
    ),
  );
}

function checkSurvivorship(survivorship: SurvivorshipConfig, names: readonly string[]): readonly Finding[] {
  const findings = [...checkOrder(survivorship.default, ['survivorship', 'default'], names)];
  if (ruleName(survivorship.default) === 'union') {
    findings.push({
      path: ['survivorship', 'default'],
      message: 'Rule union fits only fields that hold a set of values, so it cannot be the default.',
      remedy: 'Choose another default, and union for the fields it fits: tags, emails, phones, domains.',
    });
  }
  for (const entity of ENTITIES) {
    for (const [field, rule] of Object.entries(survivorship[entity])) {
      const path = ['survivorship', entity, field];
      const type = fieldOf(entity, field)?.type;
      findings.push(...unknownField(entity, field, path, true), ...checkOrder(rule, path, names));
      if (ruleName(rule) === 'union' && type !== undefined && type !== 'any' && !isSetType(type)) {
        findings.push({
          path,
          message: `"${field}" holds one value; rule union fits only sets.`,
          remedy: 'Choose another rule.',
        });
      }
      if (isCrossReference(field)) {
        findings.push({
          path,
          message: `"${field}" serves matching only and has no rule.`,
          remedy: 'Remove it.',
        });
      }
    }
  }
  return findings;
}

function checkOrder(rule: RuleConfig, path: ConfigPath, names: readonly string[]): readonly Finding[] {
  const order = typeof rule === 'string' ? [] : (rule.order ?? []);
  return order.flatMap((name, index): Finding[] => {
    const at = [...path, 'order', index];
    if (order.indexOf(name) !== index) {
      return [{ path: at, message: `"${name}" stands twice in this order.`, remedy: 'Keep one.' }];
    }
    return name === HUB || names.includes(name) ? [] : [unknownConnection(name, at, names, false)];
  });
}

function checkMappings(mappings: Config['mapping'], names: readonly string[]): readonly Finding[] {
  return Object.entries(mappings).flatMap(([name, mapping]) => {
    const path = ['mapping', name];
    const unknown = names.includes(name) ? [] : [unknownConnection(name, path, names, true)];
    return [
      ...unknown,
      ...ENTITIES.flatMap((entity) => checkLines(entity, mapping[entity], [...path, entity])),
    ];
  });
}

function checkLimits(limits: Config['limits'], names: readonly string[]): readonly Finding[] {
  return Object.keys(limits)
    .filter((name) => !names.includes(name))
    .map((name) => unknownConnection(name, ['limits', name], names, true));
}

function checkLines(
  entity: Entity,
  lines: readonly MappingLineConfig[],
  path: ConfigPath,
): readonly Finding[] {
  const written = new Map<string, string>();
  return lines.flatMap((line, index): Finding[] => {
    const findings = [...unknownField(entity, line.field, [...path, index, 'field'])];
    const writes = line.direction === undefined || line.direction === 'both' || line.direction === 'push';
    if (line.property === undefined || !writes || isCrossReference(line.field)) return findings;
    const other = written.get(line.property);
    if (other !== undefined) {
      findings.push({
        path: [...path, index, 'property'],
        message: `"${line.property}" is already written from ${other}.`,
        remedy: 'Give one of the two lines another property, or direction pull.',
      });
    }
    written.set(line.property, line.field);
    return findings;
  });
}

/** Says so when there is no such canonical field, and which one may be meant. */
export function unknownField(
  entity: Entity,
  field: string,
  path: ConfigPath,
  atKey = false,
): readonly Finding[] {
  if (fieldOf(entity, field) !== undefined) return [];
  const known = FIELDS[entity].map((definition) => definition.name);
  const elsewhere = ENTITIES.find((other) => other !== entity && fieldOf(other, field) !== undefined);
  const hint = elsewhere === undefined ? '' : ` It is a field of ${elsewhere}.`;
  const own = 'Fields of your own are named custom.NAME.';
  return [
    {
      path,
      atKey,
      message: `${capital(entity)} has no field "${field}".${hint}`,
      remedy: `${suggestion(field, known)} ${own}`,
    },
  ];
}

function unknownConnection(
  name: string,
  path: ConfigPath,
  names: readonly string[],
  atKey: boolean,
): Finding {
  return { path, atKey, message: `There is no connection named "${name}".`, remedy: suggestion(name, names) };
}

function ruleName(rule: RuleConfig): string {
  return typeof rule === 'string' ? rule : rule.rule;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
