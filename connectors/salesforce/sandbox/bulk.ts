/** Jobs of Bulk API 2.0: queries and writes, tables in CSV. A job is at work for as many looks as it is told. */
import { isObject } from '../api/api-failure.js';
import { readCsv, type Cells } from '../bulk/csv.js';
import type { Call } from './collections.js';
import { objectDef, type ObjectDef } from './fields.js';
import { Problem } from './problem.js';
import type { Answer } from './sign-in.js';
import { saveLine, type IngestJob } from './bulk-ingest.js';
import { parseSoql } from './soql-parser.js';
import { runQuery } from './soql-run.js';
import type { Store } from './store.js';

interface QueryJob {
  readonly kind: 'query';
  readonly def: ObjectDef;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

interface Job {
  readonly id: string;
  state: 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';
  looks: number;
  readonly work: QueryJob | IngestJob;
}

/** Results of a query, when no fewer lines are asked for. */
const MOST_LINES = 50_000;

export class BulkJobs {
  /** How many looks a job is found at work before it is done. */
  looks = 1;
  private readonly jobs = new Map<string, Job>();

  constructor(private readonly store: Store) {}

  /** Every job of a kind comes to nothing from now on, or goes away. */
  spoil(how: 'fail' | 'forget'): void {
    if (how === 'forget') this.jobs.clear();
    for (const job of this.jobs.values()) job.state = 'Failed';
  }

  /** `segments` follow `jobs` in the path. */
  answer(call: Call): Answer {
    const [kind, id, part] = call.segments;
    if (kind !== 'query' && kind !== 'ingest') throw notThere();
    if (id === undefined) return { status: 200, body: shown(this.open(kind, call)) };
    const job = this.jobs.get(id);
    if (job?.work.kind !== kind) throw notThere();
    if (part === undefined)
      return { status: 200, body: shown(call.method === 'PATCH' ? this.set(job, call) : this.look(job)) };
    if (part === 'batches') return upload(job, call);
    if (job.state !== 'JobComplete')
      throw new Problem(400, 'INVALIDJOBSTATE', `results are not available in state ${job.state}`);
    return job.work.kind === 'query' ? found(job.work, call) : outcomes(job.work, part);
  }

  private open(kind: 'query' | 'ingest', call: Call): Job {
    const body = isObject(call.body) ? call.body : {};
    const id = `750SB${String(this.jobs.size + 1).padStart(13, '0')}`;
    const work = kind === 'query' ? this.query(body, call) : ingest(body, call);
    const job: Job = { id, looks: this.looks, state: kind === 'query' ? 'UploadComplete' : 'Open', work };
    this.jobs.set(id, job);
    return job;
  }

  private query(body: Readonly<Record<string, unknown>>, call: Call): QueryJob {
    const { operation, query } = body;
    if ((operation !== 'query' && operation !== 'queryAll') || typeof query !== 'string')
      throw new Problem(400, 'INVALIDJOB', `Invalid operation ${String(operation)}`);
    const parsed = parseSoql(query);
    const { records } = runQuery(this.store, parsed, {
      all: operation === 'queryAll',
      version: call.version,
    });
    return { kind: 'query', def: known(parsed.from), records };
  }

  private set(job: Job, call: Call): Job {
    const state = isObject(call.body) ? call.body['state'] : undefined;
    if (state === 'Aborted') job.state = 'Aborted';
    else if (state !== 'UploadComplete' || job.state !== 'Open')
      throw new Problem(400, 'INVALIDJOBSTATE', `Closing a job in state ${job.state} is not allowed`);
    else job.state = 'UploadComplete';
    return job;
  }

  private look(job: Job): Job {
    if (job.state === 'InProgress' && job.looks <= 0) {
      const { work } = job;
      if (work.kind === 'ingest') for (const line of work.lines) saveLine(this.store, work, line);
      job.state = 'JobComplete';
    }
    if (job.state === 'UploadComplete') job.state = 'InProgress';
    job.looks -= 1;
    return job;
  }
}

function ingest(body: Readonly<Record<string, unknown>>, call: Call): IngestJob {
  const { object, operation, externalIdFieldName } = body;
  if (operation !== 'insert' && operation !== 'update' && operation !== 'upsert' && operation !== 'delete')
    throw new Problem(400, 'INVALIDJOB', `Invalid operation ${String(operation)}`);
  const def = known(String(object));
  const key = def.fields.get(String(externalIdFieldName).toLowerCase());
  if (operation === 'upsert' && key?.externalId !== true)
    throw new Problem(400, 'INVALIDJOB', 'InvalidJob : External ID field is required for an upsert job');
  return { kind: 'ingest', def, operation, key, call, lines: [], saved: [], failed: [] };
}

function upload(job: Job, call: Call): Answer {
  if (job.work.kind !== 'ingest' || job.state !== 'Open' || job.work.lines.length > 0)
    throw new Problem(400, 'INVALIDJOBSTATE', `Found multiple contents for job: <${job.id}>`);
  job.work.lines = readCsv(typeof call.body === 'string' ? call.body : '');
  return { status: 201, text: '' };
}

function shown({ id, state, work }: Job): unknown {
  return {
    id,
    state,
    operation: work.kind === 'query' ? 'queryAll' : work.operation,
    object: work.def.type,
    contentType: 'CSV',
    ...(state === 'Failed' ? { errorMessage: 'InvalidBatch : told to fail' } : {}),
  };
}

function found({ def, records }: QueryJob, call: Call): Answer {
  const start = Number(call.query.get('locator') ?? 0);
  const most = Math.min(Number(call.query.get('maxRecords') ?? MOST_LINES), MOST_LINES);
  const end = start + most;
  const names = Object.keys(records[0] ?? { Id: '' }).filter((name) => name !== 'attributes');
  const lines = records.slice(start, end).map((record) => names.map((name) => cell(def, name, record[name])));
  return {
    ...table(names, lines),
    headers: {
      'sforce-locator': end < records.length ? String(end) : 'null',
      'sforce-numberofrecords': String(lines.length),
    },
  };
}

/** Instants end in Z here, and not in +0000 as in JSON. */
function cell(def: ObjectDef, name: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return def.fields.get(name.toLowerCase())?.type === 'datetime' ? text.replace('+0000', 'Z') : text;
}

function outcomes(job: IngestJob, part: string): Answer {
  const names = Object.keys(job.lines[0] ?? {});
  const row = (line: Cells): string[] => names.map((name) => line[name] ?? '');
  if (part === 'successfulResults')
    return table(
      ['sf__Id', 'sf__Created', ...names],
      job.saved.map(({ id, created, line }) => [id, String(created), ...row(line)]),
    );
  if (part === 'failedResults')
    return table(
      ['sf__Id', 'sf__Error', ...names],
      job.failed.map(({ error, line }) => [line['Id'] ?? '', error, ...row(line)]),
    );
  return table(names, []);
}

function table(names: readonly string[], lines: readonly (readonly string[])[]): Answer {
  const text = [names, ...lines]
    .map((cells) => `${cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')}\n`)
    .join('');
  return { status: 200, text, type: 'text/csv' };
}

function known(type: string): ObjectDef {
  const def = objectDef(type);
  if (def === undefined) throw new Problem(400, 'INVALIDJOB', `InvalidJob : Unable to find object: ${type}`);
  return def;
}

function notThere(): Problem {
  return new Problem(404, 'NOT_FOUND', 'The requested resource does not exist');
}
