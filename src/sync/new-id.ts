import { randomFillSync, randomInt } from 'node:crypto';
import { v7 } from 'uuid';

const BYTES = 16;
const POOL = new Uint8Array(BYTES * 512);
let used = POOL.length;
let lastMs = 0;
let sequence = randomInt(2 ** 31);

/**
 * An id for a new row, greater than those that this process made before. Randomness is asked for in bulk: each time costs
 * a system call.
 */
export function newId(): string {
  if (used === POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  used += BYTES;
  lastMs = Math.max(lastMs, Date.now());
  sequence = (sequence + 1) % 2 ** 32;
  return v7({ random: POOL.subarray(used - BYTES, used), msecs: lastMs, seq: sequence });
}
