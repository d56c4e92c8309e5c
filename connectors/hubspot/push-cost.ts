/** API calls a push takes: for the dry run, without retries and without faults. */
import { WRITE_BATCH } from './batch-write.js';

export function pushCost(
  object: string,
  operations: { readonly create: number; readonly update: number; readonly archive: number },
): number {
  const batches = (count: number): number => Math.ceil(count / WRITE_BATCH);
  // Contacts' companies are read, set and taken away in calls of 1,000 and 2,000.
  const links = object === 'contact' ? Math.ceil((operations.create + operations.update) / 1000) * 3 : 0;
  // New records are read back.
  return batches(operations.create) * 2 + batches(operations.update) + batches(operations.archive) + links;
}
