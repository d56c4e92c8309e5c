import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import { fieldKey } from '../core/claims/index.js';
import { toCanonical } from '../core/mapping/index.js';
import { planUpdate } from '../core/planning/index.js';
import type { RecordRef, SourceRecord } from '../sdk/index.js';
import { planInput } from '../sync/intents.js';
import type { GoldenRow } from '../sync/resolve.repository.js';
import type { StoredRecord } from '../sync/source-record.js';
import type { Finding, Reason } from './reason.js';

/** What the hub knows of the records of one page. */
export interface PageFacts {
  readonly stored: ReadonlyMap<string, StoredRecord>;
  readonly golden: ReadonlyMap<string, GoldenRow>;
  readonly recordsOf: (connectionId: string, goldenId: string) => readonly RecordRef[];
  /** Ids of records and golden records for which a write, or what goes before it, waits. */
  readonly waiting: ReadonlySet<string>;
  /** Ids of records with an open issue of a write. */
  readonly troubled: ReadonlySet<string>;
}

export interface ObjectFacts {
  readonly connection: ActiveConnection;
  readonly setup: ObjectSetup;
  /** ms, hub's clock: what changed before is known, or was missed. */
  readonly knownUpTo: number;
  readonly clockOffsetMs: number;
}

const NOTHING_REFUSED: ReadonlyMap<string, string> = new Map();

/** Sets one record, as it was just read, against what the hub believes of it. Pure; undefined when all agrees. */
export function compareRecord(
  record: SourceRecord,
  readAt: number,
  page: PageFacts,
  object: ObjectFacts,
): Finding | undefined {
  const stored = page.stored.get(record.id);
  const found = (reason: Reason, fields: readonly string[] = []): Finding => ({
    externalId: record.id,
    recordId: stored?.id ?? null,
    goldenId: stored?.goldenId ?? null,
    reason,
    fields,
  });
  const changedAt = Date.parse(record.modifiedAt) - object.clockOffsetMs;
  const missedOr = (missed: Reason): Reason => (changedAt > object.knownUpTo ? 'not-read-yet' : missed);
  if (stored === undefined) return record.partial === true ? undefined : found(missedOr('missing-record'));
  // The hub has seen, or written, something newer meanwhile.
  const isOld = readAt < stored.readAt || readAt <= stored.writtenAt;
  const waits = page.waiting.has(stored.id) || page.waiting.has(stored.goldenId ?? '');
  if (!isOld && stored.deleted) return waits ? found('pending') : found(missedOr('missed-change'));
  const changed = isOld ? [] : changedFields(record, stored, object.setup);
  if (changed.length > 0) return found(waits ? 'pending' : missedOr('missed-change'), changed);
  return compareGolden(stored, page, object, found);
}

/** Fields in which the system holds another value than the hub believes. */
function changedFields(record: SourceRecord, stored: StoredRecord, setup: ObjectSetup): string[] {
  const { fields } = toCanonical({ entity: setup.entity, mapping: setup.mapping, values: record.values });
  return Object.entries(fields).flatMap(([field, value]) => {
    const held = stored.fields[field]?.held ?? null;
    return fieldKey(setup.entity, field, value) === fieldKey(setup.entity, field, held) ? [] : [field];
  });
}

function compareGolden(
  stored: StoredRecord,
  page: PageFacts,
  { connection, setup }: ObjectFacts,
  found: (reason: Reason, fields?: readonly string[]) => Finding,
): Finding | undefined {
  const golden = page.golden.get(stored.goldenId ?? '');
  if (golden === undefined) return found(page.waiting.has(stored.id) ? 'pending' : 'unexplained');
  const differing = (mapping: ObjectSetup['mapping']): string[] => {
    const input = planInput(golden, { ...setup, mapping }, connection, page, NOTHING_REFUSED);
    const plan = planUpdate({ ...input, fields: stored.fields });
    return [...new Set([...Object.keys(plan.values), ...plan.waiting])];
  };
  const toWrite = differing(setup.mapping);
  if (toWrite.length > 0) {
    if (page.waiting.has(stored.id) || page.waiting.has(golden.id)) return found('pending', toWrite);
    return found(page.troubled.has(stored.id) ? 'open-issue' : 'unexplained', toWrite);
  }
  const oneWay = differing(setup.mapping.map((line) => ({ ...line, direction: 'both' })));
  return oneWay.length > 0 ? found('one-way', oneWay) : undefined;
}
