import { AsyncLocalStorage } from 'node:async_hooks';

/** What the work at hand belongs to; stands in every log line written meanwhile. Ids and names only. */
export interface RunContext {
  readonly runId?: string;
  readonly connection?: string;
  readonly jobId?: string;
  readonly requestId?: string;
}

const storage = new AsyncLocalStorage<RunContext>();

/** Runs `work` with more context than there is already. */
export function withContext<T>(context: RunContext, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

export function currentContext(): RunContext {
  return storage.getStore() ?? {};
}
