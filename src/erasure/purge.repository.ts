import { execute, json, rows, sql, type Sql, type Transaction } from '../platform/database/index.js';
import type { Person } from './person.repository.js';

/** Table → rows removed. */
export type Removed = Readonly<Record<string, number>>;

/**
 * Removes all that the hub holds of a person. What is said of their records elsewhere by id (candidates, decisions,
 * merges, issues, webhooks) goes as well; references of deals to them are for `dropReferences`.
 */
export async function purge(tx: Transaction, person: Person): Promise<Removed> {
  const golden = [...person.goldenIds];
  const records = person.records.map((record) => record.id);
  const places = json(
    person.records.map(({ connectionId, object, externalId }) => ({ connectionId, object, externalId })),
  );
  const given = sql`jsonb_to_recordset(${places}) as p("connectionId" uuid, object text, "externalId" text)`;
  const either = (a: Sql, b: Sql): Sql =>
    sql`(${a} = any(${records}::bigint[]) or ${b} = any(${records}::bigint[]))`;
  const steps: readonly (readonly [string, Sql])[] = [
    ['push_intent', sql`delete from push_intent where golden_id = any(${golden}::uuid[])`],
    [
      'resolve_task',
      sql`delete from resolve_task where (kind = 'golden' and id = any(${golden}::text[]))
             or (kind = 'record' and id = any(${records}::text[]))`,
    ],
    [
      'sync_issue',
      sql`delete from sync_issue i where i.golden_id = any(${golden}::uuid[]) or i.record_id = any(${records}::bigint[])
             or exists (select from ${given} where p."connectionId" = i.connection_id
                           and p.object is not distinct from i.object and p."externalId" = i.external_id)`,
    ],
    [
      'inbox_event',
      sql`delete from inbox_event e using ${given}
            where p."connectionId" = e.connection_id and p.object = e.object and p."externalId" = e.external_id`,
    ],
    [
      'drift_finding',
      sql`delete from drift_finding f where f.golden_id = any(${golden}::uuid[])
             or exists (select from ${given} where p."connectionId" = f.connection_id and p.object = f.object
                           and p."externalId" = f.external_id)`,
    ],
    [
      'write_receipt',
      sql`delete from write_receipt where golden_id = any(${golden}::uuid[]) or record_id = any(${records}::bigint[])`,
    ],
    ['golden_change', sql`delete from golden_change where golden_id = any(${golden}::uuid[])`],
    ['match_candidate', sql`delete from match_candidate where ${either(sql`record_a`, sql`record_b`)}`],
    ['match_decision', sql`delete from match_decision where ${either(sql`record_a`, sql`record_b`)}`],
    [
      'merge',
      sql`delete from merge where survivor_id = any(${golden}::uuid[]) or merged_id = any(${golden}::uuid[])`,
    ],
    ['identifier', sql`delete from identifier where record_id = any(${records}::bigint[])`],
    ['source_record', sql`delete from source_record where id = any(${records}::bigint[])`],
    ['golden', sql`delete from golden where id = any(${golden}::uuid[])`],
  ];
  const removed: Record<string, number> = {};
  for (const [table, statement] of steps) {
    const count = await execute(tx, statement);
    if (count > 0) removed[table] = count;
  }
  return removed;
}

/** Writes that stood back for one of the person's records: planned again, for it is not in the way any more. */
export async function freeBlocked(tx: Transaction, person: Person): Promise<string[]> {
  const places = person.records.map(({ connectionId, object, externalId }) => ({
    connectionId,
    object,
    externalId,
  }));
  const freed = await rows<{ id: string | null }>(
    tx,
    sql`with gone as (
       delete from sync_issue i using jsonb_to_recordset(${json(places)}) as p("connectionId" uuid, object text, "externalId" text)
        where p."connectionId" = i.connection_id and p.object = i.object and p."externalId" = i.blocked_by
       returning i.golden_id, i.record_id)
     select distinct coalesce(s.golden_id, gone.golden_id)::text as id from gone left join source_record s on s.id = gone.record_id`,
  );
  return freed.flatMap((row) => row.id ?? []);
}
