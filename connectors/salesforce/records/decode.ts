/** Rows of a query to the contract's records. Types: Object Reference, "Field Types". */
import type { Field } from 'jsforce/lib/types/index.js';
import type { JsonValue, SourceRecord, Tombstone } from '../../../src/sdk/index.js';
import type { Row } from '../client.js';
import { isOwner, type Column } from './describe.js';
import { objectOfType } from '../objects.js';
import { STAGE, stageName, type Stage } from './stages.js';

/** What decoding needs beside the row. */
export interface Codec {
  readonly owners: OwnerEmails;
  readonly stages: readonly Stage[];
}

/** E-mail by user id; null where the owner is a queue or has none that can be seen. */
export type OwnerEmails = ReadonlyMap<string, string | null>;

/** One value; undefined where nothing can be said of it. */
export function decodeValue(field: Field, value: unknown, { owners, stages }: Codec): JsonValue | undefined {
  if (isOwner(field)) return typeof value === 'string' ? (owners.get(value) ?? undefined) : undefined;
  if (value === null || value === undefined || value === '') return null;
  if (field.name === STAGE && typeof value === 'string') return stageName(stages, value);
  if (field.type === 'currency' && isInexact(value)) return undefined;
  return typeof value === 'string' ? decodeText(field, value) : (value as JsonValue);
}

/** Above it, JSON numbers cannot tell one cent from the next. */
const EXACT = Number.MAX_SAFE_INTEGER / 100;

function isInexact(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) > EXACT && !Number.isSafeInteger(value);
}

function decodeText(field: Field, value: string): JsonValue {
  if (field.type === 'datetime') return utc(value) ?? null;
  if (field.type === 'multipicklist') return value.split(';').filter((part) => part !== '');
  return field.type === 'reference' ? reference(field, value) : value;
}

function reference(field: Field, id: string): JsonValue {
  const [only, ...others] = field.referenceTo ?? [];
  const object = only !== undefined && others.length === 0 ? objectOfType(only) : undefined;
  return object === undefined ? id : { ref: { object, id } };
}

export function decodeValues(row: Row, columns: readonly Column[], codec: Codec): Record<string, JsonValue> {
  const values: Record<string, JsonValue> = {};
  for (const { property, field } of columns) {
    const value = field.name in row ? decodeValue(field, row[field.name], codec) : undefined;
    if (value !== undefined) values[property] = value;
  }
  return values;
}

/**
 * `modifiedAt` is LastModifiedDate, when a person or program changed the record. SystemModstamp, by which it is
 * read, also moves when nobody did: a finished task, a recalculation.
 */
export function decodeRecord(
  row: Row,
  options: {
    readonly columns: readonly Column[];
    readonly codec: Codec;
    readonly instanceUrl: string;
  },
): SourceRecord {
  const id = idOf(row);
  const createdAt = utc(row['CreatedDate']);
  return {
    id,
    values: decodeValues(row, options.columns, options.codec),
    modifiedAt: modifiedAt(row),
    ...(createdAt === undefined ? {} : { createdAt }),
    url: `${options.instanceUrl}/${id}`,
  };
}

export function modifiedAt(row: Row): string {
  return utc(row['LastModifiedDate']) ?? stampOf(row);
}

/**
 * A deleted record, one merged away (into `MasterRecordId`), or a lead that became a contact: that contact's id
 * stands in `mergedInto` as it is. Undefined for a record that lives.
 */
export function tombstoneOf(row: Row): Tombstone | undefined {
  const successor =
    text(row['MasterRecordId']) ??
    (row['IsConverted'] === true ? text(row['ConvertedContactId']) : undefined);
  if (row['IsDeleted'] !== true && row['IsConverted'] !== true) return undefined;
  const deletedAt = utc(row['LastModifiedDate']) ?? utc(row['SystemModstamp']);
  return {
    id: idOf(row),
    ...(deletedAt === undefined ? {} : { deletedAt }),
    ...(successor === undefined ? {} : { mergedInto: successor }),
  };
}

export function idOf(row: Row): string {
  const id = text(row['Id']);
  if (id === undefined) throw new TypeError('a row without Id');
  return id;
}

export function stampOf(row: Row): string {
  const stamp = utc(row['SystemModstamp']);
  if (stamp === undefined) throw new TypeError('a row without SystemModstamp');
  return stamp;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `2026-01-31T10:00:00.000+0000` to ISO 8601 in UTC. */
export function utc(value: unknown): string | undefined {
  const at = Date.parse(typeof value === 'string' ? value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2') : '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
