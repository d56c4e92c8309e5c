import { settle, observe, fieldKey, isReferenceList, type FieldStates } from '../core/claims/index.js';
import { toCanonical } from '../core/mapping/index.js';
import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import type { IssueReport } from '../issues/issue.repository.js';
import type { JsonValue, PropertyValues, PushOutcome, Rejection } from '../sdk/index.js';
import { isAsSent } from './as-sent.js';
import { refusal } from './push-issues.js';
import type { PlannedPush } from './push-plan.js';

/** What an answer means for what the hub remembers. A value: applied by the caller in one transaction. */
export interface Settled {
  /** The intent is done, to be sent again at once without what was refused, or later. */
  readonly next: 'done' | 'again' | 'later';
  readonly issues: readonly IssueReport[];
  readonly stored?: {
    /** The record holds something else than what it had and what was sent: what that comes to is looked at again. */
    readonly rewritten: boolean;
    readonly externalId: string;
    readonly fields: FieldStates;
    readonly version: string | null;
    readonly modifiedAt: number | null;
    readonly receipt: Readonly<Record<string, { before: JsonValue; sent: JsonValue; stored: JsonValue }>>;
  };
  /** The record is gone from its system. */
  readonly gone?: { readonly mergedInto: string | null };
  /** Another record there to look at. */
  readonly lookAt?: string;
  /** When to try again, ms; undefined leaves it to the backoff. */
  readonly retryAt?: number;
  /** A create that may have been applied. */
  readonly uncertain?: boolean;
  readonly counts: 'created' | 'updated' | 'archived' | 'skipped' | 'failed' | null;
}

interface Answered {
  readonly push: PlannedPush;
  readonly connection: ActiveConnection;
  readonly setup: ObjectSetup;
  /** ms, hub's clock: when the answer came. */
  readonly now: number;
}

/** From one outcome to what is to be remembered. Pure. */
export function settleOutcome(outcome: PushOutcome, answered: Answered): Settled {
  const nameless = answered.push.nameless.map((problem) =>
    refusal(answered, { code: 'NO_SUCH_CHOICE', ...problem }),
  );
  switch (outcome.status) {
    case 'stored':
      return stored(outcome, answered, nameless);
    case 'rejected':
      return rejected(outcome.rejections, answered, nameless);
    case 'conflict':
      return conflict(outcome, answered, nameless);
    case 'gone':
      // Looked up and not there: nothing was made, so it can be made.
      if (answered.push.record === null) return { next: 'again', issues: [], counts: null };
      return {
        next: 'done',
        issues: [],
        gone: { mergedInto: outcome.mergedInto ?? null },
        counts: 'skipped',
      };
    case 'retry':
      return {
        next: 'later',
        issues: [],
        counts: null,
        uncertain: 'uncertainSince' in answered.push.operation,
        ...(outcome.retryAt !== undefined && { retryAt: outcome.retryAt }),
      };
    case 'unknown':
      return {
        next: 'later',
        issues: [],
        counts: null,
        uncertain: true,
      };
  }
}

function stored(
  outcome: Extract<PushOutcome, { status: 'stored' }>,
  answered: Answered,
  nameless: readonly IssueReport[],
): Settled {
  const { push, setup, connection } = answered;
  if (push.operation.kind === 'archive') {
    return { next: 'done', issues: [], gone: { mergedInto: null }, counts: 'archived' };
  }
  const canonical = canonicalOf(setup, outcome.values);
  const fields =
    outcome.found === true
      ? foundFields(canonical, answered)
      : settle(push.record?.fields ?? {}, {
          sent: sentMarks(push),
          stored: withSent(canonical, push),
          ...(push.record !== null && {
            within: answered.now - Math.max(push.record.readAt, push.record.writtenAt),
          }),
        });
  const receipt: Record<string, { before: JsonValue; sent: JsonValue; stored: JsonValue }> = {};
  const notices: IssueReport[] = [];
  for (const [field, sent] of Object.entries(sentValues(push))) {
    const kept = fields[field]?.held ?? null;
    receipt[field] = { before: push.record?.fields[field]?.held ?? null, sent, stored: kept };
    if (push.reverted?.includes(field) === true && !isGolden(answered, field, kept))
      notices.push({ ...heldBack(answered, field), externalId: outcome.id });
    // A list of links grows by other people's hands as well.
    if (isReferenceList(setup.entity, field)) continue;
    if (
      fieldKey(setup.entity, field, kept) !== fieldKey(setup.entity, field, sent) &&
      outcome.found !== true
    ) {
      notices.push({ ...notKept(answered, field, sent), externalId: outcome.id });
    }
  }
  const modified = outcome.modifiedAt === undefined ? Number.NaN : Date.parse(outcome.modifiedAt);
  return {
    next: 'done',
    issues: [...nameless, ...notices],
    stored: {
      rewritten:
        push.record === null
          ? outcome.found === true || !isAsSent({ push, setup, sent: sentValues(push), fields })
          : Object.keys(canonical).some((field) => isRewritten(field, push, canonical)),
      externalId: outcome.id,
      fields,
      version: outcome.version ?? push.record?.version ?? null,
      modifiedAt: Number.isNaN(modified) ? null : modified - connection.clockOffsetMs,
      receipt,
    },
    counts: push.operation.kind === 'create' ? (outcome.found === true ? 'updated' : 'created') : 'updated',
  };
}

