import type { JsonValue } from '../../sdk/index.js';
import { fieldKey, type FieldStates } from '../claims/index.js';
import type { PlanInput } from './plan.js';

/**
 * Whether an amount would come to stand in a record in another currency than it is meant in: 1,000 yen must never become
 * 1,000 euros. It waits until the record's currency is the golden one, or is written with it.
 *
 * @param fields what the record holds; undefined for a new one
 */
export function lacksItsCurrency(
  input: PlanInput,
  values: Readonly<Record<string, JsonValue>>,
  fields: FieldStates | undefined,
): boolean {
  const wanted = fieldKey(input.entity, 'currency', input.golden['currency'] ?? null);
  if (input.entity !== 'deal' || !('amount' in values) || wanted === null || 'currency' in values)
    return false;
  // A system whose currency is not mapped is taken to mean the same one.
  if (!input.mapping.some((line) => line.field === 'currency')) return false;
  const held = fields?.['currency']?.held ?? null;
  return fieldKey(input.entity, 'currency', held) !== wanted;
}
