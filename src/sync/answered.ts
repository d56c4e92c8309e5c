import type { PushOutcome } from '../sdk/index.js';
import type { Settled } from './push-outcomes.js';
import type { PlannedPush } from './push-plan.js';

/** One write of a batch with its answer, and what the answer means. */
export interface Answered {
  readonly push: PlannedPush;
  readonly outcome: PushOutcome;
  readonly settled: Settled;
}
