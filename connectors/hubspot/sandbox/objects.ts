/** CRM objects: list, read, and the batches. */
import { ApiError, batchError, invalid, notFound, type ErrorBody } from './answers.js';
import { inputsIn, objectIn, ok, queryList, textsIn, type ApiAnswer, type ApiRequest } from './request.js';
import { render, renderAll } from './render.js';
import type { SandboxObject } from './schema.js';
import type { Store } from './store.js';
import type { StoredRecord } from './types.js';

const API = { source: 'INTEGRATION' } as const;
const BATCH = 100;
const WITH_HISTORY = 50;

export interface ObjectOptions {
  /** Whether inputs with a trace id are judged one by one. */
  readonly traceIds: boolean;
}

export function listObjects(store: Store, object: SandboxObject, request: ApiRequest): ApiAnswer {
  const history = queryList(request.query, 'propertiesWithHistory');
  const max = history.length > 0 ? WITH_HISTORY : BATCH;
  const limit = Number(request.query.get('limit') ?? 10);
  if (!(limit >= 1 && limit <= max)) throw invalid(`limit must be between 1 and ${String(max)}`);
  const archived = request.query.get('archived') === 'true';
  const after = Number(request.query.get('after') ?? 0);
  const page: StoredRecord[] = [];
  let next: string | undefined;
  // Ids are given out in rising order, so the map is in the order of the list.
  for (const record of store.records[object].values()) {
    if ((record.archivedAt !== null) !== archived || Number(record.id) < after) continue;
    if (page.length === limit) {
      next = record.id;
      break;
    }
    page.push(record);
  }
  const view = {
    properties: queryList(request.query, 'properties'),
    history,
    associations: queryList(request.query, 'associations'),
  };
  return ok({
    results: page.map((record) => render(store, record, view)),
    ...(next === undefined ? {} : { paging: { next: { after: next } } }),
  });
}

export function getObject(
  store: Store,
  given: { object: SandboxObject; id: string },
  request: ApiRequest,
): ApiAnswer {
  const record = store.byId(given.object, given.id);
  const archived = request.query.get('archived') === 'true';
  if (record === undefined || (record.archivedAt !== null) !== archived) throw notFound();
  const properties = queryList(request.query, 'properties');
  return ok(render(store, record, { properties, history: [], associations: [] }));
}

export function batchRead(store: Store, object: SandboxObject, request: ApiRequest): ApiAnswer {
  const body = objectIn(request.body, 'the body');
  const history = textsIn(body['propertiesWithHistory']);
  const inputs = inputsIn(body, history.length > 0 ? WITH_HISTORY : BATCH);
  const archived = request.query.get('archived') === 'true';
  const found = new Set<StoredRecord>();
  const missing: string[] = [];
  for (const input of inputs) {
    const id = String(input['id']);
    const record = lookUp(store, object, { id, idProperty: body['idProperty'] });
    if (record !== undefined && (record.archivedAt !== null) === archived) found.add(record);
    else missing.push(id);
  }
  const view = { properties: textsIn(body['properties']), history, associations: [] };
  const errors = missing.length === 0 ? [] : [missingError(missing)];
  return batchAnswer(
    200,
    [...found].map((record) => render(store, record, view)),
    errors,
  );
}

export function batchCreate(
  store: Store,
  object: SandboxObject,
  request: ApiRequest,
  options: ObjectOptions,
): ApiAnswer {
  const inputs = inputsIn(request.body, BATCH);
  const emails = inputs.map((input) => textOf(propertiesOf(input)['email']).toLowerCase());
  const twice = emails.find((email, index) => email !== '' && emails.indexOf(email) !== index);
  if (twice !== undefined)
    throw invalid(`Duplicate IDs found in batch input: [${twice}]. IDs must be unique`);
  return write(inputs, options, {
    status: 201,
    prepare: (input) => {
      const values = store.forCreate(object, propertiesOf(input));
      return () => renderAll(store, store.create(object, values, API));
    },
  });
}

export function batchUpdate(
  store: Store,
  object: SandboxObject,
  request: ApiRequest,
  options: ObjectOptions,
): ApiAnswer {
  const inputs = inputsIn(request.body, BATCH);
  refuseRepeated(inputs);
  return write(inputs, options, {
    status: 200,
    prepare: (input) => {
      const id = String(input['id']);
      // A record that was merged away is passed over without a word.
      if (store.isMergedAway(object, id)) return undefined;
      const record = liveRecord(store, object, id);
      const given = propertiesOf(input);
      const values = store.forUpdate(record, given);
      return () => {
        store.update(record, values, API);
        return render(store, record, { properties: Object.keys(given), history: [], associations: [] });
      };
    },
  });
}

