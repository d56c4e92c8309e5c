/** Every case by the name it is asked for with. */
import type { Case } from '../bench.js';
import { firstPulls } from './first-pulls.js';
import { syncs } from './syncs.js';

export const CASES = {
  'first-pull': firstPulls,
  sync: syncs,
} as const satisfies Readonly<Record<string, Case>>;

export type CaseName = keyof typeof CASES;
