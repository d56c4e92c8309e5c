import type { Entity, FieldMapping, JsonValue, RecordRef } from '../../sdk/index.js';
import { fieldKey, isReferenceList, type FieldStates } from '../claims/index.js';
import { fieldOf, isReferenceType } from '../model/fields.js';
import { digest } from './digest.js';
import { linksWanted } from './links.js';
import { lacksItsCurrency } from './money.js';

/** Canonical values to write to one record, before they take the system's own form. */
export interface RecordPlan {
  /** Field → value to write. References are already this system's own. */
  readonly values: Readonly<Record<string, JsonValue>>;
  /** Field → digest of the golden value, to be remembered once it is stored. */
  readonly sent: Readonly<Record<string, string>>;
  /** Reference fields whose target has no record in this system yet. */
  readonly waiting: readonly string[];
}

export interface PlanInput {
  readonly entity: Entity;
  /** The mapping lines of this object; only `push` and `both` are looked at. */
  readonly mapping: readonly FieldMapping[];
  /** Golden values by field; a field that is not there has never been claimed. */
  readonly golden: Readonly<Record<string, JsonValue>>;
  /** Of lists of links: golden ids that somebody took out. */
  readonly removed?: Readonly<Record<string, readonly string[]>>;
  /** Live records of this connection that stand for a golden record, oldest first. */
  readonly recordsOf: (goldenId: string) => readonly RecordRef[];
  /** Field → digest of a value that the system refused: not sent again until it differs. */
  readonly refused: ReadonlyMap<string, string>;
}

/** What to write so that a record equals the golden record on mapped fields: desired minus settled. */
export function planUpdate(input: PlanInput & { readonly fields: FieldStates }): RecordPlan {
  const golden = { ...takenBack(input), ...input.golden };
  return plan({ ...input, golden }, input.fields, (field, value, sent) => {
    const state = input.fields[field];
    if (state === undefined) return value === null;
    if (state.sent === sent) return true;
    if (isReference(input.entity, field)) return sameReference(input, field, state.held);
    return fieldKey(input.entity, field, state.held) === fieldKey(input.entity, field, value);
  });
}

/**
 * Fields that hold what the hub wrote there and nobody says any more: an unmerge or a withdrawal took the claim away.
 * They become blank again, as they were. Where nobody says anything at all any more the record is left as it is.
 */
function takenBack({
  entity,
  golden,
  fields,
}: PlanInput & { readonly fields: FieldStates }): Readonly<Record<string, JsonValue>> {
  if (Object.keys(golden).length === 0) return {};
  const written = Object.entries(fields).filter(
    ([field, state]) =>
      !(field in golden) &&
      state.sent !== undefined &&
      // A reference may be without a golden record for a moment: its target is still to be read.
      !pointsElsewhere(entity, field) &&
      fieldKey(entity, field, state.held) !== null,
  );
  return Object.fromEntries(written.map(([field]) => [field, null]));
}

/** What a new record is made with: every pushable field that has a value. */
export function planCreate(input: PlanInput): RecordPlan {
  return plan(input, undefined, (field, value) => fieldKey(input.entity, field, value) === null);
}

function plan(
  input: PlanInput,
  fields: FieldStates | undefined,
  inSync: (field: string, value: JsonValue, sent: string) => boolean,
): RecordPlan {
  const values: Record<string, JsonValue> = {};
  const sent: Record<string, string> = {};
  const waiting: string[] = [];
  for (const { field, direction } of input.mapping) {
    if (direction !== 'push' && direction !== 'both') continue;
    const value = input.golden[field];
    if (value === undefined || field in values) continue;
    if (isReferenceList(input.entity, field)) {
      const state = fields?.[field];
      const wanted = linksWanted(input, field, { held: state?.held ?? null, sent: state?.sent });
      if (wanted.waiting) waiting.push(field);
      if (wanted.write === undefined) continue;
      values[field] = wanted.write.value;
      sent[field] = wanted.write.mark;
      continue;
    }
    const mark = digest(fieldKey(input.entity, field, value));
    if (inSync(field, value, mark) || input.refused.get(field) === mark) continue;
    const own = isReference(input.entity, field) ? ownReference(input, value) : value;
    if (own === undefined) {
      waiting.push(field);
      continue;
    }
    values[field] = own;
    sent[field] = mark;
  }
  if (lacksItsCurrency(input, values, fields)) {
    const { amount: _, ...rest } = values;
    const { amount: __, ...marks } = sent;
    return { values: rest, sent: marks, waiting };
  }
  return { values, sent, waiting };
}

function pointsElsewhere(entity: Entity, field: string): boolean {
  return isReferenceType(fieldOf(entity, field)?.type ?? 'any');
}

function isReference(entity: Entity, field: string): boolean {
  return fieldOf(entity, field)?.type === 'reference';
}

/** This system's record of the golden record meant; undefined when it has none yet. */
function ownReference(input: PlanInput, goldenId: JsonValue): JsonValue | undefined {
  if (typeof goldenId !== 'string') return null;
  const [first] = input.recordsOf(goldenId);
  return first && { ref: { ...first.ref } };
}

function sameReference(input: PlanInput, field: string, held: JsonValue): boolean {
  const goldenId = input.golden[field];
  const heldKey = fieldKey(input.entity, field, held);
  if (typeof goldenId !== 'string') return heldKey === null;
  return input
    .recordsOf(goldenId)
    .some((own) => fieldKey(input.entity, field, { ref: { ...own.ref } }) === heldKey);
}

/** Whether one of the groups of fields that the system wants of a new record is complete; else what is missing. */
export function missingToCreate(
  groups: readonly (readonly string[])[],
  values: Readonly<Record<string, JsonValue>>,
): readonly string[] {
  if (groups.length === 0) return [];
  const missing = groups.map((group) => group.filter((field) => (values[field] ?? null) === null));
  return missing.reduce((fewest, now) => (now.length < fewest.length ? now : fewest));
}

/**
 * What a new record must wait for: a deal is made only where its account is, or, if it has none, one of its customers.
 * Elsewhere it would hang on nobody.
 */
export function waitsFor(input: PlanInput): 'account' | 'customers' | undefined {
  if (input.entity !== 'deal') return undefined;
  const { account, customers } = input.golden;
  const isThere = (id: JsonValue): boolean => typeof id === 'string' && input.recordsOf(id).length > 0;
  if (typeof account === 'string') return isThere(account) ? undefined : 'account';
  const people = Array.isArray(customers) ? (customers as readonly JsonValue[]) : [];
  return people.length === 0 || people.some(isThere) ? undefined : 'customers';
}
