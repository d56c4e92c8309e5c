import { join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { errorCode } from '../error-code.js';
import { packageRoot } from '../package-root.js';
import { LOCKS } from './locks.js';
import { schemaEngine } from './migrations/engine.js';
import { migrationNames, readMigrations } from './migrations/folder.js';

const UNDEFINED_TABLE = '42P01';
const NO_FILTER = { externalTables: [], externalEnums: [] };

/** The database cannot be brought to this release's schema. */
export class MigrationError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, cause?: unknown) {
    super(`${message} ${remedy}`, cause === undefined ? undefined : { cause });
    this.name = 'MigrationError';
    this.remedy = remedy;
  }
}

interface Applied {
  readonly name: string;
  readonly finished: boolean;
}

async function appliedMigrations(db: pg.Pool | pg.PoolClient): Promise<Applied[]> {
  try {
    const result = await db.query<Applied>(
      `SELECT migration_name AS name, finished_at IS NOT NULL AS finished
         FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
    );
    return result.rows;
  } catch (error) {
    if (errorCode(error) === UNDEFINED_TABLE) return [];
    throw error;
  }
}

/** What is left to do; throws when a person has to look. */
function pending(folder: string, applied: readonly Applied[]): string[] {
  const names = migrationNames(folder);
  const broken = applied.find((migration) => !migration.finished);
  if (broken !== undefined) {
    throw new MigrationError(
      `The database migration ${broken.name} was begun and did not finish.`,
      'Restore the backup made before the upgrade and start again; see docs/operations.md, "Upgrades".',
    );
  }
  const unknown = applied.find((migration) => !names.includes(migration.name));
  if (unknown !== undefined) {
    throw new MigrationError(
      `The database was already migrated by a newer release (${unknown.name}).`,
      'Start that release, or restore a backup made before its upgrade.',
    );
  }
  const done = new Set(applied.map((migration) => migration.name));
  return names.filter((name) => !done.has(name));
}

/**
 * Brings the database to this release's schema: applies what is new in prisma/migrations, one process at a time.
 * Costs one small query when there is nothing to do. Returns the names of the migrations applied.
 */
export async function migrate(pool: pg.Pool): Promise<readonly string[]> {
  const folder = join(packageRoot(), 'prisma', 'migrations');
  if (pending(folder, await appliedMigrations(pool)).length === 0) return [];
  const holder = await pool.connect();
  try {
    await holder.query('SELECT pg_advisory_lock($1)', [LOCKS.migrations]);
    const names = pending(folder, await appliedMigrations(holder));
    if (names.length === 0) return [];
    const engine = await schemaEngine(new PrismaPg(pool));
    try {
      const result = await engine.applyMigrations({
        migrationsList: readMigrations(folder),
        filters: NO_FILTER,
      });
      return result.appliedMigrationNames;
    } catch (cause) {
      throw new MigrationError(
        `The database could not be migrated (${names.join(', ')}).`,
        'Nothing of the hub runs until it is: see the cause, and docs/operations.md, "Upgrades".',
        cause,
      );
    } finally {
      engine.free();
    }
  } finally {
    // Ending the connection gives the lock back even if it is broken.
    holder.release(true);
  }
}
