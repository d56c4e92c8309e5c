/** API calls a push takes: for the dry run, without retries and without faults. */
import { WRITE_BATCH } from './batch-write.js';
import { factsOf, PUSH_BATCH } from './objects.js';

/** For each push of new records and each kind of link: links are read, set, and read back. */
const LINK_CALLS = 3;

export function pushCost(
  object: string,
  operations: { readonly create: number; readonly update: number; readonly archive: number },
): number {
  const batches = (count: number): number => Math.ceil(count / WRITE_BATCH);
  const links = Math.ceil(operations.create / PUSH_BATCH) * LINK_CALLS * factsOf(object).links.length;
  // New records are read back.
  return batches(operations.create) * 2 + batches(operations.update) + batches(operations.archive) + links;
}
