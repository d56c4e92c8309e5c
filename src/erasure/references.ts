import type { FieldState, FieldStates } from '../core/claims/index.js';
import { isJsonObject, type JsonValue } from '../sdk/index.js';

/**
 * The states of a record's fields without what points at one of the targets (`object id`): a reference goes with its
 * field, one of a list only from the list.
 */
export function withoutReferences(fields: FieldStates, targets: ReadonlySet<string>): FieldStates {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, state]): [string, FieldState][] => {
      const left = without(state as unknown as JsonValue, targets);
      return left === undefined ? [] : [[field, left as unknown as FieldState]];
    }),
  );
}

/** The same of any document. */
export function withoutReferencesIn(value: JsonValue, targets: ReadonlySet<string>): JsonValue {
  return without(value, targets) ?? null;
}

function without(value: JsonValue, targets: ReadonlySet<string>): JsonValue | undefined {
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).flatMap((one) => {
      const left = without(one, targets);
      return left === undefined ? [] : [left];
    });
  }
  if (!isJsonObject(value)) return value;
  const { ref } = value;
  if (isJsonObject(ref) && typeof ref['object'] === 'string' && typeof ref['id'] === 'string') {
    return targets.has(`${ref['object']} ${ref['id']}`) ? undefined : value;
  }
  // The state of a field is nothing without its value.
  if ('held' in value && without(value['held'] ?? null, targets) === undefined) return undefined;
  if (isJsonObject(value['claim']) && without(value['claim']['value'] ?? null, targets) === undefined)
    return undefined;
  const entries = Object.entries(value).map(([key, one]) => [key, without(one, targets)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
}
