import type { Revert, UndoReceipt } from '../core/planning/index.js';
import type { Transaction } from '../platform/database/database.js';
import { execute, json, rows, sql } from '../platform/database/sql.js';
import type { Entity } from '../sdk/index.js';

/** All that a run wrote to one record. */
export interface Written {
  readonly connectionId: string;
  readonly object: string;
  readonly externalId: string;
  readonly goldenId: string;
  /** The record as the hub knows it; null when it is not known any more. */
  readonly recordId: string | null;
  /** Where people see it. */
  readonly url: string | null;
  readonly receipts: readonly UndoReceipt[];
}

export type Place = Pick<Written, 'connectionId' | 'object' | 'externalId'>;

/** Records that a run wrote, a page of them in a fixed order. */
export async function writtenBy(
  tx: Transaction,
  runId: string,
  page: { readonly after: Place | null; readonly limit: number },
): Promise<Written[]> {
  const after = page.after ?? {
    connectionId: '00000000-0000-0000-0000-000000000000',
    object: '',
    externalId: '',
  };
  return rows(
    tx,
    sql`select w.*, s.id::text as "recordId", s.url from (
       select r.connection_id::text as "connectionId", r.object, r.external_id as "externalId",
              (array_agg(r.golden_id order by r.id desc))[1]::text as "goldenId",
              json_agg(json_build_object('operation', r.operation, 'fields', r.fields) order by r.id) as receipts
         from write_receipt r
        where r.run_id = ${runId}::uuid and r.external_id is not null
          and (r.connection_id, r.object, r.external_id)
              > (${after.connectionId}::uuid, ${after.object}, ${after.externalId})
        group by r.connection_id, r.object, r.external_id
        order by r.connection_id, r.object, r.external_id limit ${page.limit}::int) w
       left join source_record s on s.connection_id = w."connectionId"::uuid and s.object = w.object
                                and s.external_id = w."externalId"
      order by w."connectionId"::uuid, w.object, w."externalId"`,
  );
}

/** A write that takes another one back; without `revert` the record is archived. */
export interface UndoWrite {
  readonly connectionId: string;
  readonly object: string;
  readonly entity: Entity;
  readonly goldenId: string;
  readonly recordId: string;
  readonly revert: Revert | null;
}

export async function addUndoIntents(
  tx: Transaction,
  writes: readonly UndoWrite[],
  runId: string,
): Promise<void> {
  if (writes.length === 0) return;
  await execute(
    tx,
    sql`with w as (
       select * from jsonb_to_recordset(${json(writes)}) as w("connectionId" uuid, object text, entity text, "goldenId" uuid,
                                                       "recordId" bigint, revert jsonb)
     ), marked as (
       update source_record s set undone = true from w where s.id = w."recordId" and w.revert is null
     )
     insert into push_intent (connection_id, object, entity, golden_id, record_id, target, kind, run_id, revert)
     select w."connectionId", w.object, w.entity, w."goldenId", w."recordId", 'record:' || w."recordId",
            case when w.revert is null then 'archive' else 'update' end, ${runId}::uuid, w.revert
       from w order by w."recordId"
     on conflict (connection_id, object, target) do update
        set revision = push_intent.revision + 1, kind = excluded.kind, run_id = excluded.run_id,
            revert = excluded.revert, due_at = now()`,
  );
}

export async function insertUndoRun(
  tx: Transaction,
  run: { readonly id: string; readonly undoes: string; readonly by: string },
): Promise<void> {
  await execute(
    tx,
    sql`insert into run (id, trigger, undoes, approved_by) values (${run.id}::uuid, 'undo', ${run.undoes}::uuid, ${run.by})`,
  );
}
