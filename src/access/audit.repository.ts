import { execute, json, rows, sql, type Queryable, type Transaction } from '../platform/database/index.js';
import type { JsonObject } from '../sdk/index.js';

/** Something that must be accounted for; without personal data. */
export interface AuditedAction {
  readonly by: string;
  /** `erase`, `export person`, … */
  readonly action: string;
  /** Id of the hub, where there is one. */
  readonly subject: string | null;
  readonly details: JsonObject;
}

export interface AuditEntry extends AuditedAction {
  readonly id: string;
  readonly at: Date;
}

/** In the transaction that does it. */
export async function recordAction(tx: Transaction, entry: AuditedAction): Promise<void> {
  await execute(
    tx,
    sql`insert into audit_entry (by, action, subject, details)
     values (${entry.by}, ${entry.action}, ${entry.subject}, ${json(entry.details)})`,
  );
}

/** Newest first, from before the id given. */
export async function listActions(
  db: Queryable,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<AuditEntry[]> {
  return rows(
    db,
    sql`select id::text as id, at, by, action, subject, details from audit_entry
      where (${before}::bigint is null or id < ${before}::bigint) order by audit_entry.id desc limit ${limit}::int`,
  );
}
