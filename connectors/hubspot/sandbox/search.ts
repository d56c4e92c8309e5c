/** Search: over the index, which lags; 200 a page, 10,000 in all, one sort. */
import { invalid } from './answers.js';
import { objectIn, ok, textsIn, type ApiAnswer, type ApiRequest } from './request.js';
import { render } from './render.js';
import type { SandboxObject } from './schema.js';
import { valueOf } from './computed.js';
import type { Store } from './store.js';
import type { StoredRecord } from './types.js';
import { instantOf } from './values.js';

const PAGE = 200;
const REACH = 10_000;

export function searchObjects(store: Store, object: SandboxObject, request: ApiRequest): ApiAnswer {
  store.catchUp();
  const body = objectIn(request.body, 'the body');
  const limit = Number(body['limit'] ?? 10);
  const after = Number(body['after'] ?? 0);
  if (!Number.isInteger(limit) || limit < 0 || limit > PAGE)
    throw invalid(`limit is at most ${String(PAGE)}`);
  if (!Number.isInteger(after)) throw invalid('after must be an integer');
  if (after + limit > REACH) throw invalid(`Results past ${String(REACH)} cannot be read`);
  const groups = groupsOf(store, object, body['filterGroups']);
  const found = [...store.records[object].values()].filter(
    (record) =>
      record.indexed !== null &&
      (groups.length === 0 || groups.some((group) => group.every((test) => test(record)))),
  );
  sort(found, body['sorts']);
  const page = found.slice(after, after + limit);
  const view = { properties: textsIn(body['properties']), history: [], associations: [], indexed: true };
  const next = after + page.length;
  return ok({
    total: found.length,
    results: page.map((record) => render(store, record, view)),
    ...(page.length > 0 && next < found.length ? { paging: { next: { after: String(next) } } } : {}),
  });
}

type Test = (record: StoredRecord) => boolean;

function groupsOf(store: Store, object: SandboxObject, given: unknown): readonly (readonly Test[])[] {
  if (given === undefined) return [];
  if (!Array.isArray(given) || given.length > 5) throw invalid('filterGroups must be a list of at most 5');
  return given.map((group: unknown) => {
    const { filters } = objectIn(group, 'a filter group');
    if (!Array.isArray(filters) || filters.length > 6) throw invalid('filters must be a list of at most 6');
    return filters.map((filter: unknown) => testOf(store, object, objectIn(filter, 'a filter')));
  });
}

function testOf(store: Store, object: SandboxObject, filter: Readonly<Record<string, unknown>>): Test {
  const name = String(filter['propertyName']);
  const definition = store.definitions[object].get(name);
  if (definition === undefined) throw invalid(`property ${name} does not exist`);
  const scale = definition.type === 'datetime' || definition.type === 'date' ? instantOf : Number;
  const isOrdered = ['datetime', 'date', 'number'].includes(definition.type);
  const wanted = String(filter['value']);
  const compare = (record: StoredRecord): number => {
    const value = valueOf(record, name, record.indexed ?? record);
    if (value === null) return NaN;
    if (isOrdered) return scale(value) - scale(wanted);
    return value.toLowerCase() === wanted.toLowerCase() ? 0 : NaN;
  };
  switch (filter['operator']) {
    case 'EQ':
      return (record) => compare(record) === 0;
    case 'GT':
      return (record) => compare(record) > 0;
    case 'GTE':
      return (record) => compare(record) >= 0;
    case 'LT':
      return (record) => compare(record) < 0;
    case 'LTE':
      return (record) => compare(record) <= 0;
    case 'HAS_PROPERTY':
      return (record) => valueOf(record, name, record.indexed ?? record) !== null;
    default:
      throw invalid(`the sandbox knows no operator ${String(filter['operator'])}`);
  }
}

/** One sort at most: `name`, `-name`, or an object. Ties come backwards, as nothing is promised of them. */
function sort(records: StoredRecord[], given: unknown): void {
  if (given !== undefined && (!Array.isArray(given) || given.length > 1))
    throw invalid('Only one sort is allowed');
  const [asked] = Array.isArray(given) ? (given as readonly unknown[]) : [];
  const { name, down } = sortOf(asked ?? 'createdate');
  const keyOf = (record: StoredRecord): number => {
    const value = valueOf(record, name, record.indexed ?? record) ?? '';
    return name.endsWith('date') ? instantOf(value) : Number(value);
  };
  const keyed = records.map((record) => ({ record, key: keyOf(record) }));
  keyed.sort((a, b) => (down ? b.key - a.key : a.key - b.key) || Number(b.record.id) - Number(a.record.id));
  keyed.forEach(({ record }, index) => {
    records[index] = record;
  });
}

function sortOf(given: unknown): { readonly name: string; readonly down: boolean } {
  if (typeof given === 'string') return { name: given.replace(/^-/, ''), down: given.startsWith('-') };
  const { propertyName, direction } = objectIn(given, 'a sort');
  return { name: String(propertyName), down: direction === 'DESCENDING' };
}
