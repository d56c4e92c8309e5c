/** Every case by the name it is asked for with. */
import type { Case } from '../bench.js';
import { firstPulls } from './first-pulls.js';
import { reads } from './reads.js';
import { syncs } from './syncs.js';
import { updates } from './updates.js';
import { webhooks } from './webhooks.js';
import { workers } from './workers.js';

export const CASES = {
  'first-pull': firstPulls,
  sync: syncs,
  webhook: webhooks,
  workers,
  updates,
  read: reads,
} as const satisfies Readonly<Record<string, Case>>;

export type CaseName = keyof typeof CASES;
