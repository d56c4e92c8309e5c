import { isJsonObject, type Entity, type JsonValue, type RecordRef } from '../sdk/index.js';
import { FIELDS, isReferenceType } from '../core/model/fields.js';
import type { FieldStates } from '../core/claims/index.js';

/** Object name of references that people make in the hub: they name the golden record itself. */
export const GOLDEN_OBJECT = 'golden';

/** A place in a system that a claim points at. */
export interface ReferenceTarget {
  readonly connectionId: string;
  readonly object: string;
  readonly externalId: string;
}

/** The reference in a value, if it is one. */
export function asReference(value: JsonValue | undefined): RecordRef['ref'] | undefined {
  if (!isJsonObject(value) || !isJsonObject(value['ref'])) return undefined;
  const { object, id } = value['ref'];
  return typeof object === 'string' && typeof id === 'string' ? { object, id } : undefined;
}

/** What a record's claims point at: links that somebody took out too, for it must be known whose they were. */
export function referencesOf(connectionId: string, fields: FieldStates): ReferenceTarget[] {
  return Object.values(fields).flatMap(({ claim }) => {
    if (claim === undefined) return [];
    const values = claim.members === undefined ? [claim.value] : claim.members.map((member) => member.ref);
    return values.flatMap((value) => {
      const ref = asReference(value);
      return ref === undefined ? [] : [{ connectionId, object: ref.object, externalId: ref.id }];
    });
  });
}

export function targetKey(target: ReferenceTarget): string {
  return `${target.connectionId}:${target.object}:${target.externalId}`;
}

/** Kind of the identifiers by which the records that point at another are found. */
export const REFERENCE_KIND = 'reference';

export function referenceIdentifiers(
  connectionId: string,
  fields: FieldStates,
): { readonly kind: string; readonly value: string }[] {
  return referencesOf(connectionId, fields).map((target) => ({
    kind: REFERENCE_KIND,
    value: targetKey(target),
  }));
}

/** Canonical fields that hold the id of another golden record, or the ids of several. */
export const GOLDEN_REFERENCE_FIELDS: Readonly<Record<Entity, readonly string[]>> = {
  customer: referenceFields('customer'),
  account: referenceFields('account'),
  deal: referenceFields('deal'),
};

function referenceFields(entity: Entity): readonly string[] {
  return FIELDS[entity].filter((field) => isReferenceType(field.type)).map((field) => field.name);
}
