import { sendContextLogsTo } from '../connections/context-log.js';
import { openDatabase, type Database } from '../platform/database/index.js';
import { keysFromFile, keysFromText, Vault } from '../platform/secrets/index.js';
import { createLogger, type Logger, type LogLevel } from '../platform/telemetry/index.js';
import { ensureHubConnection } from './hub-connection.js';
import { settingsFrom, type ProcessSettings } from './settings.js';

/** What every process of the hub needs, up and running. */
export interface Startup {
  readonly settings: ProcessSettings;
  readonly logger: Logger;
  readonly database: Database;
  readonly vault: Vault;
  /** Names of the migrations applied just now. */
  readonly migrated: readonly string[];
  /** Takes everything down in reverse order. The last thing a process does. */
  close(): Promise<void>;
}

export interface StartUpOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Unless the environment says otherwise; `info` unless told. */
  readonly logLevel?: LogLevel;
  /** Told when the hub's own database is gone for good: the process cannot go on. */
  readonly onLost?: (error: unknown) => void;
}

/** For requests, timers and the commands of people, beside the jobs at hand. */
const SPARE_CONNECTIONS = 6;

/**
 * Brings up what every process needs: the database with this release's schema, the encryption key, the built-in
 * connection. Several processes may do so at once.
 *
 * @throws SettingsError, EmbeddedDatabaseError, MigrationError, or the driver's error when the database is not reached
 */
export async function startUp(options: StartUpOptions): Promise<Startup> {
  const settings = settingsFrom(options.environment);
  const logger = createLogger({ level: settings.logLevel ?? options.logLevel ?? 'info' });
  sendContextLogsTo(logger);
  const open = await openDatabase({
    url: settings.databaseUrl,
    dataDir: settings.dataDir,
    connections: settings.workers + SPARE_CONNECTIONS,
    onConnectionError: (error) => {
      logger.warn({ err: error }, 'a connection to the database broke; the pool makes a new one');
    },
    ...(options.onLost && { onLost: options.onLost }),
  });
  try {
    const { database, migrated } = open;
    if (migrated.length > 0) logger.info({ migrations: migrated }, 'the database was migrated');
    const keys =
      settings.encryptionKey === undefined
        ? keysFromFile(settings.dataDir)
        : keysFromText(settings.encryptionKey);
    const vault = new Vault(keys);
    await ensureHubConnection(database);
    return { settings, logger, database, vault, migrated, close: () => open.close() };
  } catch (error) {
    await open.close();
    throw error;
  }
}
