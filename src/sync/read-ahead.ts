/**
 * The items of a source, with the next one already being fetched while the present one is worked on. An error of the
 * source comes in its place, after all items before it.
 */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator: AsyncIterator<T, unknown> = source[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const result = await next;
      if (result.done === true) return;
      next = iterator.next();
      // Its failure is seen when it is awaited; until then nobody listens.
      next.catch(() => undefined);
      yield result.value;
    }
  } finally {
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}
