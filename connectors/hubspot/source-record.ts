/** HubSpot's records as the hub's: decoded values, the time of each, and what was merged into them. */
import type { JsonValue, SourceRecord, Tombstone } from '../../src/sdk/index.js';
import { decodeIn } from './deal-values.js';
import { linkValue, type RecordLinks } from './links.js';
import type { ObjectFacts } from './objects.js';
import { isoOf, type HubSpotRecord } from './record.js';
import type { Session } from './session.js';

export function sourceRecord(
  session: Session,
  record: HubSpotRecord,
  links: RecordLinks | undefined,
): SourceRecord {
  const { facts, wanted, account } = session;
  const values = valuesOf(session, record, links);
  const modifiedAt = modifiedAtOf(facts, record);
  const times = timesOf(record, wanted.history);
  return {
    id: record.id,
    values,
    // Every live record has a modified date; without one the record counts as old as it can be.
    modifiedAt: modifiedAt ?? record.createdAt ?? new Date(0).toISOString(),
    ...(modifiedAt === undefined ? {} : { version: modifiedAt }),
    ...(record.createdAt === undefined ? {} : { createdAt: record.createdAt }),
    ...(Object.keys(times).length === 0 ? {} : { times }),
    ...(account === undefined
      ? {}
      : {
          url: `https://${account.uiDomain}/contacts/${account.portalId}/record/${facts.typeId}/${record.id}`,
        }),
  };
}

/** Wanted properties, decoded; a property missing in the answer of a read is blank. */
export function valuesOf(
  session: Session,
  record: HubSpotRecord,
  links: RecordLinks | undefined,
): Record<string, JsonValue> {
  const { wanted } = session;
  const values: Record<string, JsonValue> = {};
  for (const definition of wanted.properties) {
    const value = decodeIn(session, definition, record.properties[definition.name] ?? null);
    if (value !== undefined) values[definition.name] = value;
  }
  for (const link of wanted.links) {
    const ids = links?.[link.property];
    if (ids !== undefined) values[link.property] = linkValue(link, ids);
  }
  return values;
}

/** The record's own date of its last change: by it the hub knows an unchanged record. */
export function modifiedAtOf(facts: ObjectFacts, record: HubSpotRecord): string | undefined {
  return isoOf(record.properties[facts.modified]) ?? record.updatedAt;
}

/**
 * When each value came to be what it is. After a merge the newest entry of a history may be one that lost, so the
 * newest that holds the present value counts.
 */
function timesOf(record: HubSpotRecord, names: readonly string[]): Record<string, string> {
  const times: Record<string, string> = {};
  for (const name of names) {
    const entries = record.history[name];
    if (entries === undefined) continue;
    const present = record.properties[name] ?? '';
    const at = (entries.find((entry) => entry.value === present) ?? entries[0])?.at;
    if (at !== undefined) times[name] = at;
  }
  return times;
}

/** The value each property had before the one it holds. */
export function formerOf(session: Session, record: HubSpotRecord): NonNullable<SourceRecord['former']> {
  const { properties, history } = session.wanted;
  const told = new Set(history);
  return Object.fromEntries(
    properties.flatMap((definition) => {
      const { name } = definition;
      if (!told.has(name)) return [];
      const present = record.properties[name] ?? '';
      const entry = record.history[name]?.find(({ value }) => value !== present);
      if (entry?.at === undefined) return [];
      const value = decodeIn(session, definition, entry.value === '' ? null : entry.value);
      return value === undefined ? [] : [[name, { value, at: entry.at }] as const];
    }),
  );
}

/** Records that this one now stands for. HubSpot tells their ids in `12;34`, or with times in `12:1700000000000;…`. */
export function mergedInto(facts: ObjectFacts, record: HubSpotRecord): readonly Tombstone[] {
  const ids = facts.merged
    .flatMap((name) => (record.properties[name] ?? '').split(';'))
    .flatMap((part) => /^\s*(\d+)/.exec(part)?.[1] ?? [])
    .filter((id) => id !== record.id);
  return [...new Set(ids)].map((id) => ({ id, mergedInto: record.id }));
}
