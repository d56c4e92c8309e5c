import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import type { IssueReport } from '../issues/issue.repository.js';
import type { UnreadableRecord } from '../sdk/index.js';

/** A record that the connector could not make sense of. */
export function unreadableIssue(
  { connection, setup }: { readonly connection: ActiveConnection; readonly setup: ObjectSetup },
  bad: UnreadableRecord,
): IssueReport {
  return {
    ...issueBase(connection, setup, bad.id),
    code: 'UNREADABLE_RECORD',
    severity: 'error',
    field: bad.property ?? null,
    message: bad.message,
    remedy: bad.remedy,
  };
}

/** What all issues of reading a record have in common. */
export function issueBase(
  connection: ActiveConnection,
  setup: ObjectSetup,
  externalId: string,
): Omit<IssueReport, 'code' | 'severity' | 'field' | 'message' | 'remedy'> {
  return {
    connectionId: connection.id,
    object: setup.object,
    externalId,
    recordId: null,
    goldenId: null,
    operation: 'read',
    valueKind: null,
    valueLength: null,
    refused: null,
    detail: null,
    nextTryAt: null,
  };
}
