import type { FieldChange } from '../core/survivorship/index.js';
import { rows, sql, json, type Queryable } from '../platform/database/index.js';
import type { JsonObject, JsonValue } from '../sdk/index.js';
import { isoTime } from './claim-view.js';
import { aliasesOf } from './golden.repository.js';
import { ID_POSITION, pageOf, startOf, type Page, type PageRequest } from './paging.js';
import { placesOf, type RecordPlace } from './records.repository.js';

/** A claim as history names it. */
export interface HistoryClaim {
  readonly connection: string;
  readonly object: string | null;
  readonly externalId: string | null;
  readonly url: string | null;
  readonly value: JsonValue;
  readonly at: string;
}

/** One write that a change caused in a system. */
export interface HistoryReceipt {
  readonly connection: string;
  readonly object: string;
  readonly externalId: string | null;
  readonly operation: string;
  readonly at: string;
  readonly before: JsonValue;
  readonly sent: JsonValue;
  readonly stored: JsonValue;
  readonly runId: string | null;
}

export interface HistoryLine {
  readonly field: string;
  readonly kind: FieldChange['kind'];
  readonly old: JsonValue;
  readonly new: JsonValue;
  readonly rule: FieldChange['rule'];
  readonly winner: HistoryClaim | null;
  readonly losers: readonly HistoryClaim[];
  readonly receipts: readonly HistoryReceipt[];
}

/** One time a golden record changed, or overrode somebody. */
export interface HistoryEntry {
  readonly id: string;
  /** The golden record that changed: before a merge, the one that was taken in. */
  readonly customerId: string;
  readonly version: number;
  readonly at: string;
  readonly runId: string | null;
  readonly changes: readonly HistoryLine[];
}

interface ChangeRow {
  readonly id: string;
  readonly goldenId: string;
  readonly version: number;
  readonly at: Date;
  readonly runId: string | null;
  readonly changes: readonly FieldChange[];
}

interface ReceiptRow {
  readonly changeId: string;
  readonly field: string;
  readonly connection: string;
  readonly object: string;
  readonly externalId: string | null;
  readonly operation: string;
  readonly at: Date;
  readonly values: JsonObject;
  readonly runId: string | null;
}

/** What happened to a golden record and to those it took in, newest first. */
export async function historyOf(
  db: Queryable,
  goldenId: string,
  page: PageRequest,
): Promise<Page<HistoryEntry>> {
  const ids = [goldenId, ...(await aliasesOf(db, goldenId))];
  const [before] = startOf(page.cursor, ID_POSITION) ?? [null];
  const changes = await rows<ChangeRow>(
    db,
    sql`select id::text as id, golden_id::text as "goldenId", version, at, run_id::text as "runId", changes
       from golden_change where golden_id = any(${ids}::uuid[]) and (${before}::bigint is null or id < ${before}::bigint)
      order by golden_change.id desc limit ${page.limit + 1}`,
  );
  const shown = pageOf(changes, page.limit, (row) => [row.id]);
  const lines = shown.items.flatMap((row) => row.changes);
  const places = await placesOf(
    db,
    lines.flatMap((line) => [line.winner, ...line.losers].flatMap((claim) => claim?.record ?? [])),
  );
  const receipts = await receiptsOf(db, shown.items);
  return { items: shown.items.map((row) => entryOf(row, places, receipts)), next: shown.next };
}

/** A write belongs to the latest change of its field that it was sent with. */
async function receiptsOf(
  db: Queryable,
  changes: readonly ChangeRow[],
): Promise<ReadonlyMap<string, readonly ReceiptRow[]>> {
  const wanted = changes.flatMap((row) =>
    row.changes.map(({ field }) => ({
      changeId: row.id,
      goldenId: row.goldenId,
      version: row.version,
      field,
    })),
  );
  if (wanted.length === 0) return new Map();
  const found = await rows<ReceiptRow>(
    db,
    sql`with wanted as (
       select w.*, (select min(n.version) from golden_change n
                     where n.golden_id = w."goldenId" and n.version > w.version
                       and n.changes @> jsonb_build_array(jsonb_build_object('field', w.field))) as until
         from jsonb_to_recordset(${json(wanted)}) as w("changeId" text, "goldenId" uuid, version int, field text)
     )
     select w."changeId", w.field, c.name as connection, r.object, r.external_id as "externalId", r.operation, r.at,
            r.fields -> w.field as values, r.run_id::text as "runId"
       from wanted w
       join write_receipt r on r.golden_id = w."goldenId" and r.golden_version >= w.version
                           and (w.until is null or r.golden_version < w.until) and r.fields ? w.field
       join connection c on c.id = r.connection_id
      order by r.id`,
  );
  return Map.groupBy(found, (row) => `${row.changeId} ${row.field}`);
}

function entryOf(
  row: ChangeRow,
  places: ReadonlyMap<string, RecordPlace>,
  receipts: ReadonlyMap<string, readonly ReceiptRow[]>,
): HistoryEntry {
  const claim = (ref: FieldChange['losers'][number]): HistoryClaim => {
    const place = places.get(ref.record);
    return {
      connection: ref.connection,
      object: place?.object ?? null,
      externalId: place?.externalId ?? null,
      url: place?.url ?? null,
      value: ref.value,
      at: isoTime(ref.at),
    };
  };
  return {
    id: row.id,
    customerId: row.goldenId,
    version: row.version,
    at: row.at.toISOString(),
    runId: row.runId,
    changes: row.changes.map((line) => ({
      field: line.field,
      kind: line.kind,
      old: line.old,
      new: line.new,
      rule: line.rule,
      winner: line.winner === null ? null : claim(line.winner),
      losers: line.losers.map(claim),
      receipts: (receipts.get(`${row.id} ${line.field}`) ?? []).map(receiptView),
    })),
  };
}

function receiptView({ values, at, changeId: _, field: __, ...row }: ReceiptRow): HistoryReceipt {
  return {
    ...row,
    at: at.toISOString(),
    before: values['before'] ?? null,
    sent: values['sent'] ?? null,
    stored: values['stored'] ?? null,
  };
}
