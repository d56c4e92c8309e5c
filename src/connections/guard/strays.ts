/**
 * Errors that nobody waits for: a promise that a connector forgot, a timer of a library it uses. Known by whose call
 * they come from, they are a problem of that connection; any other one ends the process, as it does by itself.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface Owner {
  readonly connection: string;
  /** Where its connector comes from. */
  readonly source: string;
}

const owners = new AsyncLocalStorage<Owner>();

/** Everything that the work starts, however late it fails, is the owner's. */
export function onBehalfOf<T>(owner: Owner, work: () => T): T {
  return owners.run(owner, work);
}

/** Hears of strays until the function it answers with is called. */
export function watchStrays(onStray: (error: unknown, owner: Owner) => void): () => void {
  const hear = (error: unknown): void => {
    const owner = owners.getStore();
    if (owner === undefined) endBy(error);
    // What is done about it is not the connector's any more.
    else owners.exit(() => onStray(error, owner));
  };
  process.on('unhandledRejection', hear);
  process.on('uncaughtException', hear);
  return () => {
    process.off('unhandledRejection', hear);
    process.off('uncaughtException', hear);
  };
}

/** As Node does when nobody listens. */
function endBy(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
