import type { FieldState, FieldStates } from './state.js';
import { observe, type Observation, type ObserveOptions, type Observed } from './observe.js';
import { beginSending, cancelSending } from './sending.js';

/**
 * What is remembered of a record seen again while the answer to a write is not known: a value of that write that
 * stands there by now is the hub's own and no edit. The write itself is remembered elsewhere, with its intent.
 */
export function observeDuring(
  before: FieldStates,
  write: Parameters<typeof beginSending>[1],
  seen: Observation,
  options: ObserveOptions,
): Observed {
  const during = observe(beginSending(before, write), seen, options);
  const settled = cancelSending(during.fields, Object.keys(write.values));
  const fields: FieldStates = Object.fromEntries(
    Object.entries(settled).flatMap(([field, state]): [string, FieldState][] => {
      const known = before[field];
      if (known === undefined) return field in seen.fields ? [[field, state]] : [];
      return [[field, JSON.stringify(known) === JSON.stringify(state) ? known : state]];
    }),
  );
  const changed = Object.keys(fields).some((field) => fields[field] !== before[field]);
  return { fields, edited: during.edited, changed };
}
