/** Associations v4 in batches: contacts with companies, deals with companies and contacts. */
import { invalid } from './answers.js';
import { PRIMARY } from './computed.js';
import { inputsIn, objectIn, type ApiAnswer, type ApiRequest } from './request.js';
import { SINGULAR } from './schema.js';
import type { Store } from './store.js';
import type { LinkEnd, StoredRecord } from './types.js';

const API = { source: 'INTEGRATION' } as const;

interface Path {
  readonly from: 'contacts' | 'deals';
  readonly to: LinkEnd;
}

const PATHS: readonly Path[] = [
  { from: 'contacts', to: 'companies' },
  { from: 'deals', to: 'companies' },
  { from: 'deals', to: 'contacts' },
];

export function pathOf(from: string, to: string | undefined): Path | undefined {
  return PATHS.find((path) => path.from === from && path.to === to);
}

/** The types each may be linked by, the unlabelled one first. */
export function typesOf({ from, to }: Path): readonly number[] {
  if (to === 'contacts') return [3];
  return from === 'contacts' ? [279, PRIMARY.contacts] : [341, PRIMARY.deals];
}

export function associationBatch(
  store: Store,
  path: Path & { readonly action: string },
  request: ApiRequest,
): ApiAnswer | undefined {
  switch (path.action) {
    case 'read':
      return read(store, path, request);
    case 'create':
      return create(store, path, request);
    case 'archive':
      return archive(store, path, request);
    default:
      return undefined;
  }
}

function read(store: Store, { from, to }: Path, request: ApiRequest): ApiAnswer {
  const results: object[] = [];
  const errors: object[] = [];
  for (const input of inputsIn(request.body, 1000)) {
    const id = String(input['id']);
    const record = live(store, from, id);
    const links = [...(record?.links[to] ?? [])].filter(([other]) => live(store, to, other) !== undefined);
    if (links.length === 0) {
      errors.push({
        status: 'error',
        category: 'OBJECT_NOT_FOUND',
        subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
        message: `No ${SINGULAR[to]} is associated with ${SINGULAR[from]} ${id}.`,
        context: { fromObjectId: [id] },
      });
      continue;
    }
    results.push({
      from: { id },
      to: links.map(([other, types]) => ({
        toObjectId: Number(other),
        associationTypes: [...types].map((typeId) => ({
          category: 'HUBSPOT_DEFINED',
          typeId,
          label: to === 'companies' && typeId === PRIMARY[from] ? 'Primary' : null,
        })),
      })),
    });
  }
  return answer(200, results, errors);
}

function create(store: Store, path: Path, request: ApiRequest): ApiAnswer {
  const results: object[] = [];
  const errors: object[] = [];
  for (const input of inputsIn(request.body, 2000)) {
    const { from, to, ids } = pairOf(store, path, input);
    const types = Array.isArray(input['types']) ? input['types'] : [];
    const typeIds = types.map((type: unknown) => Number(objectIn(type, 'a type')['associationTypeId']));
    if (typeIds.length === 0 || typeIds.some((type) => !typesOf(path).includes(type)))
      throw invalid('unknown association type', { subCategory: 'INVALID_ASSOCIATION_TYPE' });
    if (from === undefined || to === undefined) {
      const missing = from === undefined ? ids.from : ids.to;
      errors.push({
        status: 'error',
        category: 'OBJECT_NOT_FOUND',
        message: 'Could not get some objects, they may be deleted or not exist.',
        context: { ids: [missing] },
      });
      continue;
    }
    store.associate(from, to, { ...API, types: typeIds });
    results.push({
      fromObjectTypeId: path.from === 'contacts' ? '0-1' : '0-3',
      fromObjectId: Number(from.id),
      toObjectTypeId: path.to === 'companies' ? '0-2' : '0-1',
      toObjectId: Number(to.id),
      labels: path.to === 'companies' && typeIds.includes(PRIMARY[path.from]) ? ['Primary'] : [],
    });
  }
  return answer(201, results, errors);
}

function archive(store: Store, path: Path, request: ApiRequest): ApiAnswer {
  for (const input of inputsIn(request.body, 2000)) {
    const record = live(store, path.from, String(objectIn(input['from'], 'from')['id']));
    const to = Array.isArray(input['to']) ? input['to'] : [];
    for (const end of to)
      if (record !== undefined)
        store.dissociate(record, { end: path.to, id: String(objectIn(end, 'to')['id']) }, API);
  }
  return { status: 204 };
}

function pairOf(
  store: Store,
  path: Path,
  input: Readonly<Record<string, unknown>>,
): {
  readonly from: StoredRecord | undefined;
  readonly to: StoredRecord | undefined;
  readonly ids: { readonly from: string; readonly to: string };
} {
  const ids = {
    from: String(objectIn(input['from'], 'from')['id']),
    to: String(objectIn(input['to'], 'to')['id']),
  };
  return { from: live(store, path.from, ids.from), to: live(store, path.to, ids.to), ids };
}

function live(
  store: Store,
  object: 'contacts' | 'companies' | 'deals',
  id: string,
): StoredRecord | undefined {
  const record = store.byId(object, id);
  return record?.archivedAt === null ? record : undefined;
}

function answer(status: number, results: readonly object[], errors: readonly object[]): ApiAnswer {
  const now = new Date().toISOString();
  const body = { status: 'COMPLETE', results, startedAt: now, completedAt: now };
  return errors.length === 0
    ? { status, body }
    : { status: 207, body: { ...body, numErrors: errors.length, errors } };
}
