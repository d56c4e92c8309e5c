/** Associations v4 of contacts with companies, in batches. */
import { invalid } from './answers.js';
import { inputsIn, objectIn, type ApiAnswer, type ApiRequest } from './request.js';
import type { Store } from './store.js';
import type { StoredRecord } from './types.js';

const API = { source: 'INTEGRATION' } as const;

export function associationBatch(store: Store, action: string, request: ApiRequest): ApiAnswer | undefined {
  switch (action) {
    case 'read':
      return read(store, request);
    case 'create':
      return create(store, request);
    case 'archive':
      return archive(store, request);
    default:
      return undefined;
  }
}

function read(store: Store, request: ApiRequest): ApiAnswer {
  const results: object[] = [];
  const errors: object[] = [];
  for (const input of inputsIn(request.body, 1000)) {
    const id = String(input['id']);
    const contact = live(store, 'contacts', id);
    const links = [...(contact?.companies ?? [])].filter(
      ([company]) => live(store, 'companies', company) !== undefined,
    );
    if (links.length === 0) {
      errors.push({
        status: 'error',
        category: 'OBJECT_NOT_FOUND',
        subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
        message: `No company is associated with contact ${id}.`,
        context: { fromObjectId: [id] },
      });
      continue;
    }
    results.push({
      from: { id },
      to: links.map(([company, types]) => ({
        toObjectId: Number(company),
        associationTypes: [...types].map((typeId) => ({
          category: 'HUBSPOT_DEFINED',
          typeId,
          label: typeId === 1 ? 'Primary' : null,
        })),
      })),
    });
  }
  return answer(200, results, errors);
}

function create(store: Store, request: ApiRequest): ApiAnswer {
  const results: object[] = [];
  const errors: object[] = [];
  for (const input of inputsIn(request.body, 2000)) {
    const { contact, company, ids } = pairOf(store, input);
    const types = Array.isArray(input['types']) ? input['types'] : [];
    const typeIds = types.map((type: unknown) => Number(objectIn(type, 'a type')['associationTypeId']));
    if (typeIds.length === 0 || typeIds.some((type) => type !== 1 && type !== 279))
      throw invalid('unknown association type', { subCategory: 'INVALID_ASSOCIATION_TYPE' });
    if (contact === undefined || company === undefined) {
      const missing = contact === undefined ? ids.contact : ids.company;
      errors.push({
        status: 'error',
        category: 'OBJECT_NOT_FOUND',
        message: 'Could not get some objects, they may be deleted or not exist.',
        context: { ids: [missing] },
      });
      continue;
    }
    store.associate(contact, company, { ...API, types: typeIds });
    results.push({
      fromObjectTypeId: '0-1',
      fromObjectId: Number(contact.id),
      toObjectTypeId: '0-2',
      toObjectId: Number(company.id),
      labels: typeIds.includes(1) ? ['Primary'] : [],
    });
  }
  return answer(201, results, errors);
}

function archive(store: Store, request: ApiRequest): ApiAnswer {
  for (const input of inputsIn(request.body, 2000)) {
    const contact = live(store, 'contacts', String(objectIn(input['from'], 'from')['id']));
    const to = Array.isArray(input['to']) ? input['to'] : [];
    for (const end of to)
      if (contact !== undefined) store.dissociate(contact, String(objectIn(end, 'to')['id']), API);
  }
  return { status: 204 };
}

function pairOf(
  store: Store,
  input: Readonly<Record<string, unknown>>,
): {
  readonly contact: StoredRecord | undefined;
  readonly company: StoredRecord | undefined;
  readonly ids: { readonly contact: string; readonly company: string };
} {
  const ids = {
    contact: String(objectIn(input['from'], 'from')['id']),
    company: String(objectIn(input['to'], 'to')['id']),
  };
  return {
    contact: live(store, 'contacts', ids.contact),
    company: live(store, 'companies', ids.company),
    ids,
  };
}

function live(store: Store, object: 'contacts' | 'companies', id: string): StoredRecord | undefined {
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
