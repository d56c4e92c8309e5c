import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { migrationNames } from './database/migrations/folder.js';
import { packageRoot } from './package-root.js';

const MANIFEST = z.object({ version: z.string() });

/** What runs here: the package's version and the schema it needs, such as `0.1.0, schema 20261122191443`. */
export function ownRelease(): string {
  const root = packageRoot();
  const { version } = MANIFEST.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const newest = migrationNames(join(root, 'prisma', 'migrations')).at(-1) ?? '';
  return `${version}, schema ${newest.split('_')[0] ?? ''}`;
}
