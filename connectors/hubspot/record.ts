/** A CRM record as HubSpot's client hands it over, checked and without the client's classes. */
import { ConnectorError } from '../../src/sdk/index.js';

export interface HistoryEntry {
  readonly value: string;
  /** ISO 8601, UTC; undefined when HubSpot's could not be read. */
  readonly at: string | undefined;
}

export interface ListedLinks {
  readonly entries: readonly { readonly id: string; readonly type: string }[];
  /** There are more than were listed. */
  readonly more: boolean;
}

export interface HubSpotRecord {
  readonly id: string;
  /** Values as HubSpot writes them: text, or null for blank. */
  readonly properties: Readonly<Record<string, string | null>>;
  /** Newest first. */
  readonly history: Readonly<Record<string, readonly HistoryEntry[]>>;
  readonly createdAt: string | undefined;
  readonly updatedAt: string | undefined;
  readonly archivedAt: string | undefined;
  /** Associations listed with the record, by the plural at their other end. */
  readonly associations: Readonly<Record<string, ListedLinks>> | undefined;
  readonly traceId: string | undefined;
  /** Of an upsert: whether it made the record. */
  readonly isNew: boolean | undefined;
}

/** What the client's models have in common; the answer may still hold anything. */
interface ClientRecord {
  readonly id?: unknown;
  readonly properties?: unknown;
  readonly propertiesWithHistory?: unknown;
  readonly createdAt?: unknown;
  readonly updatedAt?: unknown;
  readonly archivedAt?: unknown;
  readonly associations?: unknown;
  readonly objectWriteTraceId?: unknown;
  readonly _new?: unknown;
}

/** Throws when the answer is not a list of records with ids. */
export function recordsOf(results: unknown): readonly HubSpotRecord[] {
  if (!Array.isArray(results)) throw unexpected('a list of records');
  return results.map((result: unknown) => recordOf(result));
}

export function recordOf(result: unknown): HubSpotRecord {
  if (typeof result !== 'object' || result === null) throw unexpected('a record');
  const raw: ClientRecord = result;
  if (typeof raw.id !== 'string' && typeof raw.id !== 'number') throw unexpected('a record with an id');
  return {
    id: String(raw.id),
    properties: propertiesOf(raw.properties),
    history: historyOf(raw.propertiesWithHistory),
    createdAt: isoOf(raw.createdAt),
    updatedAt: isoOf(raw.updatedAt),
    archivedAt: isoOf(raw.archivedAt),
    associations: associationsOf(raw.associations),
    traceId: typeof raw.objectWriteTraceId === 'string' ? raw.objectWriteTraceId : undefined,
    isNew: typeof raw._new === 'boolean' ? raw._new : undefined,
  };
}

export function unexpected(wanted: string): ConnectorError {
  return new ConnectorError({
    kind: 'system',
    code: 'UNEXPECTED_ANSWER',
    message: `HubSpot answered something else than ${wanted}.`,
    remedy: 'If it lasts, check the API address in the settings, then report this.',
  });
}

/** ISO 8601 in UTC from a Date, an ISO text, or milliseconds since 1970 as number or text. */
export function isoOf(value: unknown): string | undefined {
  const at =
    value instanceof Date
      ? value.getTime()
      : typeof value === 'number'
        ? value
        : typeof value === 'string' && value !== ''
          ? /^-?\d+$/.test(value)
            ? Number(value)
            : Date.parse(value)
          : NaN;
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : undefined;
}

function propertiesOf(value: unknown): Record<string, string | null> {
  if (typeof value !== 'object' || value === null) return {};
  const texts: Record<string, string | null> = {};
  for (const [name, text] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    if (typeof text === 'string' || text === null) texts[name] = text;
    else if (typeof text === 'number' || typeof text === 'boolean') texts[name] = String(text);
  }
  return texts;
}

function historyOf(value: unknown): Record<string, readonly HistoryEntry[]> {
  if (typeof value !== 'object' || value === null) return {};
  const histories: Record<string, readonly HistoryEntry[]> = {};
  for (const [name, entries] of Object.entries(value as Readonly<Record<string, unknown>>))
    if (Array.isArray(entries)) histories[name] = entries.map((entry: unknown) => entryOf(entry));
  return histories;
}

function entryOf(entry: unknown): HistoryEntry {
  if (typeof entry !== 'object' || entry === null) return { value: '', at: undefined };
  const { value, timestamp } = entry as { readonly value?: unknown; readonly timestamp?: unknown };
  return { value: typeof value === 'string' ? value : '', at: isoOf(timestamp) };
}

function associationsOf(associations: unknown): HubSpotRecord['associations'] {
  if (typeof associations !== 'object' || associations === null) return undefined;
  return Object.fromEntries(
    Object.entries(associations as Readonly<Record<string, unknown>>).map(([plural, block]) => [
      plural,
      listedOf(block),
    ]),
  );
}

function listedOf(block: unknown): ListedLinks {
  const { results, paging } = (block ?? {}) as { readonly results?: unknown; readonly paging?: unknown };
  const more = typeof paging === 'object' && paging !== null && 'next' in paging && Boolean(paging.next);
  if (!Array.isArray(results)) return { entries: [], more };
  const entries = results.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { id, type } = entry as { readonly id?: unknown; readonly type?: unknown };
    return (typeof id === 'string' || typeof id === 'number') && typeof type === 'string'
      ? [{ id: String(id), type }]
      : [];
  });
  return { entries, more };
}
