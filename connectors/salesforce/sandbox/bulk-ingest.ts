/** One line of an ingest job: blank cells say nothing, `#N/A` makes a field blank. */
import type { Cells } from '../bulk/csv.js';
import { originOf, type Call } from './collections.js';
import type { FieldDef, ObjectDef } from './fields.js';
import { Problem } from './problem.js';
import { USERS } from './first-rows.js';
import type { Input, Store, Writer } from './store.js';

export interface IngestJob {
  readonly kind: 'ingest';
  readonly def: ObjectDef;
  readonly operation: 'insert' | 'update' | 'upsert' | 'delete';
  /** Of an upsert. */
  readonly key: FieldDef | undefined;
  /** The call that opened it: its headers hold for every record. */
  readonly call: Call;
  lines: readonly Cells[];
  readonly saved: { readonly id: string; readonly created: boolean; readonly line: Cells }[];
  readonly failed: { readonly error: string; readonly line: Cells }[];
}

export function saveLine(store: Store, job: IngestJob, line: Cells): void {
  try {
    job.saved.push({ ...store.events.transaction(() => save(store, job, line)), line });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    job.failed.push({
      error: `${error.code}:${error.message}:${(error.more.fields ?? []).join(' ')} --`,
      line,
    });
  }
}

function save(store: Store, job: IngestJob, line: Cells): { readonly id: string; readonly created: boolean } {
  const { def, key } = job;
  const { fault } = job.call;
  if (fault?.kind === 'record' && JSON.stringify(line).includes(fault.text ?? ''))
    throw new Problem(
      400,
      fault.code ?? 'UNABLE_TO_LOCK_ROW',
      fault.message ?? 'unable to obtain exclusive access',
    );
  const writer: Writer = {
    userId: USERS.sync,
    allowDuplicates: /allowSave=true/i.test(job.call.headers['sforce-duplicate-rule-header'] ?? ''),
    origin: originOf(job.call),
  };
  const input = inputOf(def, line);
  const id = line['Id'] ?? '';
  if (job.operation === 'insert') return { id: store.create(def.type, input, writer), created: true };
  if (job.operation === 'delete') return { id: store.remove(def.type, id, writer), created: false };
  if (job.operation === 'update')
    return { id: store.update(def.type, id, { input, writer }), created: false };
  const there = [...store.rows(def.type).values()].find(
    (row) => key !== undefined && row[key.name] === input[key.name] && row['IsDeleted'] !== true,
  );
  if (there === undefined) return { id: store.create(def.type, input, writer), created: true };
  return { id: store.update(def.type, String(there['Id']), { input, writer }), created: false };
}

function inputOf(def: ObjectDef, line: Cells): Input {
  return Object.fromEntries(
    Object.entries(line).flatMap(([name, text]): [string, string | boolean | null][] => {
      const field = def.fields.get(name.toLowerCase());
      if (field === undefined) throw new Problem(400, 'InvalidBatch', `Field name not found : ${name}`);
      if (text === '' || field.name === 'Id') return [];
      if (text === '#N/A') return [[field.name, null]];
      return [[field.name, field.type === 'boolean' ? text === 'true' : text]];
    }),
  );
}
