/** The process's surroundings: the user it runs as, its data folder, its secrets, how the world reaches it. */
import { stat, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ProcessSettings } from '../startup/settings.js';
import { failed, ok, warning, type Finding } from './finding.js';
import { askAddress, judgeAddress, type AddressAnswer } from './public-address.js';

export interface MachineFacts {
  /** Numeric id of the user; undefined where users have none (Windows). */
  readonly userId: number | undefined;
  /** Free bytes where the data folder is; undefined when it could not be told. */
  readonly freeBytes: number | undefined;
  readonly dataDir: string;
  readonly ownDatabase: boolean;
  readonly keyFromEnvironment: boolean;
  /** A file of secrets in the folder at hand that other users of the machine may read. */
  readonly exposed: string | undefined;
  readonly publicUrl: string | undefined;
  /** What was heard there; undefined where no address is set. */
  readonly answer: AddressAnswer | undefined;
}

/** @param folder where the process was started */
export async function machineFacts(settings: ProcessSettings, folder: string): Promise<MachineFacts> {
  const { publicUrl } = settings;
  return {
    userId: process.getuid?.(),
    freeBytes: await freeBytes(settings.dataDir),
    dataDir: resolve(settings.dataDir),
    ownDatabase: settings.databaseUrl === undefined,
    keyFromEnvironment: settings.encryptionKey !== undefined,
    exposed: await exposedFile(resolve(folder, '.env')),
    publicUrl,
    answer: publicUrl === undefined ? undefined : await askAddress(publicUrl),
  };
}

const OTHERS_MAY_READ = 0o004;

/** The file if it is there and every user may read it. */
async function exposedFile(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    return process.platform !== 'win32' && (mode & OTHERS_MAY_READ) !== 0 ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The folder may not be there yet, or not for this user; the other findings stand without it. */
async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

const GIB = 1024 ** 3;
const FULL_BELOW = 0.5 * GIB;
const SMALL_BELOW = 5 * GIB;

export function judgeMachine(facts: MachineFacts): readonly Finding[] {
  return [
    user(facts),
    ...disk(facts),
    key(facts),
    ...secrets(facts),
    judgeAddress(facts.publicUrl, facts.answer),
  ];
}

function user({ userId }: MachineFacts): Finding {
  return userId === 0
    ? warning(
        'user',
        'This command runs as root.',
        'Run `rapport serve` and `rapport worker` as a user of their own, without rights beyond the data folder: docs/operations.md, "As a service".',
      )
    : ok('user', 'runs as an unprivileged user');
}

function disk({ freeBytes: free, ownDatabase, dataDir }: MachineFacts): readonly Finding[] {
  if (free === undefined) return [];
  const left = `${(free / GIB).toFixed(1)} GiB are free at ${dataDir}`;
  const needed = ownDatabase ? SMALL_BELOW : FULL_BELOW;
  if (free < FULL_BELOW)
    return [failed('disk', `${left}.`, 'Free space there: a full disk stops the database.')];
  if (free < needed)
    return [warning('disk', `${left}.`, 'Free space there, or give the folder a larger disk.')];
  return [ok('disk', left)];
}

function key({ keyFromEnvironment, dataDir }: MachineFacts): Finding {
  return keyFromEnvironment
    ? ok('key', 'credentials are sealed with RAPPORT_ENCRYPTION_KEY')
    : ok('key', `credentials are sealed with the key file in ${dataDir}: back it up apart from the database`);
}

function secrets({ exposed }: MachineFacts): readonly Finding[] {
  if (exposed === undefined) return [];
  const message = `Every user of this machine may read ${exposed}, which is where secrets stand.`;
  return [warning('secrets', message, `Run \`chmod 600 ${exposed}\`.`)];
}
