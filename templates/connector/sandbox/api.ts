/** Which call does what. */
import { Refusal, type ObjectName, type Row, type Store, type Values } from './store.js';

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

const MAX_IDS = 100;

/** Throws {@link Refusal}. */
export function answer(store: Store, { method, url, body }: ApiRequest): ApiAnswer {
  const [object = '', first, second] = url.pathname.split('/').slice(1).map(decodeURIComponent);
  if (object !== 'company' && object !== 'person') throw new Refusal(404, {});
  const call = `${method} ${['links', 'read', 'properties', 'by-ref'].includes(first ?? '') ? String(first) : first === undefined ? '' : ':id'}`;
  switch (call) {
    case 'GET ':
      return changes(store, object, url.searchParams);
    case 'GET links': {
      const found = store.linkChanges(object, Number(url.searchParams.get('after') ?? store.lastLink));
      return ok({ changes: found, last: store.lastLink });
    }
    case 'GET properties':
      return ok({ properties: store.properties(object) });
    case 'POST read':
      return read(store, object, body);
    case 'GET by-ref': {
      const row = store.findByRef(object, second ?? '');
      if (row === undefined) throw new Refusal(404, {});
      return ok(shown(row));
    }
    case 'PUT by-ref': {
      const row = store.findByRef(object, second ?? '');
      if (row === undefined) return ok(shown(store.create(object, valuesIn(body), { ref: second ?? '' })));
      return ok(shown(store.update(object, row.id, valuesIn(body))));
    }
    case 'PATCH :id':
      return ok(shown(store.update(object, first ?? '', valuesIn(body))));
    case 'DELETE :id':
      store.remove(object, first ?? '');
      return ok({});
    default:
      throw new Refusal(404, {});
  }
}

function changes(store: Store, object: ObjectName, query: URLSearchParams): ApiAnswer {
  const since = query.get('since') ?? '';
  const found = store.changes(object, since === '' ? 0 : Date.parse(since), query.get('id') ?? '');
  const limit = Math.min(100, Number(query.get('limit') ?? 100));
  return ok({ rows: found.slice(0, limit).map(shown), more: found.length > limit });
}

function read(store: Store, object: ObjectName, body: ApiRequest['body']): ApiAnswer {
  const ids = Array.isArray(body['ids']) ? body['ids'].map(String) : [];
  if (ids.length > MAX_IDS) throw new Refusal(400, { reason: `at most ${String(MAX_IDS)} ids` });
  return ok({ rows: ids.flatMap((id) => store.find(object, id) ?? []).map(shown) });
}

function valuesIn(body: ApiRequest['body']): Values {
  const { values } = body;
  if (typeof values !== 'object' || values === null) throw new Refusal(400, { reason: 'no values' });
  return { ...values };
}

function shown({ ref: _ref, changedAt, ...row }: Row): object {
  return { ...row, changedAt: new Date(changedAt).toISOString() };
}

function ok(body: object): ApiAnswer {
  return { status: 200, body };
}
