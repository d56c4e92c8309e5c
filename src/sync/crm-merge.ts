import type { Transaction } from '../platform/database/database.js';
import { execute, json, rows, sql, type Sql } from '../platform/database/sql.js';
import { addResolveTasks } from './ingest.repository.js';
import { lookAgain } from './inbox.repository.js';
import type { IngestOptions } from './ingest.js';

/**
 * Two records were merged in their own system: that is a person's word that they are the same. The word is kept as a
 * decision, so that the customers behind them become one too. A survivor that is not known yet is read first.
 */
export async function noteMerges(
  tx: Transaction,
  gone: readonly { readonly id: string; readonly mergedInto: string | null }[],
  { connection, setup, runId }: IngestOptions,
): Promise<void> {
  const merged = gone.flatMap((row) =>
    row.mergedInto === null ? [] : [{ id: row.id, into: row.mergedInto }],
  );
  if (merged.length === 0) return;
  const survivors = await rows<{ id: string; externalId: string }>(
    tx,
    sql`select id::text as id, external_id as "externalId" from source_record
      where connection_id = ${connection.id}::uuid and entity = ${setup.entity} and external_id = any(${merged.map((row) => row.into)}::text[])`,
  );
  const byExternalId = new Map(survivors.map((row) => [row.externalId, row.id]));
  const pairs = merged.flatMap((row) => {
    const survivor = byExternalId.get(row.into);
    return survivor === undefined || survivor === row.id ? [] : [{ a: row.id, b: survivor }];
  });
  await decideSame(tx, pairs, `merge in ${connection.name}`);
  await addResolveTasks(
    tx,
    'record',
    pairs.map((pair) => pair.b),
    runId,
  );
  const unknown = merged.filter((row) => !byExternalId.has(row.into)).map((row) => row.into);
  // A lead lives on as a contact: the survivor may be of another object of the same entity.
  for (const { object } of connection.objects.filter((one) => one.entity === setup.entity)) {
    await lookAgain(tx, { connectionId: connection.id, object, externalIds: unknown });
  }
}

/** SQL: of records that are new, those into which known ones were merged before they turned up, each with these. */
export function lateSurvivors(recordIds: readonly string[]): Sql {
  return sql`select l.id::text as a, s.id::text as b
       from source_record s
       join source_record l on l.connection_id = s.connection_id and l.entity = s.entity
                           and l.merged_into = s.external_id and l.id <> s.id
      where s.id = any(${recordIds}::bigint[])
        and not exists (select from match_decision d
                         where d.record_a = least(l.id, s.id) and d.record_b = greatest(l.id, s.id))`;
}

/** A word that two records are the same, kept for good; an earlier word on the pair stands. */
export async function decideSame(
  tx: Transaction,
  pairs: readonly { a: string; b: string }[],
  by: string,
): Promise<void> {
  if (pairs.length === 0) return;
  await execute(
    tx,
    sql`insert into match_decision (record_a, record_b, verdict, by)
     select least(p.a::bigint, p.b::bigint), greatest(p.a::bigint, p.b::bigint), 'same', ${by}
       from jsonb_to_recordset(${json(pairs)}) as p(a text, b text)
     on conflict (record_a, record_b) do nothing`,
  );
}
