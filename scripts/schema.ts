/** Compares prisma/migrations with prisma/schema.prisma, on a throw-away PostgreSQL in memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { schemaEngine } from '../src/platform/database/migrations/engine.js';
import { readMigrations } from '../src/platform/database/migrations/folder.js';
import { packageRoot } from '../src/platform/package-root.js';

const NO_FILTER = { externalTables: [], externalEnums: [] };

export const migrationsFolder = join(packageRoot(), 'prisma', 'migrations');

/** SQL that the migrations lack to give the schema; undefined when they agree. */
export async function missingMigration(): Promise<string | undefined> {
  const path = join(packageRoot(), 'prisma', 'schema.prisma');
  const content = readFileSync(path, 'utf8');
  const memory = new PGlite();
  const engine = await schemaEngine(new PrismaPGlite(memory), [[path, content]]);
  try {
    const result = await engine.diff({
      from: { tag: 'migrations', ...readMigrations(migrationsFolder) },
      to: { tag: 'schemaDatamodel', files: [{ path, content }] },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    });
    return result.exitCode === 0 ? undefined : (result.stdout ?? '');
  } finally {
    engine.free();
    await memory.close();
  }
}
