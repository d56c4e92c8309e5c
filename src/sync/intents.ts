import { fieldKey } from '../core/claims/index.js';
import { removedLinks } from '../core/survivorship/index.js';
import type { RecordRef } from '../sdk/index.js';
import {
  missingToCreate,
  passes,
  planCreate,
  planUpdate,
  waitsFor,
  digest,
  wholeDigest,
  type PlanInput,
} from '../core/planning/index.js';
import {
  canPush,
  creatableObject,
  objectOf,
  type ActiveConnection,
  type ObjectSetup,
} from '../connections/active-connection.js';
import type { ConnectionDirectory } from '../connections/directory.js';
import {
  fingerprint,
  type IssueReport,
  type IssueTarget,
  type WriteIssue,
} from '../issues/issue.repository.js';
import type { IntentWrite } from './outbox.repository.js';
import type { GoldenRow } from './resolve.repository.js';
import { isLive, type StoredRecord } from './source-record.js';
import type { Survived } from './surviving.js';

/** What planning needs to know beside the golden records themselves. */
export interface PlanningFacts {
  readonly directory: ConnectionDirectory;
  /** Live records that stand for a golden record in a connection. */
  readonly recordsOf: (connectionId: string, goldenId: string) => readonly RecordRef[];
  /** Write issues by record. */
  readonly issuesOf: ReadonlyMap<string, readonly WriteIssue[]>;
  readonly refusedUpdates: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly refusedCreates: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** `goldenId|connectionId` where a match candidate waits for a person. */
  readonly undecidedIn: ReadonlySet<string>;
}

export interface PlannedWrites {
  readonly intents: readonly IntentWrite[];
  readonly issues: readonly IssueReport[];
  /** Fingerprints of issues whose cause is gone. */
  readonly solved: readonly string[];
}

/** For one golden record: in which records of which connections something is to be written, made or archived. */
export function planWrites(golden: Survived, facts: PlanningFacts): PlannedWrites {
  const intents: IntentWrite[] = [];
  const issues: IssueReport[] = [];
  const solved: IssueTarget[] = [];
  const agreed: string[] = [];
  const withdrawn = golden.records.some((record) => isArchivingDeletion(record, facts.directory));
  for (const connection of facts.directory.external) {
    if (connection.connector.push === undefined || connection.state === 'removed') continue;
    const own = golden.records.filter((record) => record.connectionId === connection.id);
    for (const record of own.filter(isLive)) {
      const kind =
        withdrawn || record.undone
          ? 'archive'
          : needsUpdate(golden, record, connection, facts)
            ? 'update'
            : undefined;
      if (kind !== undefined) intents.push(intentFor(golden, connection, record, kind));
      agreed.push(...agreedIssues(golden, record, facts));
    }
    reportDuplicates(golden, connection, own.filter(isLive), issues, solved);
    if (own.some((record) => !record.deletionOver || record.undone) || withdrawn) {
      solved.push(...creationIssues(golden, connection));
      continue;
    }
    planCreation(golden, connection, facts, { intents, issues, solved });
  }
  // Nothing was ever reported of what is new.
  return { intents, issues, solved: golden.isNew ? [] : [...solved.map(fingerprint), ...agreed] };
}

/** Somebody deleted the record in a system whose deletions are to be followed by the others. */
function isArchivingDeletion(record: StoredRecord, directory: ConnectionDirectory): boolean {
  if (!record.deleted || record.deletionOver || record.mergedInto !== null) return false;
  const connection = directory.find(record.connectionId);
  return connection !== undefined && objectOf(connection, record.object)?.policy.onDelete === 'archive';
}

