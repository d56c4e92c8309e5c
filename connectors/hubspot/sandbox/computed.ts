/** Values of a record: stored ones, and those that follow from the record. */
import { MODIFIED } from './schema.js';
import type { StoredRecord } from './types.js';

/** null for blank. `source` is the record itself, or what search knows of it. */
export function valueOf(
  record: StoredRecord,
  name: string,
  source: Pick<StoredRecord, 'properties' | 'updatedAt'> = record,
): string | null {
  const { merged } = record;
  switch (name) {
    case 'hs_object_id':
      return record.id;
    case 'createdate':
      return new Date(record.createdAt).toISOString();
    case MODIFIED[record.object]:
      return new Date(source.updatedAt).toISOString();
    case 'hs_merged_object_ids':
      return merged.length === 0 ? null : merged.map(({ id }) => id).join(';');
    case 'hs_calculated_merged_vids':
      return merged.length === 0 ? null : merged.map(({ id, at }) => `${id}:${String(at)}`).join(';');
    case 'associatedcompanyid':
      return primaryCompanyOf(record);
    default:
      return source.properties[name] ?? null;
  }
}

export function primaryCompanyOf({ companies }: StoredRecord): string | null {
  return [...companies].find(([, types]) => types.has(1))?.[0] ?? null;
}
