import type { SourceRecord } from '../sdk/index.js';

/** An event of a record that says which properties changed, and when (ISO 8601, system's clock). */
export interface TimedEvent {
  readonly externalId: string;
  readonly occurredAt: string | null;
  readonly changed: readonly string[] | null;
}

/**
 * Records with the times their events tell, for properties of which the system itself keeps none. Two edits between
 * two looks get each its own time so. Only where the events account for the record as it was read: one modified
 * after the last of them may hold a value that is later than its event, and an edit elsewhere in between must not win
 * over it; its own event is still to come, or its modified time is all there is.
 */
export function withEventTimes(
  records: readonly SourceRecord[],
  events: readonly TimedEvent[],
): readonly SourceRecord[] {
  const told = new Map<string, { readonly times: Record<string, string>; last: string }>();
  for (const { externalId, occurredAt, changed } of events) {
    if (occurredAt === null || changed === null) continue;
    const known = told.get(externalId) ?? { times: {}, last: occurredAt };
    for (const property of changed) {
      known.times[property] = latest(known.times[property], occurredAt);
    }
    known.last = latest(known.last, occurredAt);
    told.set(externalId, known);
  }
  return records.map((record) => {
    const known = told.get(record.id);
    if (known === undefined || Date.parse(record.modifiedAt) > Date.parse(known.last)) return record;
    return { ...record, times: { ...known.times, ...record.times } };
  });
}

function latest(a: string | undefined, b: string): string {
  return a !== undefined && Date.parse(a) > Date.parse(b) ? a : b;
}
