import { voidIssues, type PageIssues } from '../issues/issue.repository.js';
import { firstRow, sql, type Transaction } from '../platform/database/index.js';
import { countUp, type RunCounts } from '../runs/run.repository.js';
import { lateSurvivors } from './crm-merge.js';
import { moveCursor } from './cursor.repository.js';

export interface PageEnd {
  readonly connectionId: string;
  readonly object: string;
  readonly issues: Omit<PageIssues, 'connectionId' | 'object'>;
  /** Ids of records that are new. */
  readonly newcomers: readonly string[];
  readonly counts: Omit<RunCounts, 'connectionId' | 'object'>;
  /** Whose counts they are; null: nobody's. */
  readonly runId: string | null;
  /** Where the reading goes on; left as it is unless told. */
  readonly cursor?: unknown;
}

/** What the end of a page brings to light. */
export interface PageEnded {
  /** What waited for one of its records, and is to be looked at again. */
  readonly freed: readonly { readonly recordId: string | null; readonly goldenId: string | null }[];
  /** Merged records, each with its survivor that turned up only now. */
  readonly late: readonly { readonly a: string; readonly b: string }[];
}

/** All that is to be noted once the records of a page are stored, in one statement. */
export async function closePage(tx: Transaction, end: PageEnd): Promise<PageEnded> {
  const key = { connectionId: end.connectionId, object: end.object };
  const counted =
    end.runId === null ? sql`` : sql`, counted as (${countUp(end.runId, [{ ...key, ...end.counts }])})`;
  const moved = 'cursor' in end ? sql`, moved as (${moveCursor({ ...key, cursor: end.cursor })})` : sql``;
  const ended = await firstRow<PageEnded>(
    tx,
    sql`with voided as (${voidIssues({ ...key, ...end.issues })})${counted}${moved}
     select (select coalesce(json_agg(v), '[]') from (
               select record_id::text as "recordId", golden_id::text as "goldenId" from voided where freed) v) as freed,
            (select coalesce(json_agg(l), '[]') from (
               ${lateSurvivors(end.newcomers)}) l) as late`,
  );
  return ended ?? { freed: [], late: [] };
}
