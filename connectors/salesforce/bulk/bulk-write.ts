/**
 * Many writes of one kind as one ingest job. Nothing is changed in the org before the job is told that its table is
 * complete; from then on each record has an outcome of its own, as in a collection.
 */
import { ConnectorError, TransportError } from '../../../src/sdk/index.js';
import { ApiFailure, type ApiErrorItem } from '../api/api-failure.js';
import type { SaveAnswer } from '../api/save-answer.js';
import type { Fields, Row, SalesforceClient } from '../client.js';
import { toHubError } from '../errors.js';
import type { Lost } from '../write/write.js';
import { BLANK, writeCsv, type Cells } from './csv.js';
import { ingestResults, lookAtJob, openJob, setJobState, type JobInfo } from './jobs.js';

export interface BulkWrite {
  readonly type: string;
  readonly operation: 'update' | 'upsert' | 'delete';
  /** The column that tells records apart: `Id`, or the external id of an upsert. */
  readonly key: string;
}

/** Jobs are not for this org, user, object or table: nothing was changed, the records are to go another way. */
export class BulkRefused extends Error {
  constructor(readonly code: string) {
    super('Salesforce refuses the bulk job.');
    this.name = 'BulkRefused';
  }
}

/** After so long the job is told to stop; what it has not done by then is tried again. */
const PATIENCE_MS = 10 * 60_000;
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/** A text that the table could not tell from "make it blank". */
export function fitsTable(fields: Fields): boolean {
  return Object.values(fields).every((value) => value !== BLANK);
}

/**
 * One answer for each record, in order.
 *
 * @throws BulkRefused, or ConnectorError when the job did not begin: nothing was changed
 */
export async function bulkWrite(
  client: SalesforceClient,
  job: BulkWrite,
  records: readonly Fields[],
): Promise<readonly (SaveAnswer | Lost)[]> {
  const id = await prepare(client, job, records);
  if (!(await begin(client, id))) return records.map(() => ({ success: 'lost', ended: false }));
  try {
    const ended = await end(client, id);
    return await collect(client, job, { id, ended, records });
  } catch (error) {
    if (error instanceof BulkRefused) throw error;
    if (error instanceof TransportError && error.code === 'aborted') throw error;
    client.ctx.log.warn('salesforce bulk job lost from sight', { job: id });
    return records.map(() => ({ success: 'lost', ended: false }));
  }
}

async function prepare(
  client: SalesforceClient,
  job: BulkWrite,
  records: readonly Fields[],
): Promise<string> {
  const { type, operation, key } = job;
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const externalId = operation === 'upsert' ? { externalIdFieldName: key } : {};
  try {
    const { id } = await openJob(client, 'ingest', {
      object: type,
      operation,
      contentType: 'CSV',
      ...externalId,
    });
    await client.upload(`/jobs/ingest/${id}/batches`, writeCsv(columns, records));
    return id;
  } catch (error) {
    const refused =
      error instanceof ApiFailure &&
      [400, 403, 404].includes(error.status) &&
      error.code !== 'REQUEST_LIMIT_EXCEEDED';
    if (refused) throw new BulkRefused(error.code);
    // Without the word to begin a job changes nothing, however its making failed.
    throw toHubError(error, client.ctx.clock.now());
  }
}

/** False when nobody can tell whether the job has begun. */
async function begin(client: SalesforceClient, id: string): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await setJobState(client, 'ingest', { id, state: 'UploadComplete' });
      return true;
    } catch (error) {
      if (error instanceof TransportError && error.code === 'aborted') throw error;
      const info = await lookAtJob(client, 'ingest', id).catch(() => undefined);
      if (info === undefined) return false;
      if (info.state !== 'Open') return true;
    }
  }
  throw new ConnectorError({
    kind: 'transient',
    code: 'BULK_NOT_BEGUN',
    message: 'Salesforce took the table of a bulk job, but not the word to begin.',
    remedy: 'Nothing to do: it is tried again by itself. Where it lasts, see Setup, Bulk Data Load Jobs.',
  });
}

async function end(client: SalesforceClient, id: string): Promise<JobInfo> {
  const { clock } = client.ctx;
  const deadline = clock.now() + PATIENCE_MS;
  for (let wait = SHORTEST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    const info = await lookAtJob(client, 'ingest', id);
    if (['JobComplete', 'Failed', 'Aborted'].includes(info.state)) return info;
    if (clock.now() > deadline) await setJobState(client, 'ingest', { id, state: 'Aborted' });
    await clock.sleep(wait);
  }
}

async function collect(
  client: SalesforceClient,
  job: BulkWrite,
  done: { readonly id: string; readonly ended: JobInfo; readonly records: readonly Fields[] },
): Promise<readonly SaveAnswer[]> {
  const { id, ended, records } = done;
  const [saved, failed] = [
    await ingestResults(client, id, 'successfulResults'),
    await ingestResults(client, id, 'failedResults'),
  ];
  const answers = new Map<string, SaveAnswer>();
  const keyOf = (line: Cells | Row): string => {
    const value = line[job.key];
    return typeof value === 'string' ? value : '';
  };
  for (const line of saved) {
    const created = job.operation === 'upsert' ? line['sf__Created'] === 'true' : undefined;
    answers.set(keyOf(line), { success: true, id: line['sf__Id'] ?? '', created });
  }
  for (const line of failed)
    answers.set(keyOf(line), { success: false, error: errorOf(line['sf__Error'] ?? '') });
  // A table that Salesforce could not read at all: the records are to show one by one what is wrong.
  if (ended.state === 'Failed' && answers.size === 0) throw new BulkRefused('FAILED');
  return records.map((record) => answers.get(keyOf(record)) ?? { success: false, error: notDone(ended) });
}

/** `STRING_TOO_LONG:Title: data value too large: … (max length=128):Title --` */
function errorOf(text: string): ApiErrorItem {
  const [, code = 'UNKNOWN_EXCEPTION', message = text, fields = ''] =
    /^([A-Za-z_]+):([\s\S]*):([^:]*?) ?--\s*$/.exec(text) ?? [];
  return { code, message, fields: fields.split(/[ ,]+/).filter((name) => name !== ''), existingIds: [] };
}

/** Left over by a job that failed or was stopped. */
function notDone({ errorMessage, state }: JobInfo): ApiErrorItem {
  const message = errorMessage === '' ? `The bulk job ended as ${state}.` : errorMessage;
  return { code: 'SERVER_UNAVAILABLE', message, fields: [], existingIds: [] };
}
