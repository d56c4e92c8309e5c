import { beginSending, cancelSending, observe, settle, type FieldStates } from '../claims/index.js';
import { bury } from './hub-ingest.js';
import { dropCreateIssues, markOf } from './hub-resolve.js';
import {
  issueKey,
  recordIn,
  recordsOfGolden,
  unblock,
  type HubRecord,
  type Intent,
  type Issue,
} from './hub-store.js';
import type { ModelHub } from './hub.js';
import type { PlannedPush } from './hub-push.js';
import { FIELDS, type Values } from './fields.js';
import type { ModelOutcome, Row } from './model-system.js';

export type Outcome =
  | ModelOutcome
  /** A create whose answer was lost was looked up. */
  | { readonly status: 'found'; readonly row: Row }
  | { readonly status: 'absent' }
  | { readonly status: 'later'; readonly retryAt: number }
  | { readonly status: 'throttled' }
  | { readonly status: 'unknown' };

interface Answered {
  readonly system: number;
  readonly push: PlannedPush;
  readonly now: number;
}

/** Attempts after which a create tells of the record in its way even if that record cannot be read. */
const PATIENCE = 3;

/** What an answer means for what the hub remembers, in one transaction. */
export function applyOutcome(hub: ModelHub, answered: Answered & { readonly outcome: Outcome }): void {
  const { tables } = hub.store;
  const { push, outcome, now } = answered;
  const { intent } = push;
  switch (outcome.status) {
    case 'stored':
    case 'found':
      forgetIssues(hub, answered);
      if (intent.recordId === null) storeCreate(hub, answered, outcome);
      else storeUpdate(hub, answered, intent.recordId, outcome.row);
      tables.intents.delete(intent.target);
      return;
    case 'gone': {
      const record = tables.records.get(intent.recordId ?? '');
      if (record !== undefined) bury(tables, record, outcome.mergedInto);
      tables.intents.delete(intent.target);
      return;
    }
    case 'rejected':
      forgetIssues(hub, answered);
      for (const field of outcome.fields) report(hub, answered, { field, code: 'REJECTED', blockedBy: null });
      unsend(hub, answered);
      postpone(hub, intent, now, false);
      return;
    case 'conflict':
      forgetIssues(hub, answered);
      conflict(hub, answered, outcome.existingId);
      unsend(hub, answered);
      return;
    case 'absent':
      postpone(hub, intent, now, false);
      return;
    case 'later':
      postpone(hub, intent, outcome.retryAt, true);
      return;
    case 'throttled':
      unsend(hub, answered);
      postpone(hub, intent, now + 1_000, push.uncertain);
      return;
    case 'unknown':
      postpone(hub, intent, now + backoff(intent.attempts), intent.recordId === null);
      return;
  }
}

export function backoff(attempts: number): number {
  return Math.min(500 * 2 ** attempts, 5 * 60_000);
}

function postpone(hub: ModelHub, intent: Intent, dueAt: number, uncertain: boolean): void {
  const now = hub.store.tables.intents.get(intent.target);
  if (now === undefined) return;
  const kept = uncertain ? { sentAt: now.sentAt, sent: now.sent } : { sentAt: null, sent: null };
  hub.store.tables.intents.set(intent.target, { ...now, ...kept, dueAt, attempts: now.attempts + 1 });
}

function storeUpdate(hub: ModelHub, { push, now }: Answered, recordId: string, row: Row): void {
  const record = hub.store.tables.records.get(recordId);
  if (record === undefined) return;
  const written = Object.keys(push.plan.values).map((field) => [field, row.values[field] ?? null] as const);
  const fields = settle(record.fields, { sent: push.plan.sent, stored: Object.fromEntries(written) });
  hub.store.tables.records.set(record.id, { ...record, fields, writtenAt: now });
  if (hub.setup.habits.triesConflictsAgain) unblock(hub.store.tables, record.system, record.externalId);
  hub.setup.onSeen?.({ ...record, fields });
}

