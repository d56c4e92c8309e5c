/** Records as the API shows them. */
import { DEFAULT_PROPERTIES, MODIFIED, SINGULAR } from './schema.js';
import { PRIMARY, valueOf } from './computed.js';
import type { Store } from './store.js';
import type { StoredRecord } from './types.js';

interface View {
  /** Unknown ones are left out without a word; none at all gives the defaults. */
  readonly properties: readonly string[];
  readonly history: readonly string[];
  /** Ends of associations that come along. */
  readonly associations: readonly string[];
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
    ...associationsOf(record, view.associations),
  };
}

/** What a create answers with: all that is set. */
export function renderAll(store: Store, record: StoredRecord): Record<string, unknown> {
  return render(store, record, { properties: Object.keys(record.properties), history: [], associations: [] });
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

const ENDS = ['companies', 'contacts'] as const;

function associationsOf(record: StoredRecord, asked: readonly string[]): object {
  const blocks = ENDS.filter((end) => asked.includes(end) && record.links[end].size > 0).map(
    (end) => [end, { results: linksOf(record, end) }] as const,
  );
  return blocks.length === 0 ? {} : { associations: Object.fromEntries(blocks) };
}

function linksOf(record: StoredRecord, end: (typeof ENDS)[number]): readonly object[] {
  const name = `${SINGULAR[record.object]}_to_${SINGULAR[end]}`;
  return [...record.links[end]].flatMap(([id, types]) =>
    [...types].map((type) => ({
      id,
      type: end === 'contacts' || type === PRIMARY[record.object] ? name : `${name}_unlabeled`,
    })),
  );
}
