import type { Entity, FieldMapping, JsonValue, PropertyValues } from '../../sdk/index.js';
import { fieldOf, isSetType, type FieldDefinition } from '../model/fields.js';
import { isList } from '../normalise/text.js';
import { coerce } from './coerce.js';
import type { MappingProblem } from './problem.js';

export interface CanonicalValues {
  /** Field → value; null is blank. A field none of whose properties was read is not there. */
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly problems: readonly MappingProblem[];
}

/**
 * A record's canonical values. Of several properties for one field the first that is not blank counts; for a field
 * that is a set, all of them together. A field that the connection only receives (no line with `pull` or `both`) is
 * read too: what the record holds must be known to be compared.
 */
export function toCanonical(input: {
  readonly entity: Entity;
  readonly mapping: readonly FieldMapping[];
  readonly values: PropertyValues;
}): CanonicalValues {
  const fields: Record<string, JsonValue> = {};
  const problems: MappingProblem[] = [];
  for (const line of linesToRead(input.mapping)) {
    const definition = fieldOf(input.entity, line.field);
    const native = input.values[line.property];
    if (native === undefined || definition === undefined) continue;
    const current = fields[line.field] ?? null;
    if (current !== null && !isSetType(definition.type)) continue;
    const { value, expected } = coerce(definition.type, translated(line, native));
    fields[line.field] = together(current, value);
    if (expected !== undefined) problems.push(unreadable(definition, line, native, expected));
  }
  return { fields, problems };
}

function linesToRead(mapping: readonly FieldMapping[]): readonly FieldMapping[] {
  const isRead = ({ direction }: FieldMapping): boolean => direction === 'pull' || direction === 'both';
  const read = new Set(mapping.filter(isRead).map((line) => line.field));
  return mapping.filter((line) => isRead(line) || (line.direction === 'push' && !read.has(line.field)));
}

/** The canonical name of a choice; one that the mapping does not list stays as the system says it. */
function translated(line: FieldMapping, native: JsonValue): JsonValue {
  const { values } = line;
  if (values === undefined || native === null) return native;
  if (isList(native)) return native.map((entry) => translated(line, entry));
  if (typeof native === 'object') return native;
  const key = String(native);
  return Object.hasOwn(values, key) ? (values[key] ?? native) : native;
}

/** Only sets come here with a value already there. */
function together(current: JsonValue, value: JsonValue): JsonValue {
  if (current === null || value === null) return current ?? value;
  return isList(current) && isList(value) ? [...new Set([...current, ...value])] : current;
}

function unreadable(
  definition: FieldDefinition,
  line: FieldMapping,
  native: JsonValue,
  expected: string,
): MappingProblem {
  return {
    field: line.field,
    property: line.property,
    message: `${definition.title} should be ${expected}; "${line.property}" holds ${kindOf(native)} that is not.`,
    remedy: `Correct "${line.property}" in that record, or map another property to ${line.field}.`,
  };
}

function kindOf(value: JsonValue): string {
  if (typeof value === 'string') return `text of ${String(value.length)} characters`;
  if (isList(value)) return `a list of ${String(value.length)} values`;
  return typeof value === 'object' ? 'a structure' : `a ${typeof value}`;
}
