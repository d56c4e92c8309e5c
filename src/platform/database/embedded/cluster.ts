import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../error-code.js';
import { serverAccount, type ServerAccount } from './account.js';
import { findBinaries, type Binaries } from './binaries.js';
import { EmbeddedDatabaseError } from './errors.js';

/** Name of the cluster's owner, the only user there is. */
export const SERVER_USER = 'rapport';
const MAJOR_VERSION = '18';
const MAX_LOG_BYTES = 10_000_000;

/** One cluster in the hub's data folder, and how to run programs on it. */
export interface Cluster {
  /** The hub's data folder. */
  readonly home: string;
  /** PostgreSQL's own folder below it. */
  readonly folder: string;
  readonly password: string;
  readonly binaries: Binaries;
  readonly account: ServerAccount | undefined;
}

/**
 * How the server's programs are told their folder. Root's server runs as another user, who may not be allowed to enter
 * the folders above (a data folder below /root, say). Linux lets it use the folder all the same when it is handed over
 * as the working folder and named by way of /proc, which needs no right on anything above.
 */
function folderArgument(cluster: Cluster): string {
  return cluster.account !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : cluster.folder;
}

/** Runs one of the server's programs on the cluster, detached, so that a terminal's Ctrl-C does not reach it. */
export function spawnOn(
  cluster: Cluster,
  program: keyof Binaries,
  args: readonly string[],
  stdio: readonly ('ignore' | number)[],
): ReturnType<typeof spawn> {
  const folder = folderArgument(cluster);
  return spawn(cluster.binaries[program], ['-D', folder, ...args], {
    cwd: cluster.folder,
    detached: true,
    stdio: [...stdio],
    // Messages are read by programs: no translations.
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    ...cluster.account,
  });
}

/** The server's log, opened for appending; a long one is put aside first. */
export function openLog(home: string): number {
  const path = join(home, 'postgres.log');
  if (existsSync(path) && statSync(path).size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

/** The log's last lines, for an error that has to say why. */
export function logTail(home: string): string {
  try {
    return readFileSync(join(home, 'postgres.log'), 'utf8').trimEnd().split('\n').slice(-8).join('\n');
  } catch {
    return '';
  }
}

function readOrMakePassword(home: string, hasCluster: boolean): string {
  const path = join(home, 'postgres.password');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  if (hasCluster) {
    throw new EmbeddedDatabaseError({
      message: `${path} is missing, but there is a database that needs it.`,
      remedy: 'Restore the file from a backup of the data folder.',
    });
  }
  const password = randomBytes(24).toString('base64url');
  writeFileSync(path, password, { mode: 0o600, flag: 'wx' });
  return password;
}

async function initialise(cluster: Cluster): Promise<void> {
  // Made aside and renamed when whole: a crash in the middle leaves nothing that looks like a database.
  for (const entry of readdirSync(cluster.home)) {
    if (entry.startsWith('postgres.new-'))
      rmSync(join(cluster.home, entry), { recursive: true, force: true });
  }
  const draft = join(cluster.home, `postgres.new-${randomBytes(4).toString('hex')}`);
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = `${draft}.password`;
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if (cluster.account !== undefined) {
    chownSync(draft, cluster.account.uid, cluster.account.gid);
    chownSync(passwordFile, cluster.account.uid, cluster.account.gid);
  }
  const log = openLog(cluster.home);
  const password = openSync(passwordFile, 'r');
  try {
    const viaDescriptor = cluster.account !== undefined && process.platform === 'linux';
    const args = [
      `--pwfile=${viaDescriptor ? '/proc/self/fd/3' : passwordFile}`,
      `--username=${SERVER_USER}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Sorting and letter case by PostgreSQL's own tables: the same on every machine and after every upgrade of it.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ];
    const child = spawnOn({ ...cluster, folder: draft }, 'initdb', args, ['ignore', log, log, password]);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('exit', resolve);
      child.once('error', reject);
    });
    if (code !== 0) {
      throw new EmbeddedDatabaseError({
        message: `The database could not be set up in ${cluster.home}:\n${logTail(cluster.home)}\n`,
        remedy: 'See postgres.log there, or set DATABASE_URL to a PostgreSQL server.',
      });
    }
    renameSync(draft, cluster.folder);
  } finally {
    closeSync(log);
    closeSync(password);
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

function checkVersion(folder: string): void {
  const found = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (found === MAJOR_VERSION) return;
  throw new EmbeddedDatabaseError({
    message: `${folder} was made by PostgreSQL ${found}; this release of Rapport brings PostgreSQL ${MAJOR_VERSION}.`,
    remedy:
      'Dump it with the release that made it and load it with this one; see docs/operations.md, "Upgrades".',
  });
}

/** The cluster in the hub's data folder, made if there is none. To be called under the folder's lock. */
export async function openCluster(home: string): Promise<Cluster> {
  const folder = join(home, 'postgres');
  try {
    const hasCluster = existsSync(join(folder, 'PG_VERSION'));
    const account = serverAccount();
    const password = readOrMakePassword(home, hasCluster);
    const cluster: Cluster = { home, folder, password, binaries: findBinaries(account), account };
    if (!hasCluster) await initialise(cluster);
    checkVersion(folder);
    return cluster;
  } catch (error) {
    throw explained(home, error);
  }
}

/** What SQLite, whose file is the lock of the folder, makes of EROFS and of EACCES: https://www.sqlite.org/rescode.html */
const SQLITE_REFUSALS = [8, 14];

function refusalOf(error: unknown): string | undefined {
  const isLock = typeof error === 'object' && error !== null && 'errcode' in error;
  return isLock && SQLITE_REFUSALS.includes(Number(error.errcode)) ? 'EACCES' : errorCode(error);
}

/** Turns a refusal of the file system into words; leaves other errors as they are. */
export function explained(home: string, error: unknown): unknown {
  const code = refusalOf(error);
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS' && code !== 'ENOSPC') return error;
  const message =
    code === 'ENOSPC'
      ? `There is no space left for the database in ${home}.`
      : `The data folder ${home} cannot be used by this user (${code}).`;
  const remedy =
    code === 'ENOSPC'
      ? 'Make space, or set RAPPORT_DATA_DIR to a folder elsewhere.'
      : 'Start Rapport as the user that made the folder, or set RAPPORT_DATA_DIR to one of your own.';
  return new EmbeddedDatabaseError({ message, remedy, cause: error });
}
