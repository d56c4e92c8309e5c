/** sObject Collections: up to 200 records a call, an outcome for each, in order. */
import { isObject } from '../api/api-failure.js';
import type { Fault } from './faults.js';
import { objectDef, objectOfId, type FieldDef } from './fields.js';
import { Problem } from './problem.js';
import { assertParsable } from './values.js';
import { USERS } from './first-rows.js';
import type { Input, Store, Writer } from './store.js';

export interface Call {
  readonly method: string;
  readonly version: string;
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  readonly fault: Fault | undefined;
}

const MOST = 200;

export function collection(store: Store, call: Call): unknown {
  const allowDuplicates = /allowSave=true/i.test(call.headers['sforce-duplicate-rule-header'] ?? '');
  const writer = { userId: USERS.sync, allowDuplicates, origin: originOf(call) };
  return store.events.transaction(() => saved({ store, call, writer }));
}

/** `changeOrigin` of what an API call changes; the client is as its Call Options header says. */
export function originOf({ version, headers }: Call): string {
  const client = /client=([^;,]*)/.exec(headers['sforce-call-options'] ?? '')?.[1];
  const api = `com/salesforce/api/rest/${version}`;
  return client === undefined ? api : `${api};client=${client.trim()}`;
}

function saved(desk: Desk): unknown {
  const { call, store } = desk;
  const [type, key] = call.segments;
  if (call.method === 'DELETE') return remove(desk);
  if (call.method === 'POST')
    return each(desk, (record) => ({ id: store.create(typeOf(record), record, desk.writer) }));
  if (call.method !== 'PATCH')
    throw new Problem(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${call.method}' not allowed`);
  if (type === undefined || key === undefined)
    return each(desk, (record, met) => ({ id: update(desk, record, met) }));
  const field = objectDef(type)?.fields.get(key.toLowerCase());
  if (field?.externalId !== true)
    throw new Problem(
      404,
      'NOT_FOUND',
      `Provided external ID field does not exist or is not accessible: ${key}`,
    );
  return each(desk, (record, met) => upsert(desk, record, { type, field, met }));
}

interface Desk {
  readonly store: Store;
  readonly call: Call;
  readonly writer: Writer;
}

interface Saved {
  readonly id: string;
  readonly created?: boolean;
}

function each(desk: Desk, save: (record: Input, met: Set<string>) => Saved): readonly unknown[] {
  const { body } = desk.call;
  const records: unknown = isObject(body) ? body['records'] : undefined;
  if (!Array.isArray(records)) throw new Problem(400, 'JSON_PARSER_ERROR', 'records is required');
  counted(records.length);
  for (const record of records) readable(record);
  const met = new Set<string>();
  return records.map((record: unknown) =>
    outcome(desk, record, () => {
      if (!isObject(record)) throw new Problem(400, 'JSON_PARSER_ERROR', 'an object was expected');
      return save(record, met);
    }),
  );
}

/** JSON is read into records before any is saved: a value of a wrong type refuses the whole call. */
function readable(record: unknown): void {
  if (!isObject(record)) throw new Problem(400, 'JSON_PARSER_ERROR', 'an object was expected');
  const def = objectDef(typeOf(record));
  for (const [name, value] of Object.entries(record)) {
    const field = def?.fields.get(name.toLowerCase());
    if (field !== undefined && name !== 'attributes') assertParsable(field, value);
  }
}

function outcome(desk: Desk, record: unknown, save: () => Saved): unknown {
  try {
    const { fault } = desk.call;
    if (fault?.kind === 'record' && JSON.stringify(record).includes(fault.text ?? ''))
      throw new Problem(
        400,
        fault.code ?? 'UNABLE_TO_LOCK_ROW',
        fault.message ?? 'unable to obtain exclusive access to this record',
      );
    return { ...save(), success: true, errors: [] };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { success: false, errors: [error.saveError()] };
  }
}

function update(desk: Desk, record: Input, met: Set<string>): string {
  const id = record['id'] ?? record['Id'];
  if (typeof id !== 'string')
    throw new Problem(400, 'MISSING_ARGUMENT', 'Id not specified in an update call');
  if (met.has(id)) throw new Problem(400, 'DUPLICATE_VALUE', `duplicate id in list: ${id}`);
  met.add(id);
  return desk.store.update(typeOf(record), id, { input: record, writer: desk.writer });
}

function upsert(
  desk: Desk,
  record: Input,
  by: { readonly type: string; readonly field: FieldDef; readonly met: Set<string> },
): Saved {
  const { type, field, met } = by;
  const value = record[field.name];
  if (typeof value !== 'string' || value === '')
    throw new Problem(400, 'MISSING_ARGUMENT', `${field.name} not specified`);
  if (met.has(value))
    throw new Problem(400, 'DUPLICATE_VALUE', `Duplicate external id specified: ${value}`, {
      fields: [field.name],
    });
  met.add(value);
  const found = [...desk.store.rows(type).values()].filter(
    (row) => row[field.name] === value && row['IsDeleted'] !== true,
  );
  const [first] = found;
  if (first === undefined) return { id: desk.store.create(type, record, desk.writer), created: true };
  return {
    id: desk.store.update(type, String(first['Id']), { input: record, writer: desk.writer }),
    created: false,
  };
}

function remove(desk: Desk): readonly unknown[] {
  const ids = (desk.call.query.get('ids') ?? '').split(',').filter((id) => id !== '');
  counted(ids.length);
  return ids.map((id) =>
    outcome(desk, { id }, () => ({ id: desk.store.remove(objectOfId(id)?.type ?? '', id, desk.writer) })),
  );
}

function typeOf(record: Input): string {
  const type = isObject(record['attributes']) ? record['attributes']['type'] : undefined;
  if (typeof type !== 'string')
    throw new Problem(400, 'INVALID_INPUT', 'Each record must have an attributes map with a type');
  return type;
}

function counted(count: number): void {
  if (count > MOST)
    throw new Problem(
      400,
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${String(MOST)} records into this call`,
    );
}
