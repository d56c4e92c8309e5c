import { randomUUID } from 'node:crypto';
import { HUB_CONNECTION } from '../connections/directory.js';
import { execute, json, sql, type Database } from '../platform/database/index.js';

/** Before all others: what people say in the hub itself wins ties. */
const POSITION = -1;
const POLICY = { direction: 'both', create: false, filter: [], onDelete: 'keep', unique: false };

/** The built-in connection whose records are people's own edits; made on the first start. */
export async function ensureHubConnection(database: Database): Promise<void> {
  await execute(
    database,
    sql`insert into connection (id, name, connector, settings, sync, mapping, position, state, updated_at)
     values (${randomUUID()}::uuid, ${HUB_CONNECTION}, ${HUB_CONNECTION}, ${json({})},
             ${json({ customer: POLICY, account: POLICY })}, ${json({})}, ${POSITION}, 'active', now())
     on conflict (name) do nothing`,
  );
}
