import { randomUUID } from 'node:crypto';
import {
  execute,
  json,
  rows,
  sql,
  type Queryable,
  type Sql,
  type Transaction,
} from '../platform/database/index.js';
import { insertRun, isBeingPulled } from '../runs/run.repository.js';
import { lookAgain } from '../sync/inbox.repository.js';
import { issueCondition, type IssueFilter, type IssueState } from './issue-list.repository.js';

/** What is to be set going, by connection id. */
export interface Retried {
  readonly count: number;
  readonly fetch: readonly string[];
  readonly push: readonly string[];
  readonly pull: readonly { readonly runId: string; readonly connectionId: string }[];
}

interface Retry {
  readonly connectionId: string;
  readonly operation: string;
  readonly object: string | null;
  readonly externalId: string | null;
  readonly recordId: string | null;
  readonly goldenId: string | null;
}

/** Trying again is no answer to these: somebody must decide. */
export const WAITING_FOR_A_WORD: readonly string[] = ['RUN_HELD', 'RUN_REJECTED', 'FIELD_FROZEN'];

/** Clears what holds the issues' work back and puts it into the queues; the caller enqueues the jobs. */
export async function retryIssues(
  tx: Transaction,
  which: { readonly id: string } | { readonly filter: IssueFilter },
): Promise<Retried> {
  const condition = 'id' in which ? sql`i.id = ${which.id}::bigint` : issueCondition(which.filter);
  const issues = await release(tx, condition);
  await tryAgain(tx, issues);
  const broken = distinct(issues.filter((issue) => issue.operation === 'connection'));
  return {
    count: issues.length,
    fetch: await readAgain(tx, issues),
    push: distinct(issues.filter((issue) => issue.operation === 'write')),
    pull: await revive(tx, broken),
  };
}

/**
 * Issues of writes and matches go: planning sends again even what was refused, and tells anew if that fails. Those of
 * reading and of whole connections stay until it works.
 */
async function release(tx: Transaction, condition: Sql): Promise<Retry[]> {
  return rows(
    tx,
    sql`with chosen as (
       select i.* from sync_issue i join connection c on c.id = i.connection_id where ${condition} and not (i.code = any(${WAITING_FOR_A_WORD}::text[])) for update of i
     ), gone as (
       delete from sync_issue i using chosen where i.id = chosen.id and i.operation in ('write', 'match')
     ), kept as (
       update sync_issue i set next_try_at = null, state = 'open' from chosen
        where i.id = chosen.id and i.operation not in ('write', 'match')
     ), unmarked as (
       update source_record s set fields = s.fields || f.fields
         from (select record_id, jsonb_object_agg(w.field, (s.fields -> w.field) - 'sent') as fields
                 from chosen w join source_record s on s.id = w.record_id
                where w.operation = 'write' and jsonb_typeof(s.fields -> w.field) = 'object' group by record_id) f
        where s.id = f.record_id
     )
     select connection_id::text as "connectionId", operation, object, external_id as "externalId",
            record_id::text as "recordId", golden_id::text as "goldenId" from chosen`,
  );
}

/** Records and golden records to look at again; writes that wait for a later try are due now. */
async function tryAgain(tx: Transaction, issues: readonly Retry[]): Promise<void> {
  const targets = issues.filter((issue) => issue.operation === 'write' || issue.operation === 'match');
  if (targets.length === 0) return;
  const given = sql`jsonb_to_recordset(${json(targets)}) as t("connectionId" uuid, "recordId" bigint, "goldenId" uuid)`;
  await execute(
    tx,
    sql`insert into resolve_task (kind, id)
     select distinct 'golden', coalesce(s.golden_id, t."goldenId")::text
       from ${given} left join source_record s on s.id = t."recordId"
      where coalesce(s.golden_id, t."goldenId") is not null
      order by 2
     on conflict do nothing`,
  );
  await execute(
    tx,
    sql`update push_intent p set due_at = now(), attempts = 0
       from ${given} where p.connection_id = t."connectionId" and p.due_at > now()
        and (p.record_id = t."recordId" or (t."recordId" is null and p.golden_id = t."goldenId"))`,
  );
}

/** What could not be read is read again; returns the connections. */
async function readAgain(tx: Transaction, issues: readonly Retry[]): Promise<string[]> {
  const unread = issues.filter(
    (issue) => issue.operation === 'read' && issue.object !== null && issue.externalId !== null,
  );
  for (const group of Map.groupBy(
    unread,
    (issue) => `${issue.connectionId} ${issue.object ?? ''}`,
  ).values()) {
    const [first] = group;
    if (first?.object == null) continue;
    await lookAgain(tx, {
      connectionId: first.connectionId,
      object: first.object,
      externalIds: group.flatMap((issue) => issue.externalId ?? []),
    });
  }
  return distinct(issues.filter((issue) => issue.operation === 'read' || issue.operation === 'connection'));
}

/** Connections that had failed are tried by reading them; paused ones stay paused. */
async function revive(tx: Transaction, connectionIds: readonly string[]): Promise<Retried['pull']> {
  const active = await rows<{ id: string }>(
    tx,
    sql`update connection set state = 'active', problem = null, updated_at = now()
      where id = any(${connectionIds}::uuid[]) and state in ('failed', 'active') returning id::text as id`,
  );
  const pull: { runId: string; connectionId: string }[] = [];
  for (const { id } of active) {
    if (await isBeingPulled(tx, id)) continue;
    const runId = randomUUID();
    await insertRun(tx, {
      id: runId,
      trigger: 'manual',
      full: false,
      scheduleKey: null,
      connectionIds: [id],
    });
    pull.push({ runId, connectionId: id });
  }
  return pull;
}

function distinct(issues: readonly Retry[]): string[] {
  return [...new Set(issues.map((issue) => issue.connectionId))].sort();
}

export async function setIssueState(db: Queryable, id: string, state: IssueState): Promise<void> {
  await execute(db, sql`update sync_issue set state = ${state} where id = ${id}::bigint`);
}
