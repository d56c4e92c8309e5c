import { toDocument, type FieldStates } from '../core/claims/index.js';
import type { FieldChange } from '../core/survivorship/index.js';
import { execute, json, rows, sql, type Transaction } from '../platform/database/index.js';
import type { JsonValue } from '../sdk/index.js';
import { opened } from '../sync/source-record.js';
import type { Person } from './person.repository.js';

/** Shorter texts, numbers and choices tell of nobody. */
const TELLING = 3;

/** What the person's records say, in a form that compares. */
export function valuesOf(person: Person): ReadonlySet<string> {
  const values = person.records.flatMap((record) =>
    Object.values(record.fields).flatMap((state) => [state.claim?.value ?? null, state.held]),
  );
  const texts = values.flatMap((value) => (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]));
  return new Set(
    [...values, ...texts]
      .filter((value) => (typeof value === 'string' ? value.length >= TELLING : typeof value === 'object'))
      .filter((value) => value !== null)
      .map((value) => JSON.stringify(value)),
  );
}

/**
 * Customers that were one with the person for a while have the person's values in their history, in their receipts, and
 * in their records as what a write went over.
 * Lines that name one of the person's records, or tell one of their values, go.
 */
export async function redactRelatives(tx: Transaction, person: Person): Promise<void> {
  if (person.relatives.length === 0) return;
  const records = new Set(person.records.map((record) => record.id));
  const values = valuesOf(person);
  const tells = (value: JsonValue | undefined): boolean => values.has(JSON.stringify(value ?? null));
  const history = await rows<{ id: string; changes: readonly FieldChange[] }>(
    tx,
    sql`select id::text as id, changes from golden_change where golden_id = any(${person.relatives}::uuid[]) order by golden_change.id for update`,
  );
  const rewritten = history.flatMap(({ id, changes }) => {
    const kept = changes.filter(
      (change) =>
        !tells(change.old) &&
        !tells(change.new) &&
        ![...(change.winner === null ? [] : [change.winner]), ...change.losers].some(
          (claim) => records.has(claim.record) || tells(claim.value),
        ),
    );
    return kept.length === changes.length ? [] : [{ id, changes: kept }];
  });
  await execute(
    tx,
    sql`with r as (select * from jsonb_to_recordset(${json(rewritten)}) as r(id bigint, changes jsonb)),
          gone as (delete from golden_change c using r where c.id = r.id and r.changes = '[]'::jsonb)
     update golden_change c set changes = r.changes from r where c.id = r.id and r.changes <> '[]'::jsonb`,
  );
  await redactReceipts(tx, person.relatives, tells);
  await redactRecords(tx, person.relatives, tells);
}

async function redactRecords(
  tx: Transaction,
  goldenIds: readonly string[],
  tells: (value: JsonValue | undefined) => boolean,
): Promise<void> {
  const found = await rows<{ id: string; fields: FieldStates }>(
    tx,
    sql`select s.id::text as id, s.fields from source_record s
      where s.golden_id = any(${goldenIds}::uuid[]) order by s.id for no key update`,
  );
  const rewritten = opened(found).flatMap(({ id, fields }) => {
    const entries = Object.entries(fields);
    if (!entries.some(([, { over }]) => tells(over?.value))) return [];
    const kept = entries.map(([field, { over, ...state }]) => [
      field,
      over === undefined || tells(over.value) ? state : { ...state, over },
    ]);
    return [{ id, fields: toDocument(Object.fromEntries(kept) as FieldStates) }];
  });
  await execute(
    tx,
    sql`update source_record s set fields = r.fields
       from jsonb_to_recordset(${json(rewritten)}) as r(id bigint, fields jsonb) where s.id = r.id`,
  );
}

type Written = Readonly<Record<string, Readonly<Record<'before' | 'sent' | 'stored', JsonValue>>>>;

async function redactReceipts(
  tx: Transaction,
  goldenIds: readonly string[],
  tells: (value: JsonValue | undefined) => boolean,
): Promise<void> {
  const receipts = await rows<{ id: string; fields: Written }>(
    tx,
    sql`select id::text as id, fields from write_receipt where golden_id = any(${goldenIds}::uuid[]) order by write_receipt.id for update`,
  );
  const rewritten = receipts.flatMap(({ id, fields }) => {
    const kept = Object.entries(fields).filter(
      ([, { before, sent, stored }]) => ![before, sent, stored].some(tells),
    );
    return kept.length === Object.keys(fields).length ? [] : [{ id, fields: Object.fromEntries(kept) }];
  });
  await execute(
    tx,
    sql`update write_receipt w set fields = r.fields
       from jsonb_to_recordset(${json(rewritten)}) as r(id bigint, fields jsonb) where w.id = r.id`,
  );
}
