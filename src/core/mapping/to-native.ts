import type { Entity, FieldMapping, JsonValue, PropertyValues } from '../../sdk/index.js';
import { fieldOf, isCrossReference } from '../model/fields.js';
import { comparisonKey } from '../normalise/index.js';
import { isList } from '../normalise/text.js';
import type { MappingProblem } from './problem.js';

export interface NativeValues {
  /** Property → value; null clears. */
  readonly values: PropertyValues;
  /** Values that the system's list of choices has no name for: they are left out of `values`. */
  readonly problems: readonly MappingProblem[];
}

/**
 * Canonical values as the system's properties, for the lines that push. Only fields that are given are looked at.
 * Where two lines name one property, the first whose field is given counts. References must already point at a
 * record of this system. A stage that `values` does not name is handed over as it is: the connector knows the stages.
 */
export function toNative(input: {
  readonly entity: Entity;
  readonly mapping: readonly FieldMapping[];
  readonly fields: Readonly<Record<string, JsonValue>>;
}): NativeValues {
  const values: Record<string, JsonValue> = {};
  const problems: MappingProblem[] = [];
  for (const line of input.mapping) {
    if (line.direction !== 'push' && line.direction !== 'both') continue;
    if (isCrossReference(line.field) || Object.hasOwn(values, line.property)) continue;
    const value = input.fields[line.field];
    if (value === undefined) continue;
    const passes = fieldOf(input.entity, line.field)?.type === 'stage';
    const { native, missing } = named(line, value, passes);
    if (native !== undefined) values[line.property] = native;
    if (missing > 0) problems.push(nameless(line, missing));
  }
  return { values, problems };
}

interface Named {
  readonly native: JsonValue | undefined;
  /** How many values have no name in the system. */
  readonly missing: number;
}

function named(line: FieldMapping, value: JsonValue, passes: boolean): Named {
  if (line.values === undefined || value === null) return { native: value, missing: 0 };
  if (!isList(value)) {
    const native = passes ? (nativeStage(line.values, value) ?? value) : nativeChoice(line.values, value);
    return { native, missing: native === undefined ? 1 : 0 };
  }
  const choices = line.values;
  const natives = value.flatMap((entry) => nativeChoice(choices, entry) ?? []);
  // A list of which nothing is left is not cleared: that would undo what the system holds for no one's word.
  return {
    native: natives.length === 0 && value.length > 0 ? undefined : natives,
    missing: value.length - natives.length,
  };
}

/** Of several names for one value the first in the mapping counts. */
function nativeChoice(values: Readonly<Record<string, string>>, canonical: JsonValue): string | undefined {
  return Object.keys(values).find((native) => values[native] === canonical);
}

function nativeStage(values: Readonly<Record<string, string>>, canonical: JsonValue): string | undefined {
  const wanted = comparisonKey('stage', canonical);
  return Object.keys(values).find((native) => comparisonKey('stage', values[native]) === wanted);
}

function nameless(line: FieldMapping, missing: number): MappingProblem {
  const what = missing === 1 ? 'a value' : `${String(missing)} values`;
  return {
    field: line.field,
    property: line.property,
    message: `${line.field} has ${what} that the mapping to "${line.property}" does not list.`,
    remedy: `Add what is missing to \`values\` of the mapping of ${line.field} to ${line.property}, or change the value.`,
  };
}
