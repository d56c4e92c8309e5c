import type { Transaction } from '../platform/database/database.js';
import { execute, json, rows, sql, type Sql } from '../platform/database/sql.js';

export type IssueOperation = 'read' | 'match' | 'write' | 'connection';

/** Something that did not sync. One issue stands for each target, operation and field, however often it is seen. */
export interface IssueReport {
  readonly connectionId: string;
  readonly object: string | null;
  readonly externalId: string | null;
  readonly recordId: string | null;
  readonly goldenId: string | null;
  readonly operation: IssueOperation;
  readonly code: string;
  /** A notice tells; an error is left unsynced. */
  readonly severity: 'error' | 'notice';
  readonly field: string | null;
  /** Kind and length of the value, never the value. */
  readonly valueKind: string | null;
  readonly valueLength: number | null;
  /** Digest of the refused value. */
  readonly refused: string | null;
  /** External id of the record in the way; when that one changes, the write is tried again. */
  readonly blockedBy?: string | null;
  readonly message: string;
  readonly remedy: string;
  readonly detail: string | null;
  /** ms, hub's clock; null when only a change or a person brings the next try. */
  readonly nextTryAt: number | null;
}

export type IssueTarget = Pick<
  IssueReport,
  'connectionId' | 'object' | 'externalId' | 'goldenId' | 'operation' | 'field'
>;

/** The same for the same trouble seen again. */
export function fingerprint(issue: IssueTarget): string {
  const target = issue.externalId ?? issue.goldenId ?? '';
  return [issue.connectionId, issue.object ?? '', target, issue.operation, issue.field ?? ''].join('|');
}

/** Opens the issues given, or marks those already open as seen again. A skipped one with the same value stays skipped. */
export async function reportIssues(tx: Transaction, reports: readonly IssueReport[]): Promise<void> {
  if (reports.length === 0) return;
  const byFingerprint = new Map(reports.map((report) => [fingerprint(report), report]));
  const entries = [...byFingerprint].map(([print, report]) => ({ ...report, fingerprint: print }));
  await execute(
    tx,
    sql`insert into sync_issue (fingerprint, connection_id, object, external_id, record_id, golden_id, operation, code,
                             severity, field, value_kind, value_length, refused, blocked_by, message, remedy, detail, next_try_at)
     select r.fingerprint, r."connectionId"::uuid, r.object, r."externalId",
            coalesce(r."recordId"::bigint, (select s.id from source_record s where s.connection_id = r."connectionId"::uuid
                                               and s.object = r.object and s.external_id = r."externalId")),
            r."goldenId"::uuid,
            r.operation, r.code, r.severity, r.field, r."valueKind", r."valueLength", r.refused, r."blockedBy", r.message, r.remedy,
            r.detail, to_timestamp(r."nextTryAt" / 1000.0)
       from jsonb_to_recordset(${json(entries)}) as r(fingerprint text, "connectionId" text, object text, "externalId" text,
            "recordId" text, "goldenId" text, operation text, code text, severity text, field text, "valueKind" text,
            "valueLength" int, refused text, "blockedBy" text, message text, remedy text, detail text, "nextTryAt" float8)
      order by r.fingerprint
     on conflict (fingerprint) do update
        set code = excluded.code, severity = excluded.severity, message = excluded.message, remedy = excluded.remedy,
            detail = excluded.detail, value_kind = excluded.value_kind, value_length = excluded.value_length,
            record_id = coalesce(excluded.record_id, sync_issue.record_id),
            golden_id = coalesce(excluded.golden_id, sync_issue.golden_id),
            next_try_at = excluded.next_try_at, last_seen_at = now(), attempts = sync_issue.attempts + 1,
            state = case when sync_issue.state = 'skipped' and sync_issue.refused is not distinct from excluded.refused
                         then 'skipped' else 'open' end,
            refused = excluded.refused, blocked_by = excluded.blocked_by`,
  );
}

export async function deleteIssues(tx: Transaction, fingerprints: readonly string[]): Promise<void> {
  if (fingerprints.length === 0) return;
  await execute(tx, sql`delete from sync_issue where fingerprint = any(${fingerprints}::text[])`);
}

/** The cause is gone: the issues named go by themselves. Returns how many went. */
export async function clearIssues(tx: Transaction, targets: readonly IssueTarget[]): Promise<number> {
  if (targets.length === 0) return 0;
  return execute(
    tx,
    sql`delete from sync_issue where fingerprint = any(${targets.map(fingerprint)}::text[])`,
  );
}

/** Goes unless it was reported again within that time (ms). */
export async function clearUnlessRecent(
  tx: Transaction,
  target: IssueTarget,
  withinMs: number,
): Promise<void> {
  await execute(
    tx,
    sql`delete from sync_issue where fingerprint = ${fingerprint(target)}
        and last_seen_at < now() - make_interval(secs => ${withinMs / 1000}::float8)`,
  );
}

/**
 * Read issues that name a place instead of a record (`line 17`) and were not seen again by a reading that began since:
 * what stood there was mended, or moved.
 */
export async function clearPlacesNotSeen(
  tx: Transaction,
  key: { readonly connectionId: string; readonly object: string },
  since: Date,
): Promise<void> {
  await execute(
    tx,
    sql`delete from sync_issue where connection_id = ${key.connectionId}::uuid and object = ${key.object}
        and operation = 'read' and external_id like 'line %' and last_seen_at < ${since}`,
  );
}

