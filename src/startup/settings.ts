import { z } from 'zod';
import { variableOf, type Environment } from '../platform/environment-file.js';
import { LOG_LEVELS, type LogLevel } from '../platform/telemetry/index.js';

/** Token of the {@link ProcessSettings} of this process. */
export const PROCESS_SETTINGS = Symbol('process settings');

/** What a process is told by its environment. `.env.example` lists every variable. */
export interface ProcessSettings {
  /** DATABASE_URL; without it the hub runs its own PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** RAPPORT_DATA_DIR: where the hub's own database and its key file live. */
  readonly dataDir: string;
  /** RAPPORT_ENCRYPTION_KEY; without it the key file in the data folder. */
  readonly encryptionKey: string | undefined;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** PUBLIC_URL: how the world reaches this hub, without a slash at its end. */
  readonly publicUrl: string | undefined;
  /** RAPPORT_WORKERS: jobs at once in this process; with 0, `serve` leaves them to `worker` processes. */
  readonly workers: number;
  readonly logLevel: LogLevel | undefined;
}

/** The environment says something that cannot be used. */
export class SettingsError extends Error {
  readonly remedy = 'Correct the environment; .env.example says what each variable takes.';

  constructor(problems: readonly string[]) {
    super(problems.join(' '));
    this.name = 'SettingsError';
  }
}

const schema = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, 'must start with postgresql://')
    .optional(),
  RAPPORT_DATA_DIR: z.string().default('.rapport'),
  RAPPORT_ENCRYPTION_KEY: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d+$/, 'must be a number')
    .transform(Number)
    .pipe(z.int().max(65_535))
    .default(3000),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  RAPPORT_WORKERS: z
    .string()
    .regex(/^\d+$/, 'must be a number')
    .transform(Number)
    .pipe(z.int().max(100))
    .default(8),
  RAPPORT_LOG_LEVEL: z.enum(LOG_LEVELS).optional(),
});

/** These hold secrets and may be given by file, as `NAME_FILE`. */
const BY_FILE = ['DATABASE_URL', 'RAPPORT_ENCRYPTION_KEY'] as const;

/**
 * An empty variable counts as one that is not set. Values are never repeated in errors: some are secret.
 *
 * @throws SettingsError, EnvironmentFileError
 */
export function settingsFrom(environment: Environment): ProcessSettings {
  const secrets = BY_FILE.map((name) => [name, variableOf(environment, name)] as const);
  const given = Object.fromEntries(
    [...Object.entries(environment), ...secrets].filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}.`));
  }
  const read = parsed.data;
  return {
    databaseUrl: read.DATABASE_URL,
    dataDir: read.RAPPORT_DATA_DIR,
    encryptionKey: read.RAPPORT_ENCRYPTION_KEY,
    host: read.HOST,
    port: read.PORT,
    publicUrl: read.PUBLIC_URL,
    workers: read.RAPPORT_WORKERS,
    logLevel: read.RAPPORT_LOG_LEVEL,
  };
}
