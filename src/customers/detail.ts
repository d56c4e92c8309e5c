import type { ActiveConnection } from '../connections/active-connection.js';
import type { ConnectionDirectory } from '../connections/directory.js';
import { removedLinks } from '../core/survivorship/index.js';
import { rows, sql, type Queryable, type Transaction } from '../platform/database/index.js';
import type { Entity, RecordRef } from '../sdk/index.js';
import { loadPresence, referencedBy } from '../sync/push-facts.js';
import { aliasesOf, needGolden, titlesOf, type GoldenRecord } from './golden.repository.js';
import { dealsOf, type DealSummary } from './deals.repository.js';
import { goldenFields, type GoldenFieldView } from './golden-view.js';
import { recordView, type RecordView } from './record-view.js';
import { linkedRecords, placesOf, type LinkedRecord } from './records.repository.js';
import { issuesOfGolden, type IssueView } from '../issues/issue-list.repository.js';

/** Two or more live records of one connection on one customer. */
export interface DuplicateView {
  readonly connection: string;
  readonly records: readonly {
    readonly recordId: string;
    readonly object: string;
    readonly externalId: string;
  }[];
}

export interface MergeView {
  readonly id: string;
  readonly mergedId: string;
  readonly by: string;
  readonly rule: string;
  readonly at: Date;
}

export interface CustomerDetail {
  readonly id: string;
  readonly entity: Entity;
  readonly title: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Ids that mean this one since they were merged into it. */
  readonly aliases: readonly string[];
  readonly fields: readonly GoldenFieldView[];
  readonly records: readonly RecordView[];
  readonly duplicates: readonly DuplicateView[];
  /** Merges that can be undone, newest first. */
  readonly merges: readonly MergeView[];
  /** Of a customer or an account. */
  readonly deals: readonly DealSummary[];
  readonly issues: readonly IssueView[];
}

/** Everything there is to know about one golden record. */
export async function detailOf(
  db: Queryable,
  { id, entity }: { readonly id: string; readonly entity?: Entity | undefined },
  directory: ConnectionDirectory,
): Promise<CustomerDetail> {
  const golden = await needGolden(db, id, entity);
  const records = await linkedRecords(db, golden.id);
  const winners = Object.values(golden.provenance).map((from) => from.record);
  const references = referencedBy([golden]);
  const [places, titles, aliases, views, merges, deals, issues] = await Promise.all([
    placesOf(db, winners),
    titlesOf(db, references),
    aliasesOf(db, golden.id),
    recordViews(db, golden, records, directory),
    mergesOf(db, golden.id),
    dealsOf(db, golden),
    issuesOfGolden(
      db,
      golden.id,
      records.map((record) => record.id),
    ),
  ]);
  return {
    id: golden.id,
    entity: golden.entity,
    title: golden.title,
    version: golden.version,
    createdAt: golden.createdAt,
    updatedAt: golden.updatedAt,
    aliases,
    fields: goldenFields(golden, places, titles),
    records: views,
    duplicates: duplicatesIn(records, directory),
    merges,
    deals,
    issues,
  };
}

/** The source records of a golden record, each set against it. */
export async function recordViews(
  db: Transaction,
  golden: GoldenRecord,
  records: readonly LinkedRecord[],
  directory: ConnectionDirectory,
): Promise<RecordView[]> {
  const targets = referencedBy([golden]);
  const presence = new Map<string, (goldenId: string) => readonly RecordRef[]>();
  for (const connectionId of new Set(records.map((record) => record.connectionId))) {
    const present = await loadPresence(db, connectionId, targets);
    presence.set(connectionId, (goldenId) => present.get(goldenId)?.live ?? []);
  }
  return records.map((record) =>
    recordView(record, directory.find(record.connectionId), {
      entity: golden.entity,
      fields: golden.fields,
      removed: removedLinks(golden.provenance),
      recordsOf: presence.get(record.connectionId) ?? (() => []),
    }),
  );
}

function duplicatesIn(records: readonly LinkedRecord[], directory: ConnectionDirectory): DuplicateView[] {
  const live = records.filter((record) => !record.deleted && !directory.isHub(record.connectionId));
  return [...Map.groupBy(live, (record) => record.connectionId)]
    .filter(([, own]) => own.length > 1)
    .map(([connectionId, own]) => ({
      connection: nameOf(directory.find(connectionId), connectionId),
      records: own.map(({ id, object, externalId }) => ({ recordId: id, object, externalId })),
    }));
}

function nameOf(connection: ActiveConnection | undefined, id: string): string {
  return connection?.name ?? id;
}

async function mergesOf(db: Queryable, goldenId: string): Promise<MergeView[]> {
  return rows(
    db,
    sql`select id::text as id, merged_id::text as "mergedId", by, rule, at from merge
      where survivor_id = ${goldenId}::uuid and undone_at is null order by at desc, id`,
  );
}