export function planInput(
  golden: Pick<GoldenRow, 'entity' | 'fields' | 'provenance' | 'frozen'>,
  setup: ObjectSetup,
  connection: ActiveConnection,
  facts: Pick<PlanningFacts, 'recordsOf'>,
  refused: ReadonlyMap<string, string>,
): PlanInput {
  return {
    entity: golden.entity,
    mapping: setup.mapping.filter(({ field }) => golden.frozen === null || !(field in golden.frozen)),
    golden: golden.fields,
    removed: removedLinks(golden.provenance),
    recordsOf: (goldenId) => facts.recordsOf(connection.id, goldenId),
    refused,
  };
}

/** Issues of fields in which the record and the golden record agree by now, or which were of another value. */
function agreedIssues(golden: Survived, record: StoredRecord, facts: PlanningFacts): string[] {
  return (facts.issuesOf.get(record.id) ?? []).flatMap((issue) => {
    if (issue.field === null) return [];
    const held = fieldKey(golden.entity, issue.field, record.fields[issue.field]?.held ?? null);
    const wanted = fieldKey(golden.entity, issue.field, golden.write.fields[issue.field] ?? null);
    // Another value than the one that was refused is tried, and tells anew.
    if (issue.refused !== null && issue.refused !== digest(wanted)) return [issue.fingerprint];
    return held === wanted ? [issue.fingerprint] : [];
  });
}

const NOTHING_REFUSED: ReadonlyMap<string, string> = new Map();

function needsUpdate(
  golden: Survived,
  record: StoredRecord,
  connection: ActiveConnection,
  facts: PlanningFacts,
): boolean {
  const setup = objectOf(connection, record.object);
  if (setup === undefined || !canPush(setup)) return false;
  const refused = facts.refusedUpdates.get(record.id) ?? NOTHING_REFUSED;
  const input = planInput({ ...golden.write, frozen: golden.frozen }, setup, connection, facts, refused);
  const plan = planUpdate({ ...input, fields: record.fields });
  return Object.keys(plan.values).length > 0 && !isWholeRefused(refused, plan.values);
}

/** A write that was refused as a whole is not sent again until it says something else. */
export function isWholeRefused(
  refused: ReadonlyMap<string, string>,
  values: Readonly<Record<string, unknown>>,
): boolean {
  return refused.get('*') === wholeDigest(values);
}

function planCreation(
  golden: Survived,
  connection: ActiveConnection,
  facts: PlanningFacts,
  out: { intents: IntentWrite[]; issues: IssueReport[]; solved: IssueTarget[] },
): void {
  const setup = creatableObject(connection, golden.entity);
  const alive = golden.records.some(
    (record) => isLive(record) && !facts.directory.isHub(record.connectionId),
  );
  if (setup === undefined || !alive || !passes(setup.policy.filter, golden.write.fields)) {
    out.solved.push(...creationIssues(golden, connection));
    return;
  }
  const target: IssueTarget = {
    connectionId: connection.id,
    object: setup.object,
    externalId: null,
    goldenId: golden.id,
    operation: 'write',
    field: null,
  };
  const hold = { ...target, operation: 'match' as const };
  if (facts.undecidedIn.has(`${golden.id}|${connection.id}`)) {
    out.issues.push(waitingForMatch(hold, connection));
    return;
  }
  const refused = facts.refusedCreates.get(`${connection.id}|${golden.id}`) ?? NOTHING_REFUSED;
  const input = planInput({ ...golden.write, frozen: golden.frozen }, setup, connection, facts, refused);
  const awaited = waitsFor(input);
  if (awaited !== undefined) {
    out.issues.push(waitingForRecord(hold, connection, setup, awaited));
    return;
  }
  out.solved.push(hold);
  const plan = planCreate(input);
  const missing = missingToCreate(setup.declaration.requiredToCreate, plan.values);
  if (missing.length > 0) {
    // What is missing because the system refused it has its own issue.
    if (refused.size === 0) out.issues.push(missingIssue(target, connection, setup, missing));
    return;
  }
  if (isWholeRefused(refused, plan.values)) return;
  out.intents.push(intentFor(golden, connection, null, 'create', setup));
}

