export { Database, type DatabaseOptions, type Queryable, type Transaction } from './database.js';
export { isHeld } from './locks.js';
export { migrate } from './migrate.js';
export { openDatabase, type OpenDatabase, type OpenOptions } from './open.js';
export { DatabaseUnavailableError } from './reach.js';
export { isDatabaseTrouble } from './trouble.js';
export { execute, firstRow, json, rows, sql, type Sql } from './sql.js';