function storeCreate(
  hub: ModelHub,
  answered: Answered,
  outcome: { status: 'stored' | 'found'; row: Row },
): void {
  const { tables } = hub.store;
  const { system, push, now } = answered;
  const known = recordIn(tables, system, outcome.row.id);
  dropCreateIssues(tables, system, push.intent.goldenId);
  tables.tasks.add(`golden:${push.intent.goldenId}`);
  if (known !== undefined) {
    const own = recordsOfGolden(tables, push.intent.goldenId)[0];
    if (own !== undefined && own.id !== known.id) {
      tables.same.add(`${known.id}|${own.id}`);
      tables.tasks.add(`record:${known.id}`);
    }
    return;
  }
  const values = Object.fromEntries(FIELDS.map((field) => [field, outcome.row.values[field] ?? null]));
  const fields =
    outcome.status === 'found'
      ? foundFields(values, hub, answered)
      : settle({}, { sent: push.plan.sent, stored: values });
  const record: HubRecord = {
    id: hub.store.nextId('r'),
    system,
    externalId: outcome.row.id,
    goldenId: liveGolden(hub, push.intent.goldenId),
    fields,
    readAt: 0,
    writtenAt: now,
    deleted: false,
    mergedInto: null,
  };
  tables.records.set(record.id, record);
  tables.tasks.add(`record:${record.id}`);
  hub.setup.onSeen?.(record);
}

/** What was sent is ours, as the system made it; anything else there is somebody's word. */
function foundFields(values: Values, hub: ModelHub, { system, push, now }: Answered): FieldStates {
  const { plan, intent } = push;
  const begun = beginSending({}, { values: plan.values, sent: plan.sent, at: intent.sentAt ?? now });
  const pushOnly = hub.setup.connections[system]?.pushOnly ?? new Set<string>();
  const seen = { fields: values, times: {}, modifiedAt: now, readAt: now };
  return observe(begun, seen, { entity: 'customer', pushOnly, madeByHub: false }).fields;
}

/** The customer may have been joined with another one while the answer was on its way. */
function liveGolden(hub: ModelHub, id: string): string {
  const into = hub.store.tables.golden.get(id)?.mergedInto ?? null;
  return into === null ? id : liveGolden(hub, into);
}

function conflict(hub: ModelHub, answered: Answered, existingId: string): void {
  const { tables } = hub.store;
  const { system, push, now } = answered;
  const { intent } = push;
  const existing = recordIn(tables, system, existingId);
  if (existing === undefined || existing.deleted) tables.inbox.add(`${String(system)}|${existingId}`);
  const ours = existing?.goldenId === intent.goldenId;
  const patient = existing === undefined && intent.attempts < PATIENCE;
  if (intent.recordId !== null || !(ours || patient))
    report(hub, answered, { field: 'email', code: 'CONFLICT', blockedBy: existingId });
  postpone(hub, intent, intent.recordId === null ? now + backoff(intent.attempts) : now, false);
}

function unsend(hub: ModelHub, { push }: Answered): void {
  const record = hub.store.tables.records.get(push.intent.recordId ?? '');
  if (record === undefined) return;
  const fields = cancelSending(record.fields, Object.keys(push.plan.values));
  hub.store.tables.records.set(record.id, { ...record, fields });
}

function report(
  hub: ModelHub,
  { system, push }: Answered,
  cause: Pick<Issue, 'code' | 'blockedBy'> & { readonly field: string },
): void {
  const { goldenId, recordId } = push.intent;
  const { field } = cause;
  const refused = push.plan.sent[field] ?? markOf(field, push.plan.values[field] ?? null);
  const issue: Issue = { system, recordId, goldenId, refused, ...cause };
  hub.store.tables.issues.set(issueKey(issue), issue);
}

/** What was tried is told anew or not at all; fields left out of this write keep their issues. */
function forgetIssues(hub: ModelHub, { system, push }: Answered): void {
  const { goldenId, recordId } = push.intent;
  for (const field of [null, ...Object.keys(push.plan.values)]) {
    hub.store.tables.issues.delete(issueKey({ system, recordId, goldenId, field }));
  }
}