/** What a page of read records makes void among the issues of its object. */
export interface PageIssues {
  readonly connectionId: string;
  readonly object: string;
  /** Records (external ids) that were read well, but for what `kept` says of them. */
  readonly read: readonly string[];
  readonly kept: readonly IssueTarget[];
  /** Records that are gone: nothing is written to them. */
  readonly gone: readonly string[];
  /** Records that others may have stood back for. */
  readonly changed: readonly string[];
}

/** SQL: deletes them, and returns those that only stood back, as `freed`. */
export function voidIssues({ connectionId, object, read, kept, gone, changed }: PageIssues): Sql {
  return sql`delete from sync_issue where connection_id = ${connectionId}::uuid and object = ${object} and (
       (operation = 'read' and external_id = any(${read}::text[]) and not (fingerprint = any(${kept.map(fingerprint)}::text[])))
       or (operation = 'write' and external_id = any(${gone}::text[]))
       or blocked_by = any(${changed}::text[]))
     returning record_id, golden_id, coalesce(blocked_by = any(${changed}::text[]), false) as freed`;
}

/**
 * Writes that stood back for a record which has changed by now, or is gone: their issues go.
 *
 * @returns what is to be planned again
 */
export async function releaseBlocked(
  tx: Transaction,
  key: { readonly connectionId: string; readonly object: string; readonly externalIds: readonly string[] },
): Promise<{ recordId: string | null; goldenId: string | null }[]> {
  if (key.externalIds.length === 0) return [];
  return rows(
    tx,
    sql`delete from sync_issue where connection_id = ${key.connectionId}::uuid and object = ${key.object}
        and blocked_by = any(${key.externalIds}::text[])
      returning record_id::text as "recordId", golden_id::text as "goldenId"`,
  );
}

/** A record was made: whatever kept it from being made is over. */
export async function clearCreateIssues(
  tx: Transaction,
  connectionId: string,
  goldenIds: readonly string[],
): Promise<void> {
  if (goldenIds.length === 0) return;
  await execute(
    tx,
    sql`delete from sync_issue where connection_id = ${connectionId}::uuid and golden_id = any(${goldenIds}::uuid[])
        and external_id is null and operation = 'write'`,
  );
}

/** Open or skipped write issues of records: what stands between them and their golden records. */
export interface WriteIssue {
  readonly fingerprint: string;
  readonly recordId: string;
  readonly field: string | null;
  /** Digest of the value that was refused; null when nothing was. */
  readonly refused: string | null;
}

/** An issue that is there, open or skipped. */
export interface StandingIssue {
  readonly fingerprint: string;
  readonly connectionId: string;
  readonly externalId: string | null;
  readonly recordId: string | null;
  readonly goldenId: string | null;
  readonly operation: IssueOperation;
  readonly field: string | null;
  readonly refused: string | null;
}

/** SQL: all that is told of golden records and of records, as {@link StandingIssue}. */
export function standingIssues(goldenIds: readonly string[], recordIds: readonly string[]): Sql {
  return sql`select fingerprint, connection_id::text as "connectionId", external_id as "externalId", record_id::text as "recordId",
            golden_id::text as "goldenId", operation, field, refused from sync_issue
      where golden_id = any(${goldenIds}::uuid[]) or record_id = any(${recordIds}::bigint[])`;
}

export async function writeIssues(tx: Transaction, recordIds: readonly string[]): Promise<WriteIssue[]> {
  if (recordIds.length === 0) return [];
  return rows(
    tx,
    sql`select fingerprint, record_id::text as "recordId", field, refused from sync_issue
      where record_id = any(${recordIds}::bigint[]) and operation = 'write'`,
  );
}

/** Per record, the fields a system refused with the digest of the refused value; `*` stands for the whole write. */
export function refusedByRecord(
  issues: readonly WriteIssue[],
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return group(
    issues.flatMap(({ recordId, field, refused }) =>
      refused === null ? [] : [{ key: recordId, field, refused }],
    ),
  );
}

/** The same for records that could not be made yet: by connection and golden record. */
export async function refusedCreates(
  tx: Transaction,
  goldenIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  if (goldenIds.length === 0) return new Map();
  const found = await rows<{ connectionId: string; goldenId: string; field: string | null; refused: string }>(
    tx,
    sql`select connection_id::text as "connectionId", golden_id::text as "goldenId", field, refused from sync_issue
      where golden_id = any(${goldenIds}::uuid[]) and external_id is null and operation = 'write' and refused is not null`,
  );
  return group(found.map((row) => ({ ...row, key: `${row.connectionId}|${row.goldenId}` })));
}

/** The same out of issues at hand. */
export function refusedCreatesOf(
  issues: readonly StandingIssue[],
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return group(
    issues.flatMap(({ connectionId, goldenId, externalId, operation, field, refused }) =>
      goldenId === null || externalId !== null || operation !== 'write' || refused === null
        ? []
        : [{ key: `${connectionId}|${goldenId}`, field, refused }],
    ),
  );
}

function group(
  entries: readonly { key: string; field: string | null; refused: string }[],
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const grouped = new Map<string, Map<string, string>>();
  for (const row of entries) {
    const fields = grouped.get(row.key) ?? new Map<string, string>();
    fields.set(row.field ?? '*', row.refused);
    grouped.set(row.key, fields);
  }
  return grouped;
}
