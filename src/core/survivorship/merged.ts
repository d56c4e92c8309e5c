import type { Entity } from '../../sdk/index.js';
import { fieldKey } from '../claims/index.js';
import type { FieldChange, StoredGolden } from './changes.js';

/**
 * What history tells of a golden record that another one took in: values that were golden there and are not golden
 * now. Lines that tell of the same value already are not repeated.
 */
export function mergedChanges(
  entity: Entity,
  alias: StoredGolden,
  survivor: StoredGolden,
  told: readonly FieldChange[],
): FieldChange[] {
  return Object.entries(alias.fields).flatMap(([field, value]): FieldChange[] => {
    const from = alias.provenance[field];
    const now = survivor.fields[field] ?? null;
    const by = survivor.provenance[field];
    const key = fieldKey(entity, field, value);
    if (from === undefined || key === null || key === fieldKey(entity, field, now)) return [];
    const isTold = told.some(
      (line) =>
        line.field === field && line.losers.some((loser) => fieldKey(entity, field, loser.value) === key),
    );
    if (isTold) return [];
    return [
      {
        field,
        kind: 'overridden',
        old: value,
        new: now,
        rule: by?.rule ?? from.rule,
        winner:
          by === undefined ? null : { record: by.record, connection: by.connection, value: now, at: by.at },
        losers: [{ record: from.record, connection: from.connection, value, at: from.at }],
      },
    ];
  });
}
