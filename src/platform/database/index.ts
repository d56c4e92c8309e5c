export { Database, Prisma, type DatabaseOptions, type Queryable, type Transaction } from './database.js';
export { EmbeddedDatabaseError, joinEmbeddedPostgres, type EmbeddedPostgres } from './embedded.js';
export { LOCKS } from './locks.js';
export { DatabaseUnavailableError } from './reach.js';
export { openDatabase, type OpenDatabase, type OpenOptions } from './open.js';
export { migrate, MigrationError } from './migrate.js';
export { execute, firstRow, json, rows, sql, type Sql } from './sql.js';
