import type { JsonValue } from '../../sdk/index.js';
import { fieldKey } from '../claims/index.js';

/** The fields of the simulation: an identifier, two texts, a choice that only moves forward, a set. */
export const FIELDS = ['email', 'familyName', 'jobTitle', 'lifecycleStage', 'tags'] as const;
export type Field = (typeof FIELDS)[number];

export const STAGES = ['lead', 'qualified', 'customer'] as const;

export type Values = Readonly<Record<string, JsonValue>>;

export function keyOf(field: string, value: JsonValue | undefined): string | null {
  return fieldKey('customer', field, value ?? null);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
