import { fieldKey, type Claim } from '../claims/index.js';
import { digest, missingToCreate, planCreate, planUpdate, type PlanInput } from '../planning/index.js';
import { compareGolden, survive, type ClaimSource } from '../survivorship/index.js';
import {
  issueKey,
  recordsOfGolden,
  type Golden,
  type HubRecord,
  type HubStore,
  type Intent,
  type Issue,
  type Tables,
} from './hub-store.js';
import type { HubSetup, ModelConnection } from './hub-setup.js';
import { keyOf } from './fields.js';
import { isUndecided, placeRecords } from './placing.js';

export const REQUIRED_TO_CREATE = [['familyName'], ['email']];

/** Links changed records to customers, computes the golden records anew, plans what to write. */
export function resolve(
  tables: Tables,
  { setup, store, now }: { setup: HubSetup; store: HubStore; now: number },
): void {
  const touched = new Set<string>();
  const tasks = [...tables.tasks].sort().map((task) => task.split(':'));
  for (const [kind, id] of tasks) if (kind === 'golden' && id !== undefined) touched.add(id);
  const recordIds = tasks.flatMap(([kind, id]) => (kind === 'record' && id !== undefined ? [id] : []));
  for (const id of placeRecords(tables, { recordIds, setup, store })) touched.add(id);
  tables.tasks.clear();
  for (const id of [...touched].sort()) {
    const golden = tables.golden.get(id);
    if (golden?.mergedInto !== null) continue;
    const records = recordsOfGolden(tables, id);
    for (const record of records) if (speaks(record, setup)) setup.onResolved?.(record);
    const compared = compareGolden(
      'customer',
      golden.stored,
      survive('customer', setup.rules, sourcesOf(records, setup)),
    );
    const decided: Golden = {
      ...golden,
      stored: compared.golden,
      history: [...golden.history, ...compared.changes],
    };
    tables.golden.set(id, decided);
    planWrites(tables, { golden: decided, records, setup, now });
  }
}

export function sourcesOf(records: readonly HubRecord[], setup: HubSetup): ClaimSource[] {
  return records.flatMap((record): ClaimSource[] => {
    const connection = setup.connections[record.system];
    if (connection === undefined || !speaks(record, setup)) return [];
    const claims: Record<string, Claim> = {};
    for (const [field, state] of Object.entries(record.fields)) if (state.claim) claims[field] = state.claim;
    return [
      {
        record: record.id,
        externalId: record.externalId,
        connection: connection.name,
        position: record.system,
        hub: false,
        claims,
      },
    ];
  });
}

/** A merged record speaks through the one that took it in, a deleted one as its connection says. */
function speaks(record: HubRecord, setup: HubSetup): boolean {
  if (record.mergedInto !== null) return false;
  return !record.deleted || setup.connections[record.system]?.onDelete === 'keep';
}

function planWrites(
  tables: Tables,
  {
    golden,
    records,
    setup,
    now,
  }: { golden: Golden; records: readonly HubRecord[]; setup: HubSetup; now: number },
): void {
  for (const [system, connection] of setup.connections.entries()) {
    const own = records.filter((record) => record.system === system);
    for (const record of own) {
      dropAgreedIssues(tables, golden, record);
      if (record.deleted) continue;
      const input = planInput(golden, connection, refusedOf(tables, system, record.id));
      const plan = planUpdate({ ...input, fields: record.fields });
      if (Object.keys(plan.values).length > 0) {
        addIntent(tables, {
          target: `record:${record.id}`,
          system,
          goldenId: golden.id,
          recordId: record.id,
          now,
        });
      }
    }
    if (own.length > 0) {
      dropCreateIssues(tables, system, golden.id);
      continue;
    }
    planCreation(tables, { golden, records, system, connection, now });
  }
}

function planCreation(
  tables: Tables,
  wanted: {
    golden: Golden;
    records: readonly HubRecord[];
    system: number;
    connection: ModelConnection;
    now: number;
  },
): void {
  const { golden, records, system, connection, now } = wanted;
  if (records.every((record) => record.deleted)) {
    dropCreateIssues(tables, system, golden.id);
    return;
  }
  const hold: Issue = {
    system,
    recordId: null,
    goldenId: golden.id,
    field: null,
    code: 'WAITING_FOR_MATCH',
    refused: null,
    blockedBy: null,
  };
  if (isUndecided(tables, golden.id, system)) {
    tables.issues.set(issueKey(hold), hold);
    return;
  }
  if (tables.issues.get(issueKey(hold))?.code === 'WAITING_FOR_MATCH') tables.issues.delete(issueKey(hold));
  const refused = refusedOf(tables, system, golden.id);
  const plan = planCreate(planInput(golden, connection, refused));
  if (missingToCreate(REQUIRED_TO_CREATE, plan.values).length > 0) {
    const issue = {
      system,
      recordId: null,
      goldenId: golden.id,
      field: null,
      code: 'MISSING_REQUIRED' as const,
      refused: null,
      blockedBy: null,
    };
    if (refused.size === 0) tables.issues.set(issueKey(issue), issue);
    return;
  }
  addIntent(tables, {
    target: `create:${String(system)}:${golden.id}`,
    system,
    goldenId: golden.id,
    recordId: null,
    now,
  });
}

export function planInput(
  golden: Golden,
  connection: ModelConnection,
  refused: ReadonlyMap<string, string>,
): PlanInput {
  return {
    entity: 'customer',
    mapping: connection.mapping,
    golden: golden.stored?.fields ?? {},
    recordsOf: () => [],
    refused,
  };
}

/** Field → digest of the value that the system refused of this record, or of the one to be made. */
export function refusedOf(tables: Tables, system: number, target: string): ReadonlyMap<string, string> {
  const refused = new Map<string, string>();
  for (const issue of tables.issues.values()) {
    if (issue.system !== system || (issue.recordId ?? issue.goldenId) !== target) continue;
    if (issue.field !== null && issue.refused !== null) refused.set(issue.field, issue.refused);
  }
  return refused;
}

function addIntent(
  tables: Tables,
  wanted: Pick<Intent, 'target' | 'system' | 'goldenId' | 'recordId'> & { readonly now: number },
): void {
  const { now, ...intent } = wanted;
  const before = tables.intents.get(intent.target);
  tables.intents.set(
    intent.target,
    before === undefined
      ? { ...intent, createdAt: now, dueAt: now, attempts: 0, sentAt: null, sent: null }
      : { ...before, goldenId: intent.goldenId },
  );
}

/** Issues of values that are not golden any more, or that the record holds by now, whoever gave in. */
function dropAgreedIssues(tables: Tables, golden: Golden, record: HubRecord): void {
  const wanted = golden.stored?.fields ?? {};
  for (const [key, { recordId, field, refused }] of tables.issues) {
    if (recordId !== record.id || field === null) continue;
    const isAgreed = keyOf(field, record.fields[field]?.held) === keyOf(field, wanted[field]);
    const isOld = !Object.hasOwn(wanted, field) || refused !== markOf(field, wanted[field] ?? null);
    if (record.deleted || isAgreed || isOld) tables.issues.delete(key);
  }
}

export function dropCreateIssues(tables: Tables, system: number, goldenId: string): void {
  for (const [key, issue] of tables.issues) {
    if (issue.system === system && issue.recordId === null && issue.goldenId === goldenId)
      tables.issues.delete(key);
  }
}

export function markOf(field: string, value: Parameters<typeof fieldKey>[2]): string {
  return digest(fieldKey('customer', field, value));
}
