import type { Transaction } from '../platform/database/database.js';
import { execute, json, sql } from '../platform/database/sql.js';

export interface MergeRow {
  readonly id: string;
  readonly survivorId: string;
  readonly mergedId: string;
  readonly records: readonly string[];
  readonly by: string;
  readonly rule: string;
}

export async function storeMerges(tx: Transaction, entries: readonly MergeRow[]): Promise<void> {
  if (entries.length === 0) return;
  await execute(
    tx,
    sql`insert into merge (id, survivor_id, merged_id, records, by, rule)
     select m.id, m."survivorId", m."mergedId", m.records, m.by, m.rule
       from jsonb_to_recordset(${json(entries)}) as m(id uuid, "survivorId" uuid, "mergedId" uuid, records jsonb, by text, rule text)`,
  );
}

/** Golden records that another took in become aliases: no values of their own, nothing left to make for them but what may be made already. */
export async function retireGolden(tx: Transaction, merges: readonly MergeRow[]): Promise<void> {
  if (merges.length === 0) return;
  await execute(
    tx,
    sql`update golden g set merged_into = m."survivorId", fields = '{}', provenance = '{}', title = '', search = '',
            version = g.version + 1, updated_at = now()
       from jsonb_to_recordset(${json(merges)}) as m("survivorId" uuid, "mergedId" uuid) where g.id = m."mergedId"`,
  );
  const retired = merges.map((merge) => merge.mergedId);
  await execute(
    tx,
    sql`delete from push_intent where golden_id = any(${retired}::uuid[]) and kind = 'create' and sent_at is null`,
  );
  // Whoever hears what became of it sees that it was overtaken.
  await execute(
    tx,
    sql`update push_intent set revision = revision + 1 where golden_id = any(${retired}::uuid[]) and kind = 'create'`,
  );
  await execute(
    tx,
    sql`delete from sync_issue where golden_id = any(${retired}::uuid[]) and external_id is null`,
  );
}
