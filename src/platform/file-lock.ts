import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const SQLITE_BUSY = 5;
const POLL_MS = 20;

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

/**
 * Runs `work` while no other process (and nobody else in this one) holds the lock on `path`.
 *
 * The lock is SQLite's on an empty database file, because the operating system takes it back when its holder dies,
 * `kill -9` included: there is no stale lock to judge. Throws when it stays taken for `timeoutMs`.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  options: { readonly timeoutMs?: number } = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 120_000;
  const giveUpAt = performance.now() + timeoutMs;
  const lock = new DatabaseSync(path);
  try {
    for (;;) {
      try {
        lock.exec('BEGIN EXCLUSIVE');
        break;
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (performance.now() > giveUpAt) {
          throw new Error(`Another process has held ${path} for more than ${String(timeoutMs / 1000)} s.`, {
            cause: error,
          });
        }
      }
      await sleep(POLL_MS);
    }
    return await work();
  } finally {
    // Closing gives the lock back.
    lock.close();
  }
}
