/** Runs over all items, so many at once; results in their order. The first failure is thrown when all at work end. */
export async function inParallel<T, R>(
  limit: number,
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await run(item);
  };
  const settled = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker));
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
  return results;
}
