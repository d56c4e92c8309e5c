/** Which call goes where. */
import { ApiError, notFound } from './answers.js';
import { associationBatch, pathOf } from './associations.js';
import { TIME_ZONE } from './limits.js';
import {
  batchArchive,
  batchCreate,
  batchRead,
  batchUpdate,
  batchUpsert,
  gdprDelete,
  getObject,
  listObjects,
  merge,
  type ObjectOptions,
} from './objects.js';
import { renderPipelines } from './pipelines.js';
import { ok, type ApiAnswer, type ApiRequest } from './request.js';
import type { Definition, SandboxObject } from './schema.js';
import { searchObjects } from './search.js';
import type { Store } from './store.js';
import { OWNERS } from './types.js';
import type { Tokens } from './tokens.js';

export interface Portal {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly options: ObjectOptions;
}

/** Throws {@link ApiError} for what HubSpot refuses. */
export function answer(portal: Portal, request: ApiRequest): ApiAnswer {
  const [root, version, kind, name, ...rest] = request.parts;
  const { method } = request;
  if (root === 'account-info' && kind === 'details' && method === 'GET')
    return ok({
      portalId: 48_000_001,
      timeZone: TIME_ZONE,
      uiDomain: 'app.hubspot.com',
      companyCurrency: 'EUR',
      additionalCurrencies: ['USD'],
    });
  if (root !== 'crm' || name === undefined) {
    if (root === 'crm' && kind === 'owners' && method === 'GET') return owners(portal, request);
    throw notFound();
  }
  if (version === 'v3' && kind === 'objects')
    return objects(portal, request, { object: objectNamed(name), rest });
  if (version === 'v3' && kind === 'properties' && method === 'GET')
    return properties(portal, objectNamed(name));
  if (version === 'v3' && kind === 'pipelines' && name === 'deals' && method === 'GET') {
    portal.tokens.require('crm.schemas.deals.read');
    return ok({ results: renderPipelines() });
  }
  const [end, , action] = rest;
  const path = pathOf(name, end);
  if (version === 'v4' && kind === 'associations' && method === 'POST' && path !== undefined) {
    portal.tokens.require(`crm.objects.${path.from}.${action === 'read' ? 'read' : 'write'}`);
    const answered = associationBatch(portal.store, { ...path, action: action ?? '' }, request);
    if (answered !== undefined) return answered;
  }
  throw notFound();
}

function objects(
  portal: Portal,
  request: ApiRequest,
  target: { readonly object: SandboxObject; readonly rest: readonly string[] },
): ApiAnswer {
  const { store, tokens, options } = portal;
  const { object, rest } = target;
  const [first, action] = rest;
  const route = `${request.method} ${first === 'batch' ? `batch/${String(action)}` : first === 'search' || first === 'merge' || first === 'gdpr-delete' ? first : first === undefined ? '' : ':id'}`;
  const isWrite = /create|update|upsert|archive|merge|gdpr/.test(route);
  tokens.require(`crm.objects.${object}.${isWrite ? 'write' : 'read'}`);
  switch (route) {
    case 'GET ':
      return listObjects(store, object, request);
    case 'GET :id':
      return getObject(store, { object, id: first ?? '' }, request);
    case 'POST search':
      return searchObjects(store, object, request);
    case 'POST merge':
      return merge(store, object, request);
    case 'POST gdpr-delete':
      if (object !== 'contacts') throw new ApiError(404, { message: 'Not Found' });
      return gdprDelete(store, request);
    case 'POST batch/read':
      return batchRead(store, object, request);
    case 'POST batch/create':
      return batchCreate(store, object, request, options);
    case 'POST batch/update':
      return batchUpdate(store, object, request, options);
    case 'POST batch/upsert':
      return batchUpsert(store, object, request, options);
    case 'POST batch/archive':
      return batchArchive(store, object, request);
    default:
      throw new ApiError(405, { message: 'Method Not Allowed' });
  }
}

function owners({ tokens }: Portal, request: ApiRequest): ApiAnswer {
  tokens.require('crm.objects.owners.read');
  const archived = request.query.get('archived') === 'true';
  return ok({ results: OWNERS.filter((owner) => owner.archived === archived) });
}

function properties({ store, tokens }: Portal, object: SandboxObject): ApiAnswer {
  tokens.require(`crm.schemas.${object}.read`);
  return ok({ results: [...store.definitions[object].values()].map(described) });
}

function described(definition: Definition): object {
  const { name, label, type, fieldType, options, hasUniqueValue, hubspotDefined, readOnly, owner } =
    definition;
  return {
    name,
    label,
    type,
    fieldType,
    description: '',
    groupName: 'information',
    options: options.map((option, displayOrder) => ({ ...option, displayOrder, hidden: false })),
    hasUniqueValue,
    hidden: false,
    calculated: false,
    externalOptions: owner,
    ...(owner ? { referencedObjectType: 'OWNER' } : {}),
    ...(hubspotDefined ? { hubspotDefined } : {}),
    modificationMetadata: {
      archivable: !hubspotDefined,
      readOnlyDefinition: hubspotDefined,
      readOnlyValue: readOnly,
    },
  };
}

function objectNamed(name: string): SandboxObject {
  if (name === 'contacts' || name === 'contact' || name === '0-1') return 'contacts';
  if (name === 'companies' || name === 'company' || name === '0-2') return 'companies';
  if (name === 'deals' || name === 'deal' || name === '0-3') return 'deals';
  throw new ApiError(400, {
    message: `Unable to infer object type from: ${name}`,
    category: 'VALIDATION_ERROR',
  });
}
