/** Tells whether `dist` was built from the files that are there now. Runs at each start, so it only looks at sizes and times. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const stampFile = join(root, 'dist', '.fingerprint');

const SOURCES = [
  'src',
  'connectors',
  'prisma/schema.prisma',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
];
const SKIPPED = new Set(['generated', 'node_modules']);

function* files(path) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) return;
  if (!info.isDirectory()) {
    yield `${path} ${String(info.size)} ${String(info.mtimeMs)}`;
    return;
  }
  for (const entry of readdirSync(path).sort()) {
    if (!SKIPPED.has(entry) && !entry.endsWith('.spec.ts') && !entry.endsWith('.md'))
      yield* files(join(path, entry));
  }
}

/** A digest of all sources; changes when one is added, changed or removed. */
export function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) for (const line of files(join(root, source))) hash.update(line).update('\n');
  return hash.digest('hex');
}

/** False only when there are sources that `dist` was not built from. */
export function isFresh() {
  // An installed copy or an image has no sources: what it carries is what it runs.
  if (!existsSync(join(root, 'src'))) return true;
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint();
}
