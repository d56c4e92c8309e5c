import { fieldOf, isReferenceType } from '../core/model/fields.js';
import type { Provenance } from '../core/survivorship/index.js';
import type { JsonValue } from '../sdk/index.js';
import { isoTime, timeNote } from './claim-view.js';
import type { GoldenRecord } from './golden.repository.js';
import type { RecordPlace } from './records.repository.js';

/** Where a golden value comes from. */
export interface ProvenanceView {
  readonly connection: string;
  readonly recordId: string;
  readonly object: string | null;
  readonly externalId: string | null;
  readonly url: string | null;
  /** ISO 8601. */
  readonly at: string;
  readonly origin: Provenance['origin'];
  readonly timeNote: string;
  readonly rule: Provenance['rule'];
  /** `manual` only: systems differ and nobody has decided. */
  readonly undecided: boolean;
}

export interface GoldenFieldView {
  readonly field: string;
  readonly title: string;
  readonly value: JsonValue;
  /** Titles of the golden records that a reference points at. */
  readonly refersTo: string | null;
  readonly provenance: ProvenanceView | null;
}

/** The fields of a golden record, each with where it comes from. Pure. */
export function goldenFields(
  golden: GoldenRecord,
  places: ReadonlyMap<string, RecordPlace>,
  titles: ReadonlyMap<string, string>,
): GoldenFieldView[] {
  return Object.keys(golden.fields)
    .sort()
    .map((field) => {
      const definition = fieldOf(golden.entity, field);
      const value = golden.fields[field] ?? null;
      const from = golden.provenance[field];
      const refersTo = isReferenceType(definition?.type ?? 'any') ? titlesIn(value, titles) : null;
      return {
        field,
        title: definition?.title ?? field,
        value,
        refersTo,
        provenance: from === undefined ? null : provenanceView(from, places.get(from.record)),
      };
    });
}

function titlesIn(value: JsonValue, titles: ReadonlyMap<string, string>): string | null {
  const ids = Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
  const found = ids.flatMap((id) => (typeof id === 'string' ? (titles.get(id) ?? []) : []));
  return found.length === 0 ? null : found.join(', ');
}

function provenanceView(from: Provenance, place: RecordPlace | undefined): ProvenanceView {
  return {
    connection: from.connection,
    recordId: from.record,
    object: place?.object ?? null,
    externalId: place?.externalId ?? null,
    url: place?.url ?? null,
    at: isoTime(from.at),
    origin: from.origin,
    timeNote: timeNote(from.origin),
    rule: from.rule,
    undecided: from.undecided ?? false,
  };
}
