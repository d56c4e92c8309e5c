import { fieldKey } from '../../src/core/claims/index.js';
import type { JsonValue } from '../../src/sdk/index.js';
import { placeOf, type Behind } from './snapshot.js';
import type { Played } from '../plan/steps.js';

/** By what values of a field count as the same: `null` is blank, a company in some system is its golden record. */
export function keyIn(
  index: ReadonlyMap<string, Behind>,
  at: { readonly system: string; readonly entity: Played; readonly field: string },
  value: JsonValue,
): string | null {
  if (at.field !== 'account') return fieldKey(at.entity, at.field, value);
  if (typeof value !== 'string') return null;
  const place = placeOf({ system: at.system, entity: 'account', id: value });
  return index.get(place)?.golden.id ?? `unknown company ${value}`;
}

/** The key of a golden value: references are ids of golden records already, perhaps of one that was taken in. */
export function goldenKey(
  currentIds: ReadonlyMap<string, string>,
  at: { readonly entity: Played; readonly field: string },
  value: JsonValue,
): string | null {
  if (at.field !== 'account') return fieldKey(at.entity, at.field, value);
  return typeof value === 'string' ? (currentIds.get(value) ?? value) : null;
}

export function show(value: JsonValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
