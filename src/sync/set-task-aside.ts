import { reportIssues } from '../issues/issue.repository.js';
import { errorCode } from '../platform/error-code.js';
import { rows, sql, type Transaction } from '../platform/database/index.js';
import { lockResolve, takeTasks } from './resolve.repository.js';

/**
 * The task that is next in turn always fails: it leaves the queue and becomes an issue, so that the others go on. To
 * retry the issue puts it back.
 */
export async function setTaskAside(tx: Transaction, error: unknown): Promise<void> {
  await lockResolve(tx);
  const [task] = await takeTasks(tx, 1);
  if (task === undefined) return;
  const code = errorCode(error);
  const places = await rows<{
    connectionId: string;
    object: string;
    externalId: string;
    recordId: string;
    goldenId: string | null;
  }>(
    tx,
    sql`select connection_id::text as "connectionId", object, external_id as "externalId", id::text as "recordId",
            golden_id::text as "goldenId"
       from source_record where (${task.kind} = 'record' and id::text = ${task.id}) or (${task.kind} = 'golden' and golden_id::text = ${task.id})
      order by source_record.id limit 1`,
  );
  await reportIssues(
    tx,
    places.map((place) => ({
      ...place,
      operation: 'match',
      code: 'UNRESOLVABLE',
      severity: 'error',
      field: null,
      valueKind: null,
      valueLength: null,
      refused: null,
      message:
        'The hub cannot work out what this record adds up to; it was set aside, and the others went on.',
      remedy: 'Retry the issue; if it comes again, report it with the detail below.',
      // Its message may quote the record.
      detail: `${error instanceof Error ? error.name : 'Error'}${code === undefined ? '' : ` ${code}`}`,
      nextTryAt: null,
    })),
  );
}
