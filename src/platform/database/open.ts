import { migrateJobs } from '../jobs/migrate.js';
import { Database } from './database.js';
import { joinEmbeddedPostgres, type EmbeddedPostgres } from './embedded.js';
import { migrate } from './migrate.js';
import { checkReach } from './reach.js';

export interface OpenOptions {
  /** A PostgreSQL server; without it the hub uses its own in `dataDir`. */
  readonly url?: string | undefined;
  readonly dataDir: string;
  /** Connections kept at most by this process. */
  readonly connections?: number | undefined;
  readonly onConnectionError?: (error: Error) => void;
  /** Told when the hub's own server is gone for good: the process cannot go on. */
  readonly onLost?: (error: unknown) => void;
}

export interface OpenDatabase {
  readonly database: Database;
  /** Names of the migrations applied just now. */
  readonly migrated: readonly string[];
  /** Closes the connections, then leaves the hub's own server if that is the one. */
  close(): Promise<void>;
}

/**
 * The database with this release's schema, wherever it is.
 *
 * @throws EmbeddedDatabaseError, DatabaseUnavailableError, MigrationError: each says what to do
 */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  let own: EmbeddedPostgres | undefined;
  if (options.url === undefined) {
    own = await joinEmbeddedPostgres(
      options.dataDir,
      options.onLost === undefined ? {} : { onLost: options.onLost },
    );
  }
  const database = new Database({
    url: options.url ?? own?.url ?? '',
    ...(options.connections !== undefined && { connections: options.connections }),
    ...(options.onConnectionError !== undefined && { onConnectionError: options.onConnectionError }),
  });
  const close = async (): Promise<void> => {
    await database.close();
    await own?.leave();
  };
  try {
    if (options.url !== undefined) await checkReach(database.pool, options.url);
    const migrated = await migrate(database.pool);
    await migrateJobs(database.pool);
    return { database, migrated, close };
  } catch (error) {
    await close();
    throw error;
  }
}