function intentFor(
  golden: Survived,
  connection: ActiveConnection,
  record: StoredRecord | null,
  kind: IntentWrite['kind'],
  setup?: ObjectSetup,
): IntentWrite {
  return {
    connectionId: connection.id,
    object: record?.object ?? setup?.object ?? '',
    entity: golden.entity,
    goldenId: golden.id,
    recordId: record?.id ?? null,
    target: record === null ? `create:${golden.id}` : `record:${record.id}`,
    kind,
  };
}

/** What may stand in the way of a new record; void once there is one. */
function creationIssues(golden: Survived, connection: ActiveConnection): IssueTarget[] {
  const objects = connection.objects.filter((setup) => setup.entity === golden.entity);
  return objects.flatMap((setup) =>
    (['write', 'match'] as const).map((operation) => ({
      connectionId: connection.id,
      object: setup.object,
      externalId: null,
      goldenId: golden.id,
      operation,
      field: null,
    })),
  );
}

const BLANK: Pick<
  IssueReport,
  'recordId' | 'valueKind' | 'valueLength' | 'refused' | 'detail' | 'nextTryAt'
> = {
  recordId: null,
  valueKind: null,
  valueLength: null,
  refused: null,
  detail: null,
  nextTryAt: null,
};

function missingIssue(
  target: IssueTarget,
  connection: ActiveConnection,
  setup: ObjectSetup,
  missing: readonly string[],
): IssueReport {
  const title = setup.declaration.title;
  return {
    ...BLANK,
    ...target,
    code: 'MISSING_REQUIRED',
    severity: 'error',
    field: null,
    message: `No ${title} can be made in ${connection.name}: it wants ${missing.join(' and ')}, and no system knows it.`,
    remedy: `Fill in ${missing.join(' and ')} in any connected system, or in the hub; the ${title} is then made by itself. Or leave such records out with a filter under sync.${setup.entity}.filter.`,
  };
}

function waitingForMatch(target: IssueTarget, connection: ActiveConnection): IssueReport {
  return {
    ...BLANK,
    ...target,
    code: 'WAITING_FOR_MATCH',
    severity: 'error',
    message: `Not made in ${connection.name}: a record there may be the same one, and a person must say.`,
    remedy: 'Look at the match candidates and say "same" or "not same"; the rest follows by itself.',
  };
}

function waitingForRecord(
  target: IssueTarget,
  connection: ActiveConnection,
  setup: ObjectSetup,
  awaited: 'account' | 'customers',
): IssueReport {
  const whom = awaited === 'account' ? 'its account is not there' : 'none of its customers is there';
  return {
    ...BLANK,
    ...target,
    code: 'WAITING_FOR_RECORD',
    severity: 'notice',
    message: `No ${setup.declaration.title} is made in ${connection.name} as long as ${whom}.`,
    remedy: `It is made by itself once ${awaited === 'account' ? 'the account' : 'one of them'} is: see what keeps that from ${connection.name} (its own issue, a filter, or create: false). Or leave such deals out with a filter under sync.deal.filter.`,
  };
}

function reportDuplicates(
  golden: Survived,
  connection: ActiveConnection,
  own: readonly StoredRecord[],
  issues: IssueReport[],
  solved: IssueTarget[],
): void {
  const target: IssueTarget = {
    connectionId: connection.id,
    object: null,
    externalId: null,
    goldenId: golden.id,
    operation: 'match',
    field: null,
  };
  if (own.length < 2) {
    if (own.length === 1) solved.push(target);
    return;
  }
  issues.push({
    ...BLANK,
    ...target,
    code: 'DUPLICATE_IN_SYSTEM',
    severity: 'notice',
    message: `${connection.name} holds this ${golden.entity} ${String(own.length)} times: ${own
      .map((record) => `${record.object} ${record.externalId}`)
      .sort()
      .join(', ')}.`,
    remedy: `Merge them in ${connection.name}; the hub follows. If they are different ones, say "not same" here.`,
  });
}
