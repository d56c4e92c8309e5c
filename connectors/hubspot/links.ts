/** Links of a record, shown to the hub as properties of it: HubSpot holds them apart, in its associations. */
import type { JsonValue } from '../../src/sdk/index.js';
import type { ObjectName } from './objects.js';

/** A kind of association that is synced. Type ids: https://developers.hubspot.com/docs/api-reference/latest/crm/associations/overview */
export interface LinkFacts {
  /** Name of the property that the hub sees. */
  readonly property: string;
  readonly title: string;
  readonly to: ObjectName;
  /** In paths. */
  readonly toPlural: 'companies' | 'contacts';
  /** HubSpot's own association type, as it is written; of a primary link also the one that is read. */
  readonly typeId: number;
  /** What the list of records calls it. */
  readonly listed: string;
  /** One primary record, or all that are linked. */
  readonly kind: 'primary' | 'list';
}

/** Ids at the other end; of a primary link one at most. */
export type LinkIds = readonly string[];

/** By property; one that is not there was not read. */
export type RecordLinks = Readonly<Record<string, LinkIds>>;

export function linkValue(link: LinkFacts, ids: LinkIds): JsonValue {
  const refs = ids.map((id): JsonValue => ({ ref: { object: link.to, id } }));
  return link.kind === 'list' ? refs : (refs[0] ?? null);
}

/** undefined when the value is no link, or no list of links. */
export function linkIds(value: JsonValue): LinkIds | undefined {
  if (value === null) return [];
  const entries: readonly JsonValue[] = isList(value) ? value : [value];
  const ids = entries.map(idOf);
  return ids.every((id) => id !== undefined) ? ids : undefined;
}

function idOf(value: JsonValue): string | undefined {
  if (value === null || typeof value !== 'object' || !('ref' in value)) return undefined;
  const { ref } = value;
  if (typeof ref !== 'object' || ref === null || !('id' in ref)) return undefined;
  return typeof ref.id === 'string' ? ref.id : undefined;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
