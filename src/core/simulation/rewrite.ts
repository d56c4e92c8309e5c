import type { JsonValue } from '../../sdk/index.js';
import { isList, STAGES } from './fields.js';

/** What a system keeps of a value; undefined when it refuses the value. */
export function rewrite(write: {
  readonly field: string;
  readonly value: JsonValue;
  readonly current: JsonValue;
  readonly byHub: boolean;
  readonly maxLength: number;
}): JsonValue | undefined {
  const { field, value, current, byHub, maxLength } = write;
  if (value === null || value === '') return null;
  if (isList(value)) return value.length === 0 ? null : value;
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (field === 'email') return /^[^@ ]+@[^@ ]+$/.test(text) ? text.toLowerCase() : undefined;
  if (field === 'lifecycleStage') return byHub && rank(text) < rank(current) ? current : text;
  // A person sees the refusal and writes something else; the hub must tell it.
  if (byHub && text.includes('!')) return maxLength < 20 ? undefined : text;
  return text.slice(0, maxLength);
}

function rank(stage: JsonValue): number {
  return (STAGES as readonly JsonValue[]).indexOf(stage);
}
