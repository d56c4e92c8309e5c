import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../context.js';

/** A clock a test holds in its hand: it moves only when told, or when somebody sleeps. */
export interface TestClock extends Clock {
  /** Moves on by `ms`. */
  advance(ms: number): void;
  /** Each `sleep` asked for so far, in ms. */
  readonly sleeps: readonly number[];
}

/** `sleep` resolves at once and moves the time on by what was asked; waiting costs a test nothing. */
export function createTestClock(
  options: { readonly now?: number; readonly signal?: AbortSignal } = {},
): TestClock {
  let now = options.now ?? Date.now();
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms) => {
      options.signal?.throwIfAborted();
      sleeps.push(ms);
      now += Math.max(0, ms);
      await Promise.resolve();
    },
  };
}

/** The real time, for tests against a server that keeps time itself. `sleep` rejects when the signal aborts. */
export function createRealClock(signal?: AbortSignal): Clock {
  return {
    now: () => Date.now(),
    sleep: async (ms) => {
      await wait(Math.max(0, ms), undefined, signal === undefined ? {} : { signal });
    },
  };
}
