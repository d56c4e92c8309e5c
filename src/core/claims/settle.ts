import type { JsonValue } from '../../sdk/index.js';
import type { FieldState, FieldStates } from './state.js';

/** What was pushed and how the system stored it, in canonical fields. */
export interface Settlement {
  /** Field → digest of the golden value that was sent. */
  readonly sent: Readonly<Record<string, string>>;
  /** Field → value as the system stored it. */
  readonly stored: Readonly<Record<string, JsonValue>>;
  /** ms from when the record was last seen, or written, to the answer of the push; undefined for one that it made. */
  readonly within?: number;
}

/**
 * A push changes what a record holds and what was sent there; never a claim. A value that changed along with those
 * written is no longer what was made of an earlier write.
 */
export function settle(before: FieldStates, push: Settlement): FieldStates {
  const fields: Record<string, FieldState> = { ...before };
  for (const [field, held] of Object.entries(push.stored)) {
    const claim = before[field]?.claim;
    const same = JSON.stringify(held) === JSON.stringify(before[field]?.held ?? null);
    const sent = push.sent[field] ?? (same ? before[field]?.sent : undefined);
    const over =
      push.within === undefined || push.sent[field] === undefined
        ? undefined
        : { value: before[field]?.held ?? null, within: push.within };
    fields[field] = {
      ...(claim && { claim }),
      held,
      ...(sent !== undefined && { sent }),
      ...(over && { over }),
    };
  }
  return fields;
}
