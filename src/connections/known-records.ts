import { rows, sql, type Database } from '../platform/database/index.js';
import type { KnownRecords } from '../sdk/index.js';

/** What the hub holds of a connection's records. */
export function knownRecords(database: Database, connectionId: string): KnownRecords {
  return {
    versions: async (object, ids) => {
      const found = await rows<{ id: string; version: string }>(
        database,
        sql`select external_id as id, version from source_record
          where connection_id = ${connectionId}::uuid and object = ${object} and version is not null
            and deleted_at is null and external_id = any(${ids}::text[])`,
      );
      return new Map(found.map((row) => [row.id, row.version]));
    },
    ids: async (object, after, limit) => {
      const found = await rows<{ id: string }>(
        database,
        sql`select external_id as id from source_record
          where connection_id = ${connectionId}::uuid and object = ${object} and deleted_at is null
            and external_id collate "C" > ${after ?? ''}
          order by external_id collate "C" limit ${limit}::int`,
      );
      return found.map((row) => row.id);
    },
  };
}
