/** The folder of one jest run: holds the PostgreSQL server that its files share, and goes when the run ends. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PREFIX = 'rapport-test-';

export function makeHome() {
  return mkdtempSync(join(tmpdir(), `${PREFIX}${String(process.pid)}-`));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Ends the run's server without ceremony (its data is thrown away), then removes the folder. */
export async function removeHome(home) {
  const pidFile = join(home, 'postgres', 'postmaster.pid');
  if (existsSync(pidFile)) {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    if (pid > 0 && isAlive(pid)) {
      process.kill(pid, 'SIGQUIT');
      for (let waited = 0; waited < 10_000 && existsSync(pidFile); waited += 20) await sleep(20);
    }
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Clears up after runs that were killed. */
export async function removeOrphans() {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const owner = Number.parseInt(name.slice(PREFIX.length), 10);
    if (isAlive(owner)) continue;
    try {
      await removeHome(join(tmpdir(), name));
    } catch {
      // Another user's, or another run is clearing it up just now.
    }
  }
}
