import { setTimeout as wait } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import { openContext } from '../startup/application.js';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';

/** The hub's services for the length of a command. */
export interface Hub {
  get<T>(service: Type<T>): T;
  /** Aborts when the person stops the command. */
  readonly signal: AbortSignal;
  throwIfStopped(): void;
  pause(ms: number): Promise<void>;
}

/**
 * Brings the hub up, runs a command with it, and takes it down, whatever happens. With `work` its jobs run in this
 * process too: no server is needed.
 */
export async function withHub<T>(role: { readonly work: boolean }, command: (hub: Hub) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort();
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const app = await openContext({ environment: process.env, logLevel: 'warn', role: { work: role.work, schedule: false } });
  try {
    return await command({
      get: (service) => app.get(service, { strict: false }),
      signal: stop.signal,
      throwIfStopped: () => {
        if (!stop.signal.aborted) return;
        throw new CommandError(EXIT.failed, 'Stopped. What was done is kept; the next sync goes on from there.');
      },
      pause: (ms) => wait(ms),
    });
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await app.close();
  }
}
