import { fieldKey, type FieldStates } from '../core/claims/index.js';
import type { ObjectSetup } from '../connections/active-connection.js';
import type { JsonValue } from '../sdk/index.js';
import type { PlannedPush } from './push-plan.js';

/**
 * Whether a record that was made holds what its golden record says, in every field that could be written to it: then
 * planning would find nothing to do there. What the system filled in elsewhere is nobody's claim.
 */
export function isAsSent({
  push,
  setup,
  sent,
  fields,
}: {
  readonly push: PlannedPush;
  readonly setup: ObjectSetup;
  readonly sent: Readonly<Record<string, JsonValue>>;
  /** As they are remembered now. */
  readonly fields: FieldStates;
}): boolean {
  const { plan, golden, nameless } = push;
  if (plan.waiting.length > 0 || nameless.length > 0) return false;
  const writable = setup.mapping.filter(({ direction }) => direction !== 'pull');
  return writable.every(({ field }) => {
    const held = fieldKey(setup.entity, field, fields[field]?.held ?? null);
    const wanted = field in sent ? sent[field] : golden.fields[field];
    return held === fieldKey(setup.entity, field, wanted ?? null);
  });
}
