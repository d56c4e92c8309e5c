import type { Entity, JsonValue } from '../../sdk/index.js';
import { fieldOf } from '../model/fields.js';
import { comparisonKey } from '../normalise/index.js';
import type { FieldState, FieldStates, Sending } from './state.js';

/** Before a write is sent: what it will say, in canonical fields, and the digests of the golden values behind it. */
export function beginSending(
  before: FieldStates,
  write: {
    readonly values: Readonly<Record<string, JsonValue>>;
    readonly sent: Readonly<Record<string, string>>;
    /** ms, hub's clock. */
    readonly at: number;
  },
): FieldStates {
  const fields: Record<string, FieldState> = { ...before };
  for (const [field, value] of Object.entries(write.values)) {
    const mark = write.sent[field];
    if (mark !== undefined)
      fields[field] = { ...(before[field] ?? { held: null }), sending: { value, mark, at: write.at } };
  }
  return fields;
}

/** A write that is known not to have been applied: refused, or never sent. */
export function cancelSending(before: FieldStates, names: Iterable<string>): FieldStates {
  const fields: Record<string, FieldState> = { ...before };
  for (const field of names) {
    const state = before[field];
    if (state?.sending !== undefined) fields[field] = withoutSending(state);
  }
  return fields;
}

export function withoutSending(state: FieldState): FieldState {
  const { sending: _, ...rest } = state;
  return rest;
}

/**
 * Whether a value seen in the system is what was being written there, or what is left of it where the system cuts
 * values off.
 */
export function isWrittenValue(entity: Entity, field: string, sending: Sending, seen: JsonValue): boolean {
  const type = fieldOf(entity, field)?.type ?? 'any';
  const written = comparisonKey(type, sending.value);
  const found = comparisonKey(type, seen);
  if (written === found) return true;
  return (
    (type === 'text' || type === 'name') && written !== null && found !== null && written.startsWith(found)
  );
}
