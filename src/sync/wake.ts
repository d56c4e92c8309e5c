import { execute, rows, sql, type Transaction } from '../platform/database/index.js';
import { enqueueFetch, enqueuePull, enqueuePush } from './sync-jobs.js';

/** Work of a connection that waits is tried at once: what it waits for may be otherwise now. */
export async function wake(tx: Transaction, connectionId: string): Promise<void> {
  await enqueueFetch(tx, connectionId);
  await enqueuePush(tx, connectionId);
  const parts = await rows<{ runId: string }>(
    tx,
    sql`select p.run_id::text as "runId" from run_part p join run r on r.id = p.run_id
      where p.connection_id = ${connectionId}::uuid and p.state in ('queued', 'pulling') and r.state = 'running'
      order by r.started_at`,
  );
  for (const { runId } of parts) await enqueuePull(tx, { runId, connectionId });
}

/** A person asks for it: systems that took no more calls today are asked again, and what waits is looked at anew. */
export async function askAgain(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
  await execute(
    tx,
    sql`update call_quota set exhausted_at = null, waits = '{}'
      where connection_id = any(${connectionIds}::uuid[]) and (exhausted_at is not null or waits <> '{}')`,
  );
}
