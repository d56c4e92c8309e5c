/**
 * Builds `dist` from `src` and `connectors`. Says nothing on stdout, so that a command which has to build first keeps
 * its output clean. `--if-needed` does nothing when `dist` is up to date; `--lenient` goes on with type errors, as
 * long as code was written, and names them on stderr.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fingerprint, isFresh, root, stampFile } from './fingerprint.mjs';
import { generate } from './generate.mjs';

const LOCK_WAIT_MS = 300_000;
const OUTPUTS = ['.d.ts', '.js.map', '.js'];

/** Removes what was built from a source that is gone: a deleted connector must not be found any more. */
function prune(folder) {
  const built = join(root, 'dist', folder);
  if (!existsSync(built)) return;
  for (const entry of readdirSync(built, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (existsSync(join(root, path))) prune(path);
      else rmSync(join(root, 'dist', path), { recursive: true, force: true });
      continue;
    }
    const suffix = OUTPUTS.find((candidate) => entry.name.endsWith(candidate));
    if (suffix === undefined) continue;
    if (!existsSync(join(root, `${path.slice(0, -suffix.length)}.ts`))) rmSync(join(root, 'dist', path));
  }
}

function build(lenient) {
  const before = fingerprint();
  if (!generate()) return false;
  prune('src');
  prune('connectors');
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const result = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
    cwd: root,
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    process.stderr.write(result.stdout + result.stderr);
    if (!lenient || !existsSync(join(root, 'dist', 'src'))) return false;
    process.stderr.write('Going on with what was built, in spite of the type errors above.\n');
  }
  writeFileSync(stampFile, before);
  return true;
}

const options = new Set(process.argv.slice(2));
mkdirSync(join(root, 'dist'), { recursive: true });
// Two commands started at once build once. SQLite's lock goes with its process, however that ends.
const lock = new DatabaseSync(join(root, 'dist', '.lock'), { timeout: LOCK_WAIT_MS });
lock.exec('BEGIN EXCLUSIVE');
try {
  if (!(options.has('--if-needed') && isFresh()) && !build(options.has('--lenient'))) process.exitCode = 1;
} finally {
  lock.exec('ROLLBACK');
  lock.close();
}
