import { objectOf, type ActiveConnection } from '../connections/active-connection.js';
import { fieldKey } from '../core/claims/index.js';
import { fieldOf, isCrossReference, isReferenceType } from '../core/model/fields.js';
import { digest, planUpdate } from '../core/planning/index.js';
import type { Direction, Entity, JsonValue, RecordRef } from '../sdk/index.js';
import { claimView, type ClaimView } from './claim-view.js';
import type { LinkedRecord } from './records.repository.js';

/** One field of one source record beside the golden value. */
export interface RecordFieldView {
  readonly field: string;
  readonly title: string;
  /** What the system holds now. */
  readonly held: JsonValue;
  /** The last value that somebody wrote there; null when only the hub did. */
  readonly claim: ClaimView | null;
  readonly golden: JsonValue;
  /** null when the field is not mapped. */
  readonly direction: Direction | null;
  /** null where nobody has said a value, or the record is gone. */
  readonly agrees: boolean | null;
  /** The golden value was written, and this is what the system made of it. */
  readonly settledDifferently: boolean;
}

export interface RecordView {
  readonly id: string;
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
  readonly url: string | null;
  readonly state: 'live' | 'deleted' | 'merged';
  readonly deletedAt: string | null;
  /** External id of the record that took it in, in its own system. */
  readonly mergedInto: string | null;
  readonly modifiedAt: string | null;
  readonly linkedAt: string | null;
  readonly linkRule: string | null;
  readonly fields: readonly RecordFieldView[];
  /** Fields in which the record and the golden record differ. */
  readonly differences: readonly string[];
}

export interface GoldenSide {
  readonly entity: Entity;
  readonly fields: Readonly<Record<string, JsonValue>>;
  /** Of lists of links: golden ids that somebody took out. */
  readonly removed: Readonly<Record<string, readonly string[]>>;
  /** Live records of the record's connection that stand for a golden record. */
  readonly recordsOf: (goldenId: string) => readonly RecordRef[];
}

const NOTHING_REFUSED: ReadonlyMap<string, string> = new Map();

/** A source record set against its golden record. Pure. */
export function recordView(
  record: LinkedRecord,
  connection: ActiveConnection | undefined,
  golden: GoldenSide,
): RecordView {
  const mapping = connection === undefined ? [] : (objectOf(connection, record.object)?.mapping ?? []);
  const directions = new Map(mapping.map((line) => [line.field, line.direction]));
  const differing = differingFields(record, golden, directions);
  const names = new Set([...directions.keys(), ...Object.keys(record.fields)]);
  const fields = [...names]
    .filter((field) => !isCrossReference(field) || record.fields[field] !== undefined)
    .sort()
    .map((field) => fieldView(field, record, golden, { directions, differing }));
  return {
    id: record.id,
    connection: connection?.name ?? record.connectionId,
    object: record.object,
    externalId: record.externalId,
    url: record.url,
    state: record.mergedInto !== null ? 'merged' : record.deleted ? 'deleted' : 'live',
    deletedAt: record.deletedAt?.toISOString() ?? null,
    mergedInto: record.mergedInto,
    modifiedAt: record.modifiedAt?.toISOString() ?? null,
    linkedAt: record.linkedAt?.toISOString() ?? null,
    linkRule: record.linkRule,
    fields,
    differences: fields.filter((field) => field.agrees === false).map((field) => field.field),
  };
}

/** What planning would write if every mapped field were to be written: the same comparison, no second opinion. */
function differingFields(
  record: LinkedRecord,
  golden: GoldenSide,
  directions: ReadonlyMap<string, Direction>,
): ReadonlySet<string> {
  const plan = planUpdate({
    entity: golden.entity,
    mapping: [...directions.keys()].map((field) => ({ field, property: field, direction: 'both' })),
    golden: golden.fields,
    removed: golden.removed,
    recordsOf: golden.recordsOf,
    refused: NOTHING_REFUSED,
    fields: record.fields,
  });
  return new Set([...Object.keys(plan.values), ...plan.waiting]);
}

function fieldView(
  field: string,
  record: LinkedRecord,
  golden: GoldenSide,
  { directions, differing }: { directions: ReadonlyMap<string, Direction>; differing: ReadonlySet<string> },
): RecordFieldView {
  const state = record.fields[field];
  const value = golden.fields[field];
  const direction = directions.get(field) ?? null;
  const compared = direction !== null && value !== undefined && !record.deleted;
  return {
    field,
    title: fieldOf(golden.entity, field)?.title ?? field,
    held: state?.held ?? null,
    claim: state?.claim === undefined ? null : claimView(state.claim),
    golden: value ?? null,
    direction,
    agrees: compared ? !differing.has(field) : null,
    settledDifferently: compared && isSettledDifferently(field, record, golden),
  };
}

function isSettledDifferently(field: string, record: LinkedRecord, golden: GoldenSide): boolean {
  if (isReferenceType(fieldOf(golden.entity, field)?.type ?? 'any')) return false;
  const state = record.fields[field];
  const wanted = fieldKey(golden.entity, field, golden.fields[field] ?? null);
  if (state?.sent === undefined || state.sent !== digest(wanted)) return false;
  return fieldKey(golden.entity, field, state.held) !== wanted;
}
