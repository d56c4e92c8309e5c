/** Jobs of Bulk API 2.0. Guide: "Query Jobs", "Ingest Jobs". */
import { isObject, unreadableAnswer } from '../api/api-failure.js';
import { patiently } from '../api/patience.js';
import type { SalesforceClient } from '../client.js';
import { readCsv, type Cells } from './csv.js';

export type JobKind = 'query' | 'ingest';

export interface JobInfo {
  readonly id: string;
  /** Open, UploadComplete, InProgress, Aborted, JobComplete, Failed */
  readonly state: string;
  readonly errorMessage: string;
}

/** Describes a job; nothing is done yet by one that takes data. Its id is in the answer. */
export async function openJob(
  client: SalesforceClient,
  kind: JobKind,
  body: Readonly<Record<string, string>>,
): Promise<JobInfo> {
  return infoOf(await client.json({ method: 'POST', path: `/jobs/${kind}`, body }));
}

export async function lookAtJob(client: SalesforceClient, kind: JobKind, id: string): Promise<JobInfo> {
  return patiently(client.ctx, async () =>
    infoOf(await client.json({ method: 'GET', path: `/jobs/${kind}/${id}` })),
  );
}

export async function setJobState(
  client: SalesforceClient,
  kind: JobKind,
  job: { readonly id: string; readonly state: 'UploadComplete' | 'Aborted' },
): Promise<JobInfo> {
  const { id, state } = job;
  return infoOf(await client.json({ method: 'PATCH', path: `/jobs/${kind}/${id}`, body: { state } }));
}

function infoOf(answer: unknown): JobInfo {
  if (!isObject(answer) || typeof answer['id'] !== 'string' || typeof answer['state'] !== 'string')
    throw unreadableAnswer(200);
  const { id, state, errorMessage } = answer;
  return { id, state, errorMessage: typeof errorMessage === 'string' ? errorMessage : '' };
}

export interface ResultPage {
  readonly lines: readonly Cells[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
}

/** At most `max` lines of what a query job found. The same locator gives the same lines again. */
export async function queryResults(
  client: SalesforceClient,
  id: string,
  page: { readonly locator: string | null; readonly max: number },
): Promise<ResultPage> {
  const query = new URLSearchParams({ maxRecords: String(page.max) });
  if (page.locator !== null) query.set('locator', page.locator);
  return results(client, `/jobs/query/${id}/results?${query.toString()}`);
}

/** What became of the records of an ingest job. */
export async function ingestResults(
  client: SalesforceClient,
  id: string,
  which: 'successfulResults' | 'failedResults' | 'unprocessedrecords',
): Promise<readonly Cells[]> {
  return (await results(client, `/jobs/ingest/${id}/${which}`)).lines;
}

async function results(client: SalesforceClient, path: string): Promise<ResultPage> {
  return patiently(client.ctx, async () => {
    const { status, headers, body } = await client.csv(path);
    const locator = headers['sforce-locator'];
    try {
      return {
        lines: readCsv(new TextDecoder().decode(body)),
        next: locator === undefined || locator === 'null' || locator === '' ? null : locator,
      };
    } catch {
      throw unreadableAnswer(status);
    }
  });
}
