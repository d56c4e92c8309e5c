import { observe } from '../claims/index.js';
import { recordIn, unblock, type HubRecord, type HubStore, type Tables } from './hub-store.js';
import { FIELDS } from './fields.js';
import type { Row } from './model-system.js';
import type { HubSetup } from './hub-setup.js';

export interface Reading {
  readonly rows: readonly Row[];
  /** Ids that were asked for and are nowhere. */
  readonly missing?: readonly string[];
  readonly readAt: number;
}

/** Takes in records as they were read; returns the ids (external) of those that say something new. */
export function ingest(
  tables: Tables,
  { setup, store, system, reading }: { setup: HubSetup; store: HubStore; system: number; reading: Reading },
): readonly string[] {
  const changed: string[] = [];
  for (const row of new Map(reading.rows.map((one) => [one.id, one])).values()) {
    const before = recordIn(tables, system, row.id);
    if (row.gone) {
      if (before !== undefined && bury(tables, before, row.mergedInto)) {
        changed.push(row.id);
        if (setup.habits.triesConflictsAgain) unblock(tables, system, row.id);
      }
      continue;
    }
    // An older reading must not undo a newer one.
    if (before !== undefined && (reading.readAt < before.readAt || reading.readAt <= before.writtenAt)) {
      tables.inbox.add(`${String(system)}|${row.id}`);
      continue;
    }
    if (takeIn(tables, { setup, store, system, row, before, readAt: reading.readAt })) changed.push(row.id);
  }
  return changed;
}

function takeIn(
  tables: Tables,
  read: {
    setup: HubSetup;
    store: HubStore;
    system: number;
    row: Row;
    before: HubRecord | undefined;
    readAt: number;
  },
): boolean {
  const { setup, store, system, row, before, readAt } = read;
  const connection = setup.connections[system];
  if (connection === undefined) throw new Error('no such system');
  const hubTime = (at: number): number => at - connection.measuredOffset;
  const seen = {
    fields: Object.fromEntries(FIELDS.map((field) => [field, row.values[field] ?? null])),
    times: connection.fieldTimes
      ? Object.fromEntries(Object.entries(row.times).map(([field, at]) => [field, hubTime(at)]))
      : {},
    modifiedAt: hubTime(connection.fieldTimes ? row.modifiedAt : Math.floor(row.modifiedAt / 1000) * 1000),
    readAt,
  };
  const observed = observe(before?.fields ?? {}, seen, {
    entity: 'customer',
    pushOnly: connection.pushOnly,
    madeByHub: false,
  });
  const record: HubRecord = {
    id: before?.id ?? store.nextId('r'),
    system,
    externalId: row.id,
    goldenId: before?.goldenId ?? null,
    fields: observed.fields,
    readAt,
    writtenAt: before?.writtenAt ?? 0,
    deleted: false,
    mergedInto: null,
  };
  tables.records.set(record.id, record);
  setup.onSeen?.(record);
  const resolve = before === undefined || before.deleted || observed.changed;
  if (resolve) {
    tables.tasks.add(`record:${record.id}`);
    if (setup.habits.triesConflictsAgain) unblock(tables, system, row.id);
  }
  if (before === undefined) noteLateSurvivor(tables, record);
  return resolve;
}

export function bury(tables: Tables, record: HubRecord, mergedInto: string | null): boolean {
  if (record.deleted && (mergedInto === null || mergedInto === record.mergedInto)) return false;
  tables.records.set(record.id, { ...record, deleted: true, mergedInto: mergedInto ?? record.mergedInto });
  tables.tasks.add(`record:${record.id}`);
  if (mergedInto === null) return true;
  const survivor = recordIn(tables, record.system, mergedInto);
  if (survivor === undefined) {
    tables.inbox.add(`${String(record.system)}|${mergedInto}`);
  } else {
    tables.same.add(`${record.id}|${survivor.id}`);
    tables.tasks.add(`record:${survivor.id}`);
  }
  return true;
}

function noteLateSurvivor(tables: Tables, survivor: HubRecord): void {
  for (const record of tables.records.values()) {
    if (record.system === survivor.system && record.mergedInto === survivor.externalId) {
      tables.same.add(`${record.id}|${survivor.id}`);
    }
  }
}
