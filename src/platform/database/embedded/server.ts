import { closeSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logTail, openLog, spawnOn, type Cluster } from './cluster.js';
import { EmbeddedDatabaseError } from './errors.js';
import { isServerOf, readPostmaster, waitUntilGone, type Postmaster } from './postmaster.js';

const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 30_000;
const POLL_MS = 15;
const START_ATTEMPTS = 4;

/** Settings of a server that shares its machine with the hub. What is not here is PostgreSQL's default. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  // Short statements: compiling them, or sharing one among processes, costs more than it saves.
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] ',
};

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no free port.');
  return address.port;
}

/** Starts the server on one port; undefined when it ended instead. */
async function tryStart(
  cluster: Cluster,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<Postmaster | undefined> {
  const log = openLog(cluster.home);
  const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawnOn(cluster, 'postgres', ['-p', String(port), ...flags], ['ignore', log, log]);
  closeSync(log);
  let ended = false;
  const failure = new Promise<never>((_, reject) => child.once('error', reject));
  child.once('exit', () => {
    ended = true;
  });
  // It outlives this process when others use it, so it must not keep this one from ending.
  child.unref();
  const ready = async (): Promise<Postmaster | undefined> => {
    const giveUpAt = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < giveUpAt) {
      if (ended) return undefined;
      const postmaster = await readPostmaster(cluster.folder);
      if (postmaster?.pid === child.pid && postmaster?.ready === true) return postmaster;
      await sleep(POLL_MS);
    }
    throw new EmbeddedDatabaseError({
      message: `The database in ${cluster.home} did not start in ${String(START_TIMEOUT_MS / 1000)} s.`,
      remedy: 'It may still be recovering after a crash: see postgres.log there, and try again.',
    });
  };
  return await Promise.race([ready(), failure]);
}

/** Adopts the server that runs on the cluster, whoever started it; undefined when there is none. */
async function adopt(cluster: Cluster): Promise<Postmaster | undefined> {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < giveUpAt) {
    const postmaster = await readPostmaster(cluster.folder);
    if (postmaster === undefined) return undefined;
    if (!isServerOf(cluster.folder, postmaster.pid)) {
      // Left behind by a crash of the machine or a kill -9 of the server. PostgreSQL itself would refuse to start if
      // another program has that process id by now.
      rmSync(join(cluster.folder, 'postmaster.pid'), { force: true });
      return undefined;
    }
    if (postmaster.ready) return postmaster;
    await sleep(POLL_MS);
  }
  throw new EmbeddedDatabaseError({
    message: `The database in ${cluster.home} neither becomes ready nor ends.`,
    remedy: 'See postgres.log there; end its process if it hangs.',
  });
}

export interface StartOptions {
  /** Taken if it is free: after a restart, those who knew the server find it again. */
  readonly port?: number | undefined;
  /** On top of the hub's own; for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The cluster's server: the running one, or a new one. To be called under the folder's lock. */
export async function ensureRunning(cluster: Cluster, options: StartOptions = {}): Promise<Postmaster> {
  const running = await adopt(cluster);
  if (running !== undefined) return running;
  let port = options.port;
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const started = await tryStart(cluster, port ?? (await freePort()), options.settings ?? {});
    if (started !== undefined) return started;
    // The port was taken in between, or the last server's children have not all ended yet.
    port = undefined;
    await sleep(200 * attempt);
  }
  throw new EmbeddedDatabaseError({
    message: `The database in ${cluster.home} does not start:\n${logTail(cluster.home)}\n`,
    remedy: 'See postgres.log there, or set DATABASE_URL to a PostgreSQL server.',
  });
}

/** Stops the server as `pg_ctl stop -m fast` does: open transactions are rolled back, everything is on disk after. */
export async function stopServer(folder: string): Promise<void> {
  const postmaster = await readPostmaster(folder);
  if (postmaster === undefined || !isServerOf(folder, postmaster.pid)) return;
  process.kill(postmaster.pid, 'SIGINT');
  if (await waitUntilGone(folder, postmaster.pid, STOP_TIMEOUT_MS)) return;
  process.kill(postmaster.pid, 'SIGQUIT');
  await waitUntilGone(folder, postmaster.pid, STOP_TIMEOUT_MS);
}
