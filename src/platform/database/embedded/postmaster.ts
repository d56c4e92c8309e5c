import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a server says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

const POLL_MS = 15;

/** The server that says it runs on this cluster; undefined when the file is not there or not yet whole. */
export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  let text: string;
  try {
    text = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  // Lines: pid, folder, start, port, socket folder, address, shared memory, state.
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7] === 'ready' };
}

/**
 * Whether process `pid` is a server of this cluster. A process id alone proves nothing: after a crash or in a new
 * container another program may have it, and a dead server whose parent does not collect it still has one.
 */
export function isServerOf(cluster: string, pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    // EPERM: somebody else's process. Root gets no EPERM, and an ordinary user's server is that user's own.
    return false;
  }
  if (process.platform !== 'linux') {
    try {
      return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).includes(
        'postgres',
      );
    } catch {
      return false;
    }
  }
  try {
    // A server's working folder is its cluster; a dead, uncollected one has none.
    return readlinkSync(`/proc/${String(pid)}/cwd`) === realpathSync(cluster);
  } catch {
    return readFileOrEmpty(`/proc/${String(pid)}/cmdline`).includes('postgres');
  }
}

function readFileOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Waits until the server is gone; false when it is still there after `timeoutMs`. */
export async function waitUntilGone(cluster: string, pid: number, timeoutMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + timeoutMs;
  while (performance.now() < giveUpAt) {
    if (!isServerOf(cluster, pid)) return true;
    await sleep(POLL_MS);
  }
  return false;
}
