import { setTimeout as wait } from 'node:timers/promises';
import type { Abstract } from '@nestjs/common';
import { openContext } from '../startup/application.js';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';

/** The hub's services for the length of a command. */
export interface Hub {
  get<T>(service: Abstract<T>): T;
  /** Aborts when the person stops the command, or its database is gone; the reason is the error to end with. */
  readonly signal: AbortSignal;
  /** Rejects with that reason as soon as the signal aborts. */
  pause(ms: number): Promise<void>;
}

/**
 * Brings the hub up, runs a command with it, and takes it down, whatever happens. With `work` its jobs run in this
 * process too: no server is needed.
 */
export async function withHub<T>(
  role: { readonly work: boolean },
  command: (hub: Hub) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const onSignal = (): void => {
    process.stderr.write('Stopping: what is at hand is finished first. Once more stops at once.\n');
    stop.abort(stopped());
  };
  // Once: whoever asks a second time is not made to wait.
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const app = await openContext({
      environment: process.env,
      logLevel: 'warn',
      onLost: () => {
        stop.abort(databaseGone());
      },
      role: { work: role.work, schedule: false },
    });
    try {
      stop.signal.throwIfAborted();
      return await command({
        get: (service) => app.get(service, { strict: false }),
        signal: stop.signal,
        pause: (ms) => pause(ms, stop.signal),
      });
    } finally {
      await app.close();
    }
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // An abort is told by its reason, which is ours, and not by the timer's own error.
  await wait(ms, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

function stopped(): CommandError {
  return new CommandError(
    EXIT.stopped,
    'Stopped.',
    'What was done is kept; `rapport serve` or the next `rapport sync --wait` goes on from there.',
  );
}

function databaseGone(): CommandError {
  return new CommandError(EXIT.failed, 'The hub’s database has ended.', 'Run the command again.');
}
