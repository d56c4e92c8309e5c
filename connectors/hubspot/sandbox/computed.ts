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

/** The association type of the primary company. */
export const PRIMARY = { contacts: 1, companies: 0, deals: 5 } as const;

export function primaryCompanyOf({ object, links }: StoredRecord): string | null {
  return [...links.companies].find(([, types]) => types.has(PRIMARY[object]))?.[0] ?? null;
}