export function batchUpsert(
  store: Store,
  object: SandboxObject,
  request: ApiRequest,
  options: ObjectOptions,
): ApiAnswer {
  const inputs = inputsIn(request.body, BATCH);
  refuseRepeated(inputs);
  return write(inputs, options, {
    status: 200,
    prepare: (input) => {
      const idProperty = String(input['idProperty']);
      const id = String(input['id']);
      const record = store.byUnique(object, idProperty, id);
      const given = propertiesOf(input);
      if (record === undefined) {
        const values = store.forCreate(object, { ...given, [idProperty]: id });
        return () => ({ ...renderAll(store, store.create(object, values, API)), new: true });
      }
      const values = store.forUpdate(record, given);
      return () => {
        store.update(record, values, API);
        return {
          ...render(store, record, {
            properties: [...Object.keys(given), idProperty],
            history: [],
            associations: [],
          }),
          new: false,
        };
      };
    },
  });
}

export function batchArchive(store: Store, object: SandboxObject, request: ApiRequest): ApiAnswer {
  for (const input of inputsIn(request.body, BATCH)) {
    const record = store.records[object].get(String(input['id']));
    if (record !== undefined) store.archive(record, API);
  }
  return { status: 204 };
}

/** Forgets a contact for good; an archived one too. */
export function gdprDelete(store: Store, request: ApiRequest): ApiAnswer {
  const { objectId, idProperty } = objectIn(request.body, 'the body');
  const record = lookUp(store, 'contacts', { id: String(objectId), idProperty });
  if (record === undefined) throw notFound();
  store.erase(record, API);
  return { status: 204 };
}

export function merge(store: Store, object: SandboxObject, request: ApiRequest): ApiAnswer {
  const { primaryObjectId, objectIdToMerge } = objectIn(request.body, 'the body');
  const primary = store.need(object, String(primaryObjectId));
  return ok(renderAll(store, store.merge(primary, store.need(object, String(objectIdToMerge)), API)));
}

/** Checks all inputs before it applies any; undefined for one to pass over. */
interface Writing {
  readonly status: number;
  prepare(input: Readonly<Record<string, unknown>>): (() => Record<string, unknown>) | undefined;
}

function write(
  inputs: readonly Readonly<Record<string, unknown>>[],
  options: ObjectOptions,
  writing: Writing,
): ApiAnswer {
  const traces = inputs.map((input) => input['objectWriteTraceId']);
  const eachAlone = options.traceIds && traces.every((trace) => typeof trace === 'string');
  const errors: ErrorBody[] = [];
  const prepared = inputs.flatMap((input) => {
    const trace = eachAlone ? { objectWriteTraceId: String(input['objectWriteTraceId']) } : {};
    try {
      const apply = writing.prepare(input);
      return apply === undefined ? [] : [{ apply, trace }];
    } catch (error) {
      if (!(error instanceof ApiError) || !eachAlone) throw error;
      errors.push(batchError(error, { objectWriteTraceId: [String(input['objectWriteTraceId'])] }));
      return [];
    }
  });
  return batchAnswer(
    writing.status,
    prepared.map(({ apply, trace }) => ({ ...apply(), ...trace })),
    errors,
  );
}

/** Results come in no promised order: here backwards. */
function batchAnswer(status: number, results: readonly object[], errors: readonly ErrorBody[]): ApiAnswer {
  const now = new Date().toISOString();
  const body = { status: 'COMPLETE', results: [...results].reverse(), startedAt: now, completedAt: now };
  if (errors.length === 0) return { status, body };
  return { status: 207, body: { ...body, numErrors: errors.length, errors } };
}

function lookUp(
  store: Store,
  object: SandboxObject,
  by: { readonly id: string; readonly idProperty: unknown },
): StoredRecord | undefined {
  return typeof by.idProperty === 'string' && by.idProperty !== 'hs_object_id'
    ? store.byUnique(object, by.idProperty, by.id)
    : store.byId(object, by.id);
}

function liveRecord(store: Store, object: SandboxObject, id: string): StoredRecord {
  const record = store.records[object].get(id);
  if (record?.archivedAt === null) return record;
  throw new ApiError(404, missingError([id]));
}

function missingError(ids: readonly string[]): ErrorBody {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: 'Could not get some objects, they may be deleted or not exist. Check that ids are valid.',
    context: { ids },
  };
}

function refuseRepeated(inputs: readonly Readonly<Record<string, unknown>>[]): void {
  const ids = inputs.map((input) => String(input['id']));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw invalid(`Duplicate IDs found in batch input: [${twice}]. IDs must be unique`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function propertiesOf(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return objectIn(input['properties'], 'properties');
}
