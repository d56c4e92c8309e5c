import { beginSending } from '../claims/index.js';
import { missingToCreate, planCreate, planUpdate, type RecordPlan } from '../planning/index.js';
import type { ModelHub } from './hub.js';
import { applyOutcome, type Outcome } from './hub-outcomes.js';
import { planInput, refusedOf, REQUIRED_TO_CREATE } from './hub-resolve.js';
import { recordsOfGolden, type HubRecord, type Intent } from './hub-store.js';

/**
 * What goes wrong with a push:
 * throttled    the system takes nothing
 * lost-before  no answer, nothing was applied
 * lost-after   no answer, all was applied
 * dies-reading the hub dies after it has read again what it is about to overwrite
 * dies-before  the hub dies just before the call
 * dies-after   the hub dies after the call, before it remembers the answers
 */
export const FAULTS = [
  'none',
  'throttled',
  'lost-before',
  'lost-after',
  'dies-reading',
  'dies-before',
  'dies-after',
] as const;
export type Fault = (typeof FAULTS)[number];

const BATCH = 3;

export interface PlannedPush {
  readonly intent: Intent;
  readonly plan: RecordPlan;
  /** The create may have happened already. */
  readonly uncertain: boolean;
}

interface Step {
  readonly system: number;
  readonly uncertainOnly: boolean;
  readonly fault: Fault;
}

/** One batch: take due intents, plan them anew, read again, send, remember. False when nothing was due. */
export function pushStep(hub: ModelHub, step: Step): boolean {
  const { tables } = hub.store;
  const due = dueIntents(hub, step);
  const [first] = due;
  if (first === undefined) return false;
  const batch = due
    .filter((intent) => (intent.recordId === null) === (first.recordId === null))
    .slice(0, BATCH);
  const planned: PlannedPush[] = [];
  for (const intent of batch) {
    const push = planPush(hub, intent);
    if (push === undefined) tables.intents.delete(intent.target);
    else planned.push(push);
  }
  const checked = readAgain(hub, step.system, planned);
  if (step.fault === 'dies-reading') return died(hub);
  markSending(hub, checked);
  if (step.fault === 'dies-before') return died(hub);
  const now = hub.clock.now();
  const outcomes = checked.map((push) => ({ push, outcome: send(hub, step, push) }));
  if (step.fault === 'dies-after') return died(hub);
  for (const { push, outcome } of outcomes) applyOutcome(hub, { system: step.system, push, outcome, now });
  return true;
}

function died(hub: ModelHub): true {
  hub.die();
  return true;
}

/** What waits to be resolved is not sent; creates wait until the system was read after they were wanted. */
function dueIntents(hub: ModelHub, { system, uncertainOnly }: Step): Intent[] {
  const { tables } = hub.store;
  const now = hub.clock.now();
  const unresolved = new Set([...tables.tasks].map((task) => task.split(':')[1] ?? ''));
  const newcomers = [...unresolved].some((id) => tables.records.get(id)?.system === system);
  return [...tables.intents.values()]
    .filter((intent) => {
      if (intent.system !== system || intent.dueAt > now) return false;
      if (intent.sentAt !== null && hub.setup.habits.looksUpWhatWasSent) return true;
      if (uncertainOnly && intent.sentAt === null) return false;
      if (unresolved.has(intent.goldenId) || unresolved.has(intent.recordId ?? '')) return false;
      if (intent.recordId !== null) return true;
      return !newcomers && (intent.sentAt !== null || intent.createdAt <= hub.completeAt(system));
    })
    .sort((a, b) => (a.target < b.target ? -1 : 1));
}

function planPush(hub: ModelHub, intent: Intent): PlannedPush | undefined {
  const { tables } = hub.store;
  if (hub.setup.habits.looksUpWhatWasSent && intent.sentAt !== null && intent.sent !== null) {
    return { intent, plan: intent.sent, uncertain: true };
  }
  const record = intent.recordId === null ? null : tables.records.get(intent.recordId);
  const golden = tables.golden.get(record?.goldenId ?? intent.goldenId);
  const connection = hub.setup.connections[intent.system];
  if (golden?.mergedInto !== null || connection === undefined) return undefined;
  if (record === null) {
    if (recordsOfGolden(tables, golden.id).some((own) => own.system === intent.system)) return undefined;
    const plan = planCreate(planInput(golden, connection, refusedOf(tables, intent.system, golden.id)));
    if (missingToCreate(REQUIRED_TO_CREATE, plan.values).length > 0) return undefined;
    return { intent, plan, uncertain: intent.sentAt !== null };
  }
  if (record === undefined || record.deleted) return undefined;
  const input = planInput(golden, connection, refusedOf(tables, intent.system, record.id));
  const plan = planUpdate({ ...input, fields: record.fields });
  return Object.keys(plan.values).length === 0 ? undefined : { intent, plan, uncertain: false };
}

/** What changed in the system since it was last read is taken in first; its intents wait until that is resolved. */
function readAgain(hub: ModelHub, system: number, planned: readonly PlannedPush[]): readonly PlannedPush[] {
  const records = planned.flatMap(({ intent }) => recordOf(hub, intent) ?? []);
  if (records.length === 0) return planned;
  const changed = hub.take(system, hub.systemAt(system).read(records.map((record) => record.externalId)));
  return planned.filter(({ intent }) => !changed.includes(recordOf(hub, intent)?.externalId ?? ''));
}

function recordOf(hub: ModelHub, intent: Intent): HubRecord | undefined {
  return intent.recordId === null ? undefined : hub.store.tables.records.get(intent.recordId);
}

/** Stored before the call: from here on a write may have happened, whatever becomes of the hub. */
function markSending(hub: ModelHub, planned: readonly PlannedPush[]): void {
  const { tables } = hub.store;
  const at = hub.clock.now();
  for (const { intent, plan, uncertain } of planned) {
    const record = recordOf(hub, intent);
    if (record === undefined) {
      if (!uncertain) tables.intents.set(intent.target, { ...intent, sentAt: at, sent: plan });
    } else if (hub.setup.habits.remembersUpdates) {
      const fields = beginSending(record.fields, { values: plan.values, sent: plan.sent, at });
      tables.records.set(record.id, { ...record, fields });
    }
  }
}

function send(hub: ModelHub, { system, fault }: Step, { intent, plan, uncertain }: PlannedPush): Outcome {
  if (fault === 'throttled') return { status: 'throttled' };
  if (fault === 'lost-before') return { status: 'unknown' };
  const target = hub.systemAt(system);
  let outcome: Outcome;
  if (uncertain) {
    const found = target.find(intent.goldenId, plan.values, intent.sentAt ?? 0);
    if (found === 'later')
      outcome = { status: 'later', retryAt: (intent.sentAt ?? 0) + target.traits.lag + 1 };
    else if (found !== undefined) outcome = { status: 'found', row: found };
    else if (hub.setup.habits.looksUpWhatWasSent) outcome = { status: 'absent' };
    else {
      hub.writes += 1;
      outcome = target.hubMakes(intent.goldenId, plan.values);
    }
  } else {
    hub.writes += 1;
    const record = recordOf(hub, intent);
    outcome =
      record === undefined
        ? target.hubMakes(intent.goldenId, plan.values)
        : target.hubWrites(record.externalId, plan.values);
  }
  return fault === 'lost-after' ? { status: 'unknown' } : outcome;
}
