import { createHash } from 'node:crypto';
import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import type { IssueReport } from '../issues/issue.repository.js';
import { isDatabaseTrouble } from '../platform/database/index.js';
import { errorCode } from '../platform/error-code.js';
import { ConnectorError, type SourceRecord } from '../sdk/index.js';
import type { Batch } from './ingest.js';
import { issueBase } from './read-issues.js';

export interface Storing {
  /** Stores a part of the batch, all or nothing. */
  readonly store: (part: Batch) => Promise<void>;
  /** Keeps in mind that a record could not be stored, and why. */
  readonly setAside: (record: SourceRecord, error: unknown) => Promise<void>;
}

/** So many records fail one after the other, and none is stored: then it is not the records. */
const HOPELESS = 10;

/**
 * Stores a batch that cannot be stored as a whole in ever smaller parts, until the records that break it stand alone:
 * they are set aside, all others are stored. When it returns, each record is one or the other.
 *
 * @throws the error of the records when none of them can be stored, or the database is away: then it has another cause
 */
export async function storeInParts(batch: Batch, { store, setAside }: Storing): Promise<void> {
  const failed: { readonly record: SourceRecord; readonly error: unknown }[] = [];
  let stored = 0;
  const split = async (records: readonly SourceRecord[]): Promise<void> => {
    const [first] = records;
    if (first === undefined) return;
    try {
      await store({ records, tombstones: [], readAt: batch.readAt });
      stored += records.length;
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      if (records.length === 1) failed.push({ record: first, error });
      if (stored === 0 && failed.length >= HOPELESS) throw error;
      if (records.length === 1) return;
      const middle = Math.ceil(records.length / 2);
      await split(records.slice(0, middle));
      await split(records.slice(middle));
    }
  };
  await store({ ...batch, records: [] });
  await split(batch.records);
  for (const { record, error } of failed) await setAside(record, error);
}

/** An id longer than an index takes is told by its beginning. */
const LONGEST_ID = 200;

/** The dead letter: which record could not be stored, and why, without a word of what it says. */
export function setAsideIssue(
  { connection, setup }: { readonly connection: ActiveConnection; readonly setup: ObjectSetup },
  record: SourceRecord,
  error: unknown,
): IssueReport {
  const id =
    record.id.length <= LONGEST_ID
      ? record.id
      : `${record.id.slice(0, LONGEST_ID)}…${createHash('sha256').update(record.id).digest('hex').slice(0, 12)}`;
  const code = errorCode(error);
  return {
    ...issueBase(connection, setup, id),
    code: 'UNSTORABLE_RECORD',
    severity: 'error',
    field: null,
    message: `The hub cannot store this ${setup.declaration.title} record of ${connection.name}; it was set aside, and the others went on.`,
    remedy:
      'Look in the system for what is odd about it (an endless text, a number beyond measure), correct it, then retry the issue. If nothing is odd, report this with the detail below.',
    // Its message may quote the record.
    detail: `${error instanceof Error ? error.name : 'Error'}${code === undefined ? '' : ` ${code}`}`,
  };
}

/** The items of a connector; what it throws that is no word of the system is a fault of the connector, told as such. */
export async function* guarded<T>(
  items: AsyncIterable<T>,
  connection: ActiveConnection,
  signal: AbortSignal,
): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    if (error instanceof ConnectorError || signal.aborted || isDatabaseTrouble(error)) throw error;
    throw new ConnectorError({
      kind: 'system',
      code: 'CONNECTOR_FAILED',
      message: `The connector "${connection.connector.name}" failed while reading ${connection.name}.`,
      remedy:
        'This is a fault of the connector: report it with the detail below, or use another version of it.',
      detail: error instanceof Error ? error.name : 'Error',
      cause: error,
    });
  }
}
