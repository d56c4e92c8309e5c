/**
 * Provenance as it is stored: what all fields have in common once, under `@`, and of each field only what differs.
 * The fields are those of the golden record.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../sdk/index.js';
import type { Provenance } from './changes.js';

const COMMON = '@';

export function toProvenanceDocument(provenance: Readonly<Record<string, Provenance>>): JsonObject {
  const entries = Object.entries(provenance);
  const [first] = entries;
  if (first === undefined) return {};
  const [, { record, connection, at, origin, rule }] = first;
  const common = { record, connection, at, origin, rule };
  const document: Record<string, JsonValue> = { [COMMON]: common };
  for (const [field, from] of entries) {
    const own = Object.entries(from).filter(([name, value]) => value !== common[name as keyof typeof common]);
    if (own.length > 0) document[field] = Object.fromEntries<JsonValue>(own);
  }
  return document;
}

/** Reads what {@link toProvenanceDocument} wrote, and documents from before it was short. */
export function fromProvenanceDocument(
  document: JsonObject,
  fields: Readonly<Record<string, JsonValue>>,
): Readonly<Record<string, Provenance>> {
  const common = document[COMMON];
  if (!isJsonObject(common)) return document as unknown as Readonly<Record<string, Provenance>>;
  const provenance: Record<string, Provenance> = {};
  for (const field of Object.keys(fields)) {
    const own = document[field];
    provenance[field] = { ...common, ...(isJsonObject(own) && own) } as unknown as Provenance;
  }
  return provenance;
}
