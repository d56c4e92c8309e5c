import { wholeDigest } from '../core/planning/index.js';
import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import type { IssueReport, IssueTarget } from '../issues/issue.repository.js';
import type { JsonValue } from '../sdk/index.js';
import type { PlannedPush } from './push-plan.js';

/** A write that the system refuses for what it says; not sent again until it says something else. */
export function refusal(
  { push, connection, setup }: { push: PlannedPush; connection: ActiveConnection; setup: ObjectSetup },
  cause: {
    readonly field: string | null;
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
    readonly detail?: string;
  },
): IssueReport {
  const value = cause.field === null ? null : (push.plan.values[cause.field] ?? null);
  return {
    ...writeTarget(push, connection, setup, cause.field),
    recordId: push.record?.id ?? null,
    code: cause.code,
    severity: 'error',
    valueKind: cause.field === null ? null : kindOf(value),
    valueLength: typeof value === 'string' ? value.length : Array.isArray(value) ? value.length : null,
    refused: cause.field === null ? wholeDigest(push.plan.values) : (push.plan.sent[cause.field] ?? null),
    message: cause.message,
    remedy: cause.remedy,
    detail: cause.detail === undefined ? null : withoutValues(cause.detail, push),
    nextTryAt: null,
  };
}

/** Shorter ones are words of the vendor's as likely as values. */
const SHORTEST_HIDDEN = 4;

/** The vendor's words as they may be kept: what they repeat of the record is left out. */
function withoutValues(detail: string, { plan, operation }: PlannedPush): string {
  const native = operation.kind === 'archive' ? [] : Object.values(operation.values);
  const previous = operation.kind === 'update' ? Object.values(operation.previous) : [];
  const texts = [...Object.values(plan.values), ...native, ...previous]
    .flatMap((value) => (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]))
    .filter((value) => typeof value === 'string')
    .map((text) => text.trim())
    .filter((text) => text.length >= SHORTEST_HIDDEN)
    .sort((a, b) => b.length - a.length);
  const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return texts.reduce((hidden, text) => hidden.replaceAll(new RegExp(literal(text), 'gi'), '…'), detail);
}

/** A write that keeps failing for reasons that may pass. */
export function stuck(
  { push, connection, setup }: { push: PlannedPush; connection: ActiveConnection; setup: ObjectSetup },
  cause: { readonly code: string; readonly message: string; readonly nextTryAt: number },
): IssueReport {
  return {
    ...writeTarget(push, connection, setup, null),
    recordId: push.record?.id ?? null,
    code: cause.code,
    severity: 'error',
    valueKind: null,
    valueLength: null,
    refused: null,
    message: cause.message,
    remedy: `Nothing to do if ${connection.name} is having trouble: it is tried again by itself. If it goes on, run \`rapport check ${connection.name}\`.`,
    detail: null,
    nextTryAt: cause.nextTryAt,
  };
}

export function writeTarget(
  push: PlannedPush,
  connection: ActiveConnection,
  setup: ObjectSetup,
  field: string | null,
): IssueTarget {
  return {
    connectionId: connection.id,
    object: setup.object,
    externalId: push.record?.externalId ?? null,
    goldenId: push.golden.id,
    operation: 'write',
    field,
  };
}

function kindOf(value: JsonValue): string {
  if (value === null) return 'blank';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'string' ? 'text' : typeof value;
}