/** Changed by the system itself, with an update that did not write it. */
function isRewritten(
  field: string,
  { record, plan }: PlannedPush,
  canonical: Readonly<Record<string, JsonValue>>,
): boolean {
  if (record === null || field in plan.values) return false;
  return JSON.stringify(canonical[field] ?? null) !== JSON.stringify(record.fields[field]?.held ?? null);
}

/**
 * A record that was found instead of made. Where it holds what would have been written, the earlier attempt wrote
 * it; anything else there is somebody's word.
 */
function foundFields(
  canonical: Readonly<Record<string, JsonValue>>,
  { push, setup, now }: Answered,
): FieldStates {
  const ours: Record<string, JsonValue> = {};
  const theirs: Record<string, JsonValue> = {};
  for (const [field, value] of Object.entries(canonical)) {
    const sent = push.plan.values[field];
    const same =
      sent !== undefined && fieldKey(setup.entity, field, sent) === fieldKey(setup.entity, field, value);
    (same ? ours : theirs)[field] = value;
  }
  const mine = settle({}, { sent: push.plan.sent, stored: ours });
  const seen = { fields: theirs, times: {}, modifiedAt: now, readAt: now };
  return observe(mine, seen, { entity: setup.entity, pushOnly: setup.pushOnly, madeByHub: false }).fields;
}

/** A connector may leave out what it could not read back; what was sent is then the best that is known. */
function withSent(
  canonical: Readonly<Record<string, JsonValue>>,
  push: PlannedPush,
): Record<string, JsonValue> {
  return { ...sentValues(push), ...canonical };
}

/** What really went out: values that the system has no name for did not. */
function sentValues(push: PlannedPush): Record<string, JsonValue> {
  const nameless = new Set(push.nameless.map((problem) => problem.field));
  return Object.fromEntries(Object.entries(push.plan.values).filter(([field]) => !nameless.has(field)));
}

function sentMarks(push: PlannedPush): Record<string, string> {
  const out = sentValues(push);
  return Object.fromEntries(Object.entries(push.plan.sent).filter(([field]) => field in out));
}

function canonicalOf(setup: ObjectSetup, values: PropertyValues): Readonly<Record<string, JsonValue>> {
  return toCanonical({ entity: setup.entity, mapping: setup.mapping, values }).fields;
}

function isGolden({ push, setup }: Answered, field: string, kept: JsonValue): boolean {
  return (
    fieldKey(setup.entity, field, kept) === fieldKey(setup.entity, field, push.golden.fields[field] ?? null)
  );
}

/** An undo wrote another value than the golden one; it stands until the golden value is another one. */
function heldBack(answered: Answered, field: string): IssueReport {
  return {
    ...refusal(answered, {
      field,
      code: 'HELD_BACK',
      message: `${answered.connection.name} keeps the value of ${field} that an undo wrote back; the hub's is another one.`,
      remedy: `Nothing, if that is meant: the next change of ${field} is written as ever. Try again writes the hub's value now; an edit in the hub changes it everywhere.`,
    }),
    severity: 'notice',
    refused: null,
  };
}

function notKept(answered: Answered, field: string, sent: JsonValue): IssueReport {
  return {
    ...refusal(answered, {
      field,
      code: 'VALUE_NOT_KEPT',
      message: `${answered.connection.name} took the write but keeps another value in ${field}.`,
      remedy: `Look at the record there: a workflow, a rule of the field or a rewriting of values decides it. Change the value, or set the direction of ${field} to "pull" for ${answered.connection.name}.`,
    }),
    severity: 'notice',
    refused: null,
    valueLength: typeof sent === 'string' ? sent.length : null,
  };
}

function rejected(
  rejections: readonly Rejection[],
  answered: Answered,
  nameless: readonly IssueReport[],
): Settled {
  const { push, setup } = answered;
  const fieldOfProperty = (property: string | undefined): string | null =>
    setup.mapping.find((line) => line.property === property && line.field in push.plan.values)?.field ?? null;
  const issues = rejections.map((rejection) =>
    refusal(answered, { ...rejection, field: fieldOfProperty(rejection.property) }),
  );
  // Only if every fault has a field can the rest go without it.
  const again = issues.length > 0 && issues.every((issue) => issue.field !== null);
  return { next: again ? 'again' : 'done', issues: [...nameless, ...issues], counts: 'failed' };
}

function conflict(
  outcome: Extract<PushOutcome, { status: 'conflict' }>,
  answered: Answered,
  nameless: readonly IssueReport[],
): Settled {
  const { push, setup } = answered;
  const line = setup.mapping.find(
    (one) => one.property === outcome.property && one.field in push.plan.values,
  );
  // A record that may be there already is not made without the very value that says so.
  const field = push.record === null ? null : (line?.field ?? null);
  const blockedBy = outcome.existingId ?? null;
  const issue = { ...refusal(answered, { ...outcome, code: 'CONFLICT', field }), blockedBy };
  // A create waits for the other record to be read: it may turn out to be the very one.
  const waits = push.record === null && outcome.existingId !== undefined;
  return {
    next: waits ? 'later' : field === null ? 'done' : 'again',
    issues: [...nameless, issue],
    counts: 'failed',
    ...(outcome.existingId !== undefined && { lookAt: outcome.existingId }),
  };
}
