import type { Entity, JsonValue } from '../../sdk/index.js';
import { fieldKey, type FieldStates } from '../claims/index.js';
import { digest } from './digest.js';
import type { RecordPlan } from './plan.js';

/** What one write of a run did to a record. `found`: a record that was there was taken instead of making one. */
export interface UndoReceipt {
  readonly operation: 'create' | 'found' | 'update' | 'archive';
  /** Canonical field → what stood there, and what the system made of the write. */
  readonly fields: Readonly<Record<string, { readonly before: JsonValue; readonly stored: JsonValue }>>;
}

/** Field → what to write back, as long as the record still holds what the run left there. */
export type Revert = Readonly<Record<string, { readonly expect: JsonValue; readonly value: JsonValue }>>;

/**
 * Why something is not undone:
 *
 * changed       somebody, or a later run, wrote another value since
 * gone          the record is no more
 * archived      the run archived it, and the hub cannot bring it back
 * found         the run found the record instead of making it: it may be somebody's own
 * not-writable  the connection, or the field's direction, takes no writes now
 */
export type UndoObstacle = 'changed' | 'gone' | 'archived' | 'found' | 'not-writable';

export interface UndoPlan {
  readonly revert: Revert;
  /** The run made the record, and nobody touched it since. */
  readonly archive: boolean;
  /** Field, or null for the whole record. */
  readonly kept: readonly { readonly field: string | null; readonly obstacle: UndoObstacle }[];
}

export interface UndoRequest {
  readonly entity: Entity;
  /** All that the run did to one record, oldest first. */
  readonly receipts: readonly UndoReceipt[];
  /** The record as the hub knows it now; null when it is not known or is gone. */
  readonly fields: FieldStates | null;
  readonly isWritable: (field: string | null) => boolean;
}

/** What takes the run's writes to one record back, and what stands. Pure. */
export function planUndo({ entity, receipts, fields, isWritable }: UndoRequest): UndoPlan {
  const whole = (obstacle: UndoObstacle): UndoPlan => ({
    revert: {},
    archive: false,
    kept: [{ field: null, obstacle }],
  });
  if (receipts.some(({ operation }) => operation === 'archive')) return whole('archived');
  if (fields === null) return whole('gone');
  if (receipts.some(({ operation }) => operation === 'found')) return whole('found');
  const written = spanOf(receipts);
  const isLeft = (field: string, stored: JsonValue): boolean =>
    fieldKey(entity, field, fields[field]?.held ?? null) === fieldKey(entity, field, stored);
  if (receipts.some(({ operation }) => operation === 'create')) {
    if (!isWritable(null)) return whole('not-writable');
    const touched = Object.entries(written).some(([field, { stored }]) => !isLeft(field, stored));
    const spoken = Object.values(fields).some((state) => state.claim !== undefined);
    return touched || spoken ? whole('changed') : { revert: {}, archive: true, kept: [] };
  }
  const revert: Record<string, { expect: JsonValue; value: JsonValue }> = {};
  const kept: { field: string; obstacle: UndoObstacle }[] = [];
  for (const [field, { before, stored }] of Object.entries(written)) {
    if (fieldKey(entity, field, before) === fieldKey(entity, field, stored)) continue;
    if (!isLeft(field, stored)) kept.push({ field, obstacle: 'changed' });
    else if (!isWritable(field)) kept.push({ field, obstacle: 'not-writable' });
    else revert[field] = { expect: stored, value: before };
  }
  return { revert, archive: false, kept };
}

/** From before the first write of a field to after the last. */
function spanOf(receipts: readonly UndoReceipt[]): Record<string, { before: JsonValue; stored: JsonValue }> {
  const span: Record<string, { before: JsonValue; stored: JsonValue }> = {};
  for (const { fields } of receipts) {
    for (const [field, { before, stored }] of Object.entries(fields)) {
      const known = span[field];
      span[field] = { before: known === undefined ? before : known.before, stored };
    }
  }
  return span;
}

/**
 * Puts what is to be written back over what would be written. It is marked as sent for the golden value there is now:
 * that value is not pushed again, the next one is.
 */
export function withRevert(
  plan: RecordPlan,
  {
    entity,
    golden,
    fields,
    revert,
    refused,
  }: {
    readonly entity: Entity;
    readonly golden: Readonly<Record<string, JsonValue>>;
    readonly fields: FieldStates;
    readonly revert: Revert;
    readonly refused: ReadonlyMap<string, string>;
  },
): RecordPlan & { readonly reverted: readonly string[] } {
  const values: Record<string, JsonValue> = { ...plan.values };
  const sent: Record<string, string> = { ...plan.sent };
  const reverted: string[] = [];
  for (const [field, { expect, value }] of Object.entries(revert)) {
    const mark = digest(fieldKey(entity, field, golden[field] ?? null));
    const held = fieldKey(entity, field, fields[field]?.held ?? null);
    if (held !== fieldKey(entity, field, expect) || refused.get(field) === mark) continue;
    values[field] = value;
    sent[field] = mark;
    reverted.push(field);
  }
  return { ...plan, values, sent, reverted };
}
