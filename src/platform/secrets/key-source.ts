import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { errorCode } from '../error-code.js';
import { SecretError } from './errors.js';
import { newKey, parseKeyRing, type KeyRing } from './key-ring.js';

const OTHERS_MAY_READ = 0o077;
const VARIABLE = 'RAPPORT_ENCRYPTION_KEY';

/** Where the keys are kept. */
export interface KeySource {
  /** Reads them anew: a rotation by another process may have added one. */
  read(): KeyRing;
  /** Puts a new key before the others; not there where the keys are given by the environment. */
  addKey?(): KeyRing;
  /** Keeps only the current key; to be called when nothing is sealed with the others any more. */
  forgetOldKeys?(): void;
}

/** Keys from the environment: the same on every machine, for a hub of several. */
export function keysFromText(text: string): KeySource {
  return { read: () => parseKeyRing(text, VARIABLE) };
}

function readFile(path: string): KeyRing {
  const { mode } = statSync(path);
  if (process.platform !== 'win32' && (mode & OTHERS_MAY_READ) !== 0) {
    throw new SecretError({
      code: 'key-exposed',
      message: `Other users may read ${path}, which holds the encryption key.`,
      remedy: `Run \`chmod 600 ${path}\`, and rotate the key if anybody may have seen it.`,
    });
  }
  return parseKeyRing(textOf(path), path);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) !== 'EACCES') throw cause;
    throw new SecretError({
      code: 'key-unreadable',
      message: `This user may not read ${path}, which holds the encryption key.`,
      remedy: 'Run as the user who owns the data folder, or give it to this one: `chown -R USER FOLDER`.',
      cause,
    });
  }
}

function replace(path: string, keys: readonly string[]): void {
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${keys.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, path);
}

/** Makes the file whole or not at all; leaves one alone that another process has made meanwhile. */
function create(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${newKey()}\n`, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

/** Keys in a file of the data folder, made on first use and readable by its owner only. */
export function keysFromFile(dataDir: string): KeySource {
  const path = join(dataDir, 'encryption.key');
  const read = (): KeyRing => {
    try {
      return readFile(path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      create(path);
      return readFile(path);
    }
  };
  const write = (ring: KeyRing, ...added: readonly string[]): void => {
    replace(path, [...added, ...[...ring.byId.values()].map((key) => key.bytes.toString('base64'))]);
  };
  return {
    read,
    addKey: () => {
      write(read(), newKey());
      return read();
    },
    forgetOldKeys: () => {
      const { current } = read();
      write({ current, byId: new Map([[current.id, current]]) });
    },
  };
}
