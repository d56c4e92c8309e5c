import { accountableTimes, type Observation } from '../core/claims/index.js';
import { toCanonical } from '../core/mapping/index.js';
import type { ObjectSetup } from '../connections/active-connection.js';
import type { FormerValue, SourceRecord } from '../sdk/index.js';
import type { StoredRecord } from './source-record.js';

/** A record as it was read, in the hub's words: vendors' times corrected by the measured clock offset. */
export function observationOf(
  record: SourceRecord,
  fields: Observation['fields'],
  {
    setup,
    clockOffsetMs,
    readAt,
    before,
  }: {
    readonly setup: ObjectSetup;
    /** The system's clock minus the hub's, ms. */
    readonly clockOffsetMs: number;
    readonly readAt: number;
    readonly before: StoredRecord | undefined;
  },
): Observation {
  const hubTime = (iso: string): number => {
    const time = Date.parse(iso);
    return Number.isNaN(time) ? readAt : time - clockOffsetMs;
  };
  const times: Record<string, number> = {};
  for (const { field, property } of setup.mapping) {
    const time = record.times?.[property];
    if (time !== undefined && !(field in times)) times[field] = hubTime(time);
  }
  const former = formerOf(record, before, setup);
  const modifiedAt = hubTime(record.modifiedAt);
  const createdAt = record.createdAt === undefined ? undefined : hubTime(record.createdAt);
  // What differs although the record did not move, such as an association, changed since it was last read.
  const undated = record.version !== undefined && record.version === before?.version;
  return {
    fields,
    times: before !== undefined ? times : accountableTimes(times, { createdAt, modifiedAt }),
    modifiedAt: undated ? readAt : modifiedAt,
    readAt,
    ...(former.length > 0 && {
      former: Object.fromEntries(
        former.map(([field, { value, at }]) => [field, { value, at: hubTime(at) }] as const),
      ),
    }),
  };
}

/** Former values of the fields that the hub has written over, by field. */
function formerOf(
  { former }: SourceRecord,
  before: StoredRecord | undefined,
  { entity, mapping }: ObjectSetup,
): readonly (readonly [string, FormerValue])[] {
  if (former === undefined || before === undefined) return [];
  return mapping.flatMap(({ field, property }) => {
    const said = former[property];
    if (said === undefined || before.fields[field]?.over === undefined) return [];
    const { fields } = toCanonical({ entity, mapping, values: { [property]: said.value } });
    const value = fields[field];
    return value === undefined ? [] : [[field, { ...said, value }] as const];
  });
}
