import type { Direction, FieldMapping } from '../../sdk/index.js';

/**
 * A line of the configuration: what differs from the connector's default. Without `property` it changes the default
 * lines of the field; without `direction` or `values` it keeps those of the line it stands for.
 */
export interface MappingOverride {
  readonly field: string;
  readonly property?: string | undefined;
  readonly direction?: Direction | undefined;
  readonly values?: Readonly<Record<string, string>> | undefined;
}

/**
 * The mapping in force. An override stands
 * - for the default line with the same field and the same property, where there is one;
 * - else for all default lines of its field, in the place of the first;
 * - else at the end, as a new line.
 *
 * Where an override writes a property, a default line of another field that writes the same one goes: one property
 * is written from one field. Direction `none` removes. A line without property for a field that has no default says
 * nothing and is left out; the configuration check reports it.
 */
export function mergeMappings(
  defaults: readonly FieldMapping[],
  overrides: readonly MappingOverride[],
): readonly FieldMapping[] {
  const taken = new Set(
    overrides
      .filter(({ direction }) => writes(direction ?? 'both'))
      .flatMap(({ property }) => property ?? []),
  );
  const byField = Map.groupBy(overrides, (override) => override.field);
  const placed = new Set<MappingOverride>();
  const merged = defaults.flatMap((line): FieldMapping[] => {
    const own = byField.get(line.field);
    if (own === undefined) return writes(line.direction) && taken.has(line.property) ? [] : [line];
    const exact = own.filter((override) => override.property === line.property);
    if (exact.length > 0) return exact.map((override) => place(placed, override, line));
    const general = own.filter((override) => override.property === undefined);
    if (general.length > 0) return general.map((override) => place(placed, override, line));
    // What is left names other properties: a line of its own if it matches another default, else it comes here.
    const moved = own.filter((override) => !standsForOne(defaults, override));
    if (moved.length === 0) return [line];
    return moved
      .filter((override) => !placed.has(override))
      .map((override) => place(placed, override, undefined));
  });
  const added = overrides
    .filter(({ property }) => property !== undefined)
    .filter((override) => !placed.has(override));
  return [...merged, ...added.map((override) => place(placed, override, undefined))].filter(
    (line) => line.direction !== 'none' && line.property !== '',
  );
}

function writes(direction: Direction): boolean {
  return direction === 'push' || direction === 'both';
}

function standsForOne(defaults: readonly FieldMapping[], override: MappingOverride): boolean {
  return defaults.some(({ field, property }) => field === override.field && property === override.property);
}

function place(
  placed: Set<MappingOverride>,
  override: MappingOverride,
  line: FieldMapping | undefined,
): FieldMapping {
  placed.add(override);
  const values = override.values ?? line?.values;
  return {
    field: override.field,
    property: override.property ?? line?.property ?? '',
    direction: override.direction ?? line?.direction ?? 'both',
    ...(values && { values }),
  };
}
