import { ConnectionHttp } from '../../src/connections/connection-http.js';
import type { Database } from '../../src/platform/database/index.js';
import { createLogger } from '../../src/platform/telemetry/index.js';

/** What keeps calls to systems, for services that are put together by hand. */
export function connectionHttp(database: Database): ConnectionHttp {
  return new ConnectionHttp(database, createLogger({ level: 'silent' }));
}
