import { execute, sql, type Transaction } from '../platform/database/index.js';

/**
 * Makes what waits and belongs to no run part of this one: what webhooks, people's edits or a changed configuration
 * caused. Rows that somebody works on just now are left to them, so nobody waits for anybody here.
 */
export async function adoptWaiting(tx: Transaction, runId: string): Promise<void> {
  await execute(
    tx,
    sql`update resolve_task t set run_id = ${runId}::uuid
       from (select kind, id from resolve_task where run_id is null for update skip locked) w
      where t.kind = w.kind and t.id = w.id`,
  );
  await execute(
    tx,
    sql`update push_intent i set run_id = ${runId}::uuid
       from (select id from push_intent where run_id is null for update skip locked) w where i.id = w.id`,
  );
}
