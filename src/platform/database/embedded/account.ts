import { execFileSync } from 'node:child_process';
import { EmbeddedDatabaseError } from './errors.js';

/** The operating system's user that the server runs as. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const NAME = 'postgres';

function lookUp(): ServerAccount | undefined {
  const id = (flag: string): number =>
    Number.parseInt(
      execFileSync('id', [flag, NAME], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
      10,
    );
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    // `id` fails when there is no such user.
    return undefined;
  }
}

function create(): void {
  const shell = '/usr/sbin/nologin';
  try {
    execFileSync('groupadd', ['--system', '--force', NAME], { stdio: 'pipe' });
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', shell, '--gid', NAME, NAME], {
      stdio: 'pipe',
    });
  } catch (cause) {
    throw new EmbeddedDatabaseError({
      message: `PostgreSQL refuses to run as root, and the user "${NAME}" could not be made for it.`,
      remedy: `Run Rapport as an ordinary user, make a user "${NAME}", or set DATABASE_URL.`,
      cause,
    });
  }
}

/**
 * PostgreSQL refuses to run as root, so a hub started by root runs it as `postgres`, and makes that user when there is
 * none. Undefined for everybody else: the server runs as who started the hub.
 */
export function serverAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const known = lookUp();
  if (known !== undefined) return known;
  create();
  const made = lookUp();
  if (made === undefined) throw new Error(`The user ${NAME} was made, but cannot be found.`);
  return made;
}
