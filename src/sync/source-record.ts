import type { Entity, JsonObject } from '../sdk/index.js';
import { fromDocument, type FieldStates } from '../core/claims/index.js';

/** One row of `source_record` as the sync engine works with it. Ids of the hub are text: they pass 53 bits. */
export interface StoredRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly object: string;
  readonly entity: Entity;
  readonly externalId: string;
  readonly goldenId: string | null;
  readonly fields: FieldStates;
  readonly version: string | null;
  /** ms, hub's clock. */
  readonly readAt: number;
  readonly writtenAt: number;
  readonly deleted: boolean;
  readonly mergedInto: string | null;
  /** Its deletion is not to be followed elsewhere, and keeps nobody from making it again: the hub deleted it. */
  readonly deletionOver: boolean;
  /** The hub made it and somebody undid that: it is archived, and not made again. */
  readonly undone: boolean;
}

/** Still there, as far as the hub knows. */
export function isLive(record: { readonly deleted: boolean }): boolean {
  return !record.deleted;
}

/** Rows as selected from the table, with the documents of their `fields` opened. */
export function opened<Row extends { readonly fields: FieldStates }>(found: readonly Row[]): Row[] {
  return found.map((row) => ({ ...row, fields: fromDocument(row.fields as unknown as JsonObject) }));
}
