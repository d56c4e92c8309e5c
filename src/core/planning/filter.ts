import type { JsonValue } from '../../sdk/index.js';

/** A condition on a golden field: which customers a connection gets new records for. All given must hold. */
export interface Condition {
  readonly field: string;
  readonly is?: JsonValue;
  readonly isNot?: JsonValue;
  readonly in?: readonly JsonValue[];
  readonly exists?: boolean;
}

export function passes(
  conditions: readonly Condition[],
  golden: Readonly<Record<string, JsonValue>>,
): boolean {
  return conditions.every((condition) => holds(condition, golden[condition.field] ?? null));
}

function holds(condition: Condition, value: JsonValue): boolean {
  const values = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  const has = (wanted: JsonValue): boolean => values.some((one) => same(one, wanted));
  if (condition.exists !== undefined && condition.exists !== (value !== null && value !== '')) return false;
  if (condition.is !== undefined && !has(condition.is)) return false;
  if (condition.isNot !== undefined && has(condition.isNot)) return false;
  return condition.in === undefined || condition.in.some(has);
}

function same(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  return JSON.stringify(a) === JSON.stringify(b);
}
