/** The process's surroundings: the user it runs as, its data folder, how the world reaches it. */
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ProcessSettings } from '../startup/settings.js';
import { failed, ok, warning, type Finding } from './finding.js';

export interface MachineFacts {
  /** Numeric id of the user; undefined where users have none (Windows). */
  readonly userId: number | undefined;
  /** Free bytes where the data folder is; undefined when it could not be told. */
  readonly freeBytes: number | undefined;
  readonly dataDir: string;
  readonly ownDatabase: boolean;
  readonly keyFromEnvironment: boolean;
  readonly publicUrl: string | undefined;
}

export async function machineFacts(settings: ProcessSettings): Promise<MachineFacts> {
  return {
    userId: process.getuid?.(),
    freeBytes: await freeBytes(settings.dataDir),
    dataDir: resolve(settings.dataDir),
    ownDatabase: settings.databaseUrl === undefined,
    keyFromEnvironment: settings.encryptionKey !== undefined,
    publicUrl: settings.publicUrl,
  };
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
  return [user(facts), ...disk(facts), key(facts), address(facts)];
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

function address({ publicUrl }: MachineFacts): Finding {
  if (publicUrl === undefined) {
    return warning(
      'public-url',
      'PUBLIC_URL is not set, so webhooks can only be verified if they are sent to the address the hub listens on.',
      'Set PUBLIC_URL to how the world reaches the hub, or leave it if no system sends webhooks.',
    );
  }
  return publicUrl.startsWith('https:')
    ? ok('public-url', publicUrl)
    : warning(
        'public-url',
        `${publicUrl} is not encrypted.`,
        'Put a proxy with TLS before the hub, and set PUBLIC_URL to its https address.',
      );
}
