/** Makes the Prisma client from prisma/schema.prisma unless it is there already. Downloads nothing. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schema = join(root, 'prisma', 'schema.prisma');
const stamp = join(root, 'src', 'platform', 'database', 'generated', '.schema-hash');

/** Path of the Prisma command line, or undefined where only production packages are installed. */
function prismaCli() {
  try {
    return createRequire(import.meta.url).resolve('prisma/build/index.js');
  } catch {
    return undefined;
  }
}

/** @returns {boolean} false when the client could not be made */
export function generate() {
  const cli = prismaCli();
  // An image with production packages only carries the built client.
  if (cli === undefined || !existsSync(schema)) return true;
  const version = createRequire(import.meta.url)('prisma/package.json').version;
  const hash = createHash('sha256').update(version).update(readFileSync(schema)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  const result = spawnSync(process.execPath, [cli, 'generate', '--schema', schema, '--no-hints'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      // The client needs no engine. Naming any existing file here keeps the command from fetching one.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    process.stderr.write('The Prisma client could not be made from prisma/schema.prisma; see above.\n');
    return false;
  }
  writeFileSync(stamp, hash);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !generate()) process.exitCode = 1;
