import type { ConnectionRow } from '../activate.js';
import { HUB_CONNECTION } from '../directory.js';
import { execute, json, rows, sql, type Transaction } from '../../platform/database/index.js';
import type { DesiredConnection } from './desired.js';

/** A connection as its row has it; secrets are sealed. */
export type SealedConnection = Omit<ConnectionRow, 'clockOffsetMs'> & {
  readonly credentials: string | null;
  readonly webhookSecrets: string | null;
};

/** One apply at a time. */
export async function lockConfiguration(tx: Transaction): Promise<void> {
  await rows(tx, sql`select pg_advisory_xact_lock(727002) is null as locked`);
}

/** Without the hub's own. */
export async function loadConnections(tx: Transaction): Promise<SealedConnection[]> {
  return rows(
    tx,
    sql`select id::text as id, name, connector, settings, schedule, time_zone as "timeZone", sync, mapping, limits, position, state,
            credentials, webhook_secrets as "webhookSecrets"
       from connection where name <> ${HUB_CONNECTION} order by position, name for update`,
  );
}

/** What is written of a connection; secrets are sealed for its id. */
export type ConnectionWrite = Omit<DesiredConnection, 'credentials' | 'webhooks'> & {
  readonly id: string;
  readonly credentials: string | null;
  readonly webhookSecrets: string | null;
};

/** One that had failed, or was removed, starts again; a paused one stays so. Where it `asks`, its first writes wait for a person. */
export async function storeConnection(
  tx: Transaction,
  write: ConnectionWrite,
  { asks }: { readonly asks: boolean },
): Promise<void> {
  await execute(
    tx,
    sql`insert into connection (id, name, connector, settings, credentials, webhook_secrets, schedule, time_zone, sync, mapping,
                             limits, position, state, updated_at)
     values (${write.id}::uuid, ${write.name}, ${write.connector}, ${json(write.settings)}, ${write.credentials},
             ${write.webhookSecrets}, ${write.schedule}, ${write.timeZone}, ${json(write.sync)}, ${json(write.mapping)},
             ${json(write.limits)}, ${write.position}, 'active', now())
     on conflict (id) do update
        set connector = excluded.connector, settings = excluded.settings, credentials = excluded.credentials,
            webhook_secrets = excluded.webhook_secrets, schedule = excluded.schedule, time_zone = excluded.time_zone,
            sync = excluded.sync, mapping = excluded.mapping, limits = excluded.limits, position = excluded.position, problem = null,
            cleared_at = case when not ${asks}::boolean then connection.cleared_at end,
            state = case when connection.state = 'paused' then 'paused' else 'active' end, updated_at = now()`,
  );
}

export async function moveConnection(tx: Transaction, id: string, position: number): Promise<void> {
  await execute(
    tx,
    sql`update connection set position = ${position}, updated_at = now() where id = ${id}::uuid`,
  );
}

/**
 * What its records had said stands. Writes to it are dropped, but for creates that may have happened: if it comes back,
 * those must be looked up first.
 */
export async function removeConnection(tx: Transaction, id: string): Promise<void> {
  await execute(
    tx,
    sql`update connection set state = 'removed', problem = null, updated_at = now() where id = ${id}::uuid`,
  );
  await execute(tx, sql`delete from push_intent where connection_id = ${id}::uuid and sent_at is null`);
  await execute(tx, sql`delete from sync_issue where connection_id = ${id}::uuid and state = 'open'`);
  await execute(
    tx,
    sql`update run_gate set state = 'rejected', decided_by = 'removed from the configuration', decided_at = now()
      where connection_id = ${id}::uuid and state = 'held'`,
  );
}

/** Has every golden record computed and planned again. */
export async function recomputeAll(tx: Transaction): Promise<void> {
  await execute(
    tx,
    sql`insert into resolve_task (kind, id) select 'golden', id::text from golden where merged_into is null
     order by id on conflict do nothing`,
  );
}

/** Has every record placed again. */
export async function rematchAll(tx: Transaction): Promise<void> {
  await execute(
    tx,
    sql`insert into resolve_task (kind, id) select 'record', id::text from source_record
     order by id on conflict do nothing`,
  );
}
