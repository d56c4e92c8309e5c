import type { JsonValue } from '../../sdk/index.js';
import { fieldKey, linksIn } from '../claims/index.js';
import { comparisonKey } from '../normalise/index.js';
import { digest } from './digest.js';
import type { PlanInput } from './plan.js';

export interface LinksWanted {
  /** The list that the record is to hold; undefined when nothing is to be written. */
  readonly write?: { readonly value: readonly JsonValue[]; readonly mark: string };
  /** Some of those that are to be linked have no record in this system yet. */
  readonly waiting: boolean;
}

/**
 * The links a record is to hold: what it holds, without those that somebody took out, and with those it lacks. Links to
 * what the hub does not know are left alone.
 */
export function linksWanted(
  input: PlanInput,
  field: string,
  now: { readonly held: JsonValue; readonly sent: string | undefined },
): LinksWanted {
  const golden = Array.isArray(input.golden[field]) ? (input.golden[field] as readonly JsonValue[]) : [];
  const held = linksIn(now.held);
  const keysOf = (id: string): string[] =>
    input.recordsOf(id).flatMap((ref) => comparisonKey('reference', { ref: { ...ref.ref } }) ?? []);
  const gone = new Set((input.removed?.[field] ?? []).flatMap(keysOf));
  const kept = [...held].filter(([key]) => !gone.has(key)).map(([, ref]) => ref);
  let waiting = false;
  const added = golden.flatMap((id): JsonValue[] => {
    const [first, ...others] = typeof id === 'string' ? input.recordsOf(id) : [];
    if (first === undefined) {
      waiting = true;
      return [];
    }
    const keys = [first, ...others].map((one) => comparisonKey('reference', { ref: { ...one.ref } }));
    return keys.some((key) => key !== null && held.has(key)) ? [] : [{ ref: { ...first.ref } }];
  });
  const value = [...kept, ...added];
  const mark = digest(fieldKey(input.entity, field, value));
  const same = added.length === 0 && kept.length === held.size;
  // What was written and did not stay is not written again.
  if (same || now.sent === mark || input.refused.get(field) === mark) return { waiting };
  return { write: { value, mark }, waiting };
}
