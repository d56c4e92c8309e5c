import type { RuleName } from '../core/survivorship/index.js';
import type { JsonValue } from '../sdk/index.js';
import type { PlannedPush } from './push-plan.js';

/** One write that would be made, and why. */
export interface SampleWrite {
  readonly operation: 'create' | 'update' | 'archive';
  readonly externalId: string | null;
  readonly title: string;
  readonly goldenId: string;
  readonly fields: readonly {
    readonly field: string;
    readonly from: JsonValue;
    readonly to: JsonValue;
    /** The rule that decided, and the connection whose word won; null where nobody says anything any more. */
    readonly rule: RuleName | null;
    readonly winner: string | null;
  }[];
}

/** Shown of each kind of write to an object. */
export const SAMPLES = 5;

export function sampleOf(push: PlannedPush): SampleWrite {
  return {
    operation: push.operation.kind,
    externalId: push.record?.externalId ?? null,
    title: push.golden.title,
    goldenId: push.golden.id,
    fields: Object.entries(push.plan.values).map(([field, to]) => {
      const decided = push.golden.provenance[field];
      return {
        field,
        from: push.record?.fields[field]?.held ?? null,
        to,
        rule: decided?.rule ?? null,
        winner: decided?.connection ?? null,
      };
    }),
  };
}
