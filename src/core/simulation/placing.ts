import { identityFields } from '../claims/index.js';
import {
  DEFAULT_MATCH_RULES,
  identityOf,
  ownCrossReference,
  place,
  type MatchRecord,
  type PlaceOperation,
} from '../matching/index.js';
import type { HubSetup } from './hub-setup.js';
import { recordsOfGolden, type HubRecord, type HubStore, type Tables } from './hub-store.js';

/** Puts records where they belong by match rules and people's words; returns the customers touched. */
export function placeRecords(
  tables: Tables,
  { recordIds, setup, store }: { recordIds: readonly string[]; setup: HubSetup; store: HubStore },
): readonly string[] {
  if (recordIds.length === 0) return [];
  const operations = place({
    toPlace: recordIds,
    records: [...tables.records.values()].map((record) => matchRecord(record, setup)),
    // Ids count up: the smallest is the oldest.
    goldens: [...tables.golden.keys()].map((goldenId) => ({
      goldenId,
      createdAt: Number(goldenId.slice(1)),
    })),
    decisions: [...tables.same].map((pair) => {
      const [a = '', b = ''] = pair.split('|');
      return { a, b, verdict: 'same' };
    }),
    crowded: new Set(),
    uniqueConnections: new Set(),
    rules: DEFAULT_MATCH_RULES,
  });
  const relinked = operations.flatMap((operation) => carryOut(tables, store, operation));
  const asked = storeCandidates(tables, recordIds, operations);
  const touched = recordIds.flatMap((id) => tables.records.get(id)?.goldenId ?? []);
  return [...touched, ...relinked, ...asked];
}

function matchRecord(record: HubRecord, setup: HubSetup): MatchRecord {
  const identity = identityOf('customer', identityFields(record.fields));
  const connection = setup.connections[record.system]?.name ?? '';
  return {
    recordId: record.id,
    connection,
    identity: {
      ...identity,
      identifiers: [...identity.identifiers, ownCrossReference(connection, record.externalId)],
    },
    linkedTo: record.goldenId,
    live: !record.deleted,
  };
}

/** Returns the customers that got records. */
function carryOut(tables: Tables, store: HubStore, operation: PlaceOperation): readonly string[] {
  switch (operation.kind) {
    case 'link':
      link(tables, operation.recordId, operation.goldenId);
      return [operation.goldenId];
    case 'create': {
      const id = store.nextId('g');
      tables.golden.set(id, { id, stored: null, mergedInto: null, history: [] });
      for (const { recordId } of operation.records) link(tables, recordId, id);
      return [id];
    }
    case 'merge': {
      for (const record of recordsOfGolden(tables, operation.merged))
        link(tables, record.id, operation.survivor);
      const merged = tables.golden.get(operation.merged);
      if (merged !== undefined) tables.golden.set(merged.id, { ...merged, mergedInto: operation.survivor });
      dropIssuesOfGolden(tables, operation.merged);
      return [operation.survivor];
    }
    case 'candidate':
      return [];
  }
}

/** Nothing is made for a customer that was taken in. */
function dropIssuesOfGolden(tables: Tables, goldenId: string): void {
  for (const [key, issue] of tables.issues) {
    if (issue.recordId === null && issue.goldenId === goldenId) tables.issues.delete(key);
  }
}

function link(tables: Tables, recordId: string, goldenId: string): void {
  const record = tables.records.get(recordId);
  if (record !== undefined) tables.records.set(recordId, { ...record, goldenId });
}

/**
 * Candidates of the records just looked at that did not come up again are answered or out of date. Returns the
 * customers on both sides: what waited for an answer may go on, or must wait from now on.
 */
function storeCandidates(
  tables: Tables,
  recordIds: readonly string[],
  operations: readonly PlaceOperation[],
): readonly string[] {
  const looked = new Set(recordIds);
  const old = [...tables.candidates].filter((pair) => pair.split('|').some((id) => looked.has(id)));
  const found = operations.flatMap((one) => (one.kind === 'candidate' ? [`${one.a}|${one.b}`] : []));
  for (const pair of old) tables.candidates.delete(pair);
  for (const pair of found) tables.candidates.add(pair);
  return [...old, ...found].flatMap((pair) =>
    pair.split('|').flatMap((id) => tables.records.get(id)?.goldenId ?? []),
  );
}

/** Whether a record of the system may be the same one, and a person must say. */
export function isUndecided(tables: Tables, goldenId: string, system: number): boolean {
  return [...tables.candidates].some((pair) => {
    const [a, b] = pair.split('|').map((id) => tables.records.get(id));
    const other = a?.goldenId === goldenId ? b : b?.goldenId === goldenId ? a : undefined;
    return other?.system === system && !other.deleted;
  });
}
