/**
 * The items of a source, which goes on reading while those it has brought are worked on: each time all that wait. An
 * error of the source comes in its place, after all items before it.
 *
 * @param hasRoom whether another item may be read while those given wait
 */
export async function* readAhead<T>(
  source: AsyncIterable<T>,
  hasRoom: (waiting: readonly T[]) => boolean,
): AsyncGenerator<readonly T[]> {
  const iterator: AsyncIterator<T, unknown> = source[Symbol.asyncIterator]();
  let waiting: T[] = [];
  let stopped = false;
  let ended: { readonly error?: unknown } | undefined;
  let changed = Promise.withResolvers<undefined>();
  const tell = (): void => {
    changed.resolve(undefined);
    changed = Promise.withResolvers();
  };
  const read = async (): Promise<void> => {
    while (!stopped) {
      if (!hasRoom(waiting)) {
        await changed.promise;
        continue;
      }
      const result = await iterator.next();
      if (result.done === true) return;
      waiting.push(result.value);
      tell();
    }
  };
  const reading = read()
    .then(
      () => {
        ended = {};
      },
      (error: unknown) => {
        ended = { error };
      },
    )
    .finally(tell);
  try {
    for (;;) {
      if (waiting.length > 0) {
        const items = waiting;
        waiting = [];
        tell();
        yield items;
      } else if (ended !== undefined) {
        if ('error' in ended) throw ended.error;
        return;
      } else {
        await changed.promise;
      }
    }
  } finally {
    stopped = true;
    tell();
    await reading;
    await iterator.return?.();
  }
}
