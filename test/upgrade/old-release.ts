/** A database as an earlier release left it, from the dump of its tables beside this file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { packageRoot } from '../../src/platform/package-root.js';
import { createEmptyDatabase, type TestDatabase } from '../helpers/database.js';

type Rows = readonly Readonly<Record<string, unknown>>[];

export interface OldRelease {
  readonly encryptionKey: string;
  /** Table → its rows. */
  readonly tables: Readonly<Record<string, Rows>> & { readonly _prisma_migrations: Rows };
  /** What the two systems held at that time, ids included. */
  readonly salesforce: Readonly<Record<'Account' | 'Contact', readonly Readonly<Record<string, string>>[]>>;
  readonly hubspot: Readonly<Record<'companies' | 'contacts', readonly OldHubSpotRecord[]>>;
}

export interface OldHubSpotRecord {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly companyId: string | null;
}

export function readOldRelease(version: string): OldRelease {
  const path = join(packageRoot(), 'test', 'upgrade', `${version}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as OldRelease;
}

/** As Prisma makes it before the first migration. */
const MIGRATIONS_TABLE = `create table _prisma_migrations (
  id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
  logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

/** The old release's migrations, and then its rows. */
export async function createOldDatabase({ tables }: OldRelease): Promise<Omit<TestDatabase, 'database'>> {
  const created = await createEmptyDatabase();
  const client = new pg.Client({ connectionString: created.url });
  await client.connect();
  try {
    await client.query(MIGRATIONS_TABLE);
    const names = tables._prisma_migrations.map((row) => String(row['migration_name']));
    for (const name of names.sort()) await client.query(scriptOf(name));
    for (const [table, rows] of Object.entries(tables)) await fill(client, table, rows);
  } finally {
    await client.end();
  }
  return created;
}

function scriptOf(migration: string): string {
  return readFileSync(join(packageRoot(), 'prisma', 'migrations', migration, 'migration.sql'), 'utf8');
}

async function fill(client: pg.Client, table: string, rows: Rows): Promise<void> {
  await client.query(
    `insert into "${table}" overriding system value select * from json_populate_recordset(null::"${table}", $1)`,
    [JSON.stringify(rows)],
  );
  const serial = await client.query<{ column: string; sequence: string }>(
    `select column_name as column, pg_get_serial_sequence($1, column_name) as sequence
       from information_schema.columns
      where table_name = $1 and pg_get_serial_sequence($1, column_name) is not null`,
    [table],
  );
  for (const { column, sequence } of serial.rows)
    await client.query(`select setval($1, (select max("${column}") from "${table}"))`, [sequence]);
}
