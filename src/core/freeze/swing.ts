import type { Entity, JsonValue } from '../../sdk/index.js';
import { fieldKey } from '../claims/index.js';

/** One time a golden value became another one. */
export interface Turn {
  /** ms, hub's clock. */
  readonly at: number;
  readonly from: JsonValue;
  readonly to: JsonValue;
  /** Connection whose word won. */
  readonly by: string;
}

/** So often a value comes back before its field is frozen. */
export const SWINGS = 3;
/** Only what happens within so long, ms, is two systems at each other's throat. */
export const WINDOW_MS = 24 * 3_600_000;

/**
 * How often in a row, to the last turn, a field swung: returned to the value it had before the turn before, by another
 * connection than that one. Turns that are older than the window, and words of people in the hub (`hub`), begin anew. Pure.
 *
 * @param turns of one field, oldest first
 */
export function countSwings(
  { entity, field, hub }: { readonly entity: Entity; readonly field: string; readonly hub: string },
  turns: readonly Turn[],
  now: number,
): number {
  const recent = turns.filter(({ at }) => at > now - WINDOW_MS);
  let swings = 0;
  for (const [index, turn] of recent.entries()) {
    const before = recent[index - 1];
    const isBack =
      before !== undefined &&
      before.by !== turn.by &&
      before.by !== hub &&
      turn.by !== hub &&
      fieldKey(entity, field, turn.to) === fieldKey(entity, field, before.from);
    swings = isBack ? swings + 1 : 0;
  }
  return swings;
}
