import { firstRow, rows, sql, type Queryable, type Sql } from '../platform/database/index.js';
import type { IssueOperation } from './issue.repository.js';

export type IssueState = 'open' | 'skipped';

/** A sync issue as people see it. Kind and length of a value, never the value. */
export interface IssueView {
  readonly id: string;
  readonly connection: string;
  readonly object: string | null;
  readonly externalId: string | null;
  readonly recordId: string | null;
  readonly customerId: string | null;
  readonly operation: IssueOperation;
  readonly code: string;
  readonly severity: 'error' | 'notice';
  readonly field: string | null;
  readonly valueKind: string | null;
  readonly valueLength: number | null;
  readonly message: string;
  readonly remedy: string;
  /** The vendor's own words. */
  readonly detail: string | null;
  readonly state: IssueState;
  readonly attempts: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly nextTryAt: Date | null;
}

/** Which issues: all that meet everything given. */
export interface IssueFilter {
  /** Name of a connection. */
  readonly connection?: string | undefined;
  readonly state?: IssueState | undefined;
  readonly severity?: 'error' | 'notice' | undefined;
  readonly code?: string | undefined;
  readonly operation?: IssueOperation | undefined;
}

export interface IssueGroup {
  readonly code: string;
  readonly severity: 'error' | 'notice';
  readonly operation: IssueOperation;
  readonly connection: string;
  readonly count: number;
  /** Of the one seen last. */
  readonly message: string;
  readonly remedy: string;
  readonly lastSeenAt: Date;
}

const VIEW = sql`i.id::text as id, c.name as connection, i.object, i.external_id as "externalId",
  i.record_id::text as "recordId", i.golden_id::text as "customerId", i.operation, i.code, i.severity, i.field,
  i.value_kind as "valueKind", i.value_length as "valueLength", i.message, i.remedy, i.detail, i.state, i.attempts,
  i.first_seen_at as "firstSeenAt", i.last_seen_at as "lastSeenAt", i.next_try_at as "nextTryAt"`;

/** A condition on `sync_issue i join connection c`. */
export function issueCondition(filter: IssueFilter): Sql {
  const { connection = null, state = null, severity = null, code = null, operation = null } = filter;
  return sql`(${connection}::text is null or c.name = ${connection}) and (${state}::text is null or i.state = ${state})
    and (${severity}::text is null or i.severity = ${severity}) and (${code}::text is null or i.code = ${code})
    and (${operation}::text is null or i.operation = ${operation})`;
}

/** Newest first, from before the id given. */
export async function listIssues(
  db: Queryable,
  filter: IssueFilter,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<IssueView[]> {
  return rows(
    db,
    sql`select ${VIEW} from sync_issue i join connection c on c.id = i.connection_id
      where ${issueCondition(filter)} and (${before}::bigint is null or i.id < ${before}::bigint)
      order by i.id desc limit ${limit}::int`,
  );
}

export async function findIssue(db: Queryable, id: string): Promise<IssueView | undefined> {
  return firstRow(
    db,
    sql`select ${VIEW} from sync_issue i join connection c on c.id = i.connection_id where i.id = ${id}::bigint`,
  );
}

/** How many there are of each kind, most first. */
export async function groupIssues(db: Queryable, filter: IssueFilter): Promise<IssueGroup[]> {
  return rows(
    db,
    sql`select i.code, i.severity, i.operation, c.name as connection, count(*)::int as count,
            (array_agg(i.message order by i.last_seen_at desc))[1] as message,
            (array_agg(i.remedy order by i.last_seen_at desc))[1] as remedy, max(i.last_seen_at) as "lastSeenAt"
       from sync_issue i join connection c on c.id = i.connection_id
      where ${issueCondition(filter)} group by i.code, i.severity, i.operation, c.name
      order by count(*) desc, i.code, c.name`,
  );
}

/** What is wrong with a golden record or with one of its records, open or skipped. */
export async function issuesOfGolden(
  db: Queryable,
  goldenId: string,
  recordIds: readonly string[],
): Promise<IssueView[]> {
  return rows(
    db,
    sql`select ${VIEW} from sync_issue i join connection c on c.id = i.connection_id
      where i.golden_id = ${goldenId}::uuid or i.record_id = any(${recordIds}::bigint[]) order by i.id desc limit 200`,
  );
}
