/** API calls a push takes: for the dry run, without retries and without faults. */
import { WRITE_BATCH } from './batch-write.js';
import { PUSH_BATCH } from './objects.js';

/** For each push of new contacts: their companies are read, set, and read back. */
const LINK_CALLS = 3;

export function pushCost(
  object: string,
  operations: { readonly create: number; readonly update: number; readonly archive: number },
): number {
  const batches = (count: number): number => Math.ceil(count / WRITE_BATCH);
  const links = object === 'contact' ? Math.ceil(operations.create / PUSH_BATCH) * LINK_CALLS : 0;
  // New records are read back.
  return batches(operations.create) * 2 + batches(operations.update) + batches(operations.archive) + links;
}
