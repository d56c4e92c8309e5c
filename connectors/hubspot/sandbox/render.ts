/** Records as the API shows them. */
import { DEFAULT_PROPERTIES, MODIFIED } from './schema.js';
import { valueOf } from './computed.js';
import type { Store } from './store.js';
import type { StoredRecord } from './types.js';

interface View {
  /** Unknown ones are left out without a word; none at all gives the defaults. */
  readonly properties: readonly string[];
  readonly history: readonly string[];
  readonly companies: boolean;
  /** As the search index knows the record. */
  readonly indexed?: boolean;
}

export function render(store: Store, record: StoredRecord, view: View): Record<string, unknown> {
  const definitions = store.definitions[record.object];
  const asked = view.properties.filter((name) => definitions.has(name));
  const names = view.properties.length === 0 ? DEFAULT_PROPERTIES[record.object] : asked;
  const source = view.indexed === true && record.indexed !== null ? record.indexed : record;
  const always = ['createdate', 'hs_object_id', MODIFIED[record.object]];
  const properties = Object.fromEntries(
    [...new Set([...names, ...always])].map((name) => [name, valueOf(record, name, source)]),
  );
  return {
    id: record.id,
    properties,
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(source.updatedAt).toISOString(),
    archived: record.archivedAt !== null,
    ...(record.archivedAt === null ? {} : { archivedAt: new Date(record.archivedAt).toISOString() }),
    ...(view.history.length === 0 ? {} : { propertiesWithHistory: historyOf(record, view.history) }),
    ...(view.companies && record.companies.size > 0
      ? { associations: { companies: { results: linksOf(record) } } }
      : {}),
  };
}

/** What a create answers with: all that is set. */
export function renderAll(store: Store, record: StoredRecord): Record<string, unknown> {
  return render(store, record, { properties: Object.keys(record.properties), history: [], companies: false });
}

function historyOf(record: StoredRecord, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      (record.history.get(name) ?? []).map(({ value, at, source }) => ({
        value,
        timestamp: new Date(at).toISOString(),
        sourceType: source,
      })),
    ]),
  );
}

function linksOf(record: StoredRecord): readonly object[] {
  return [...record.companies].flatMap(([id, types]) =>
    [...types].map((type) => ({
      id,
      type: type === 1 ? 'contact_to_company' : 'contact_to_company_unlabeled',
    })),
  );
}
