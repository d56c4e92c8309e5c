import type { JsonValue, PropertyValues, PushOperation } from '../sdk/index.js';
import { toNative } from '../core/mapping/index.js';
import {
  missingToCreate,
  planCreate,
  planUpdate,
  withRevert,
  waitsFor,
  type PlanInput,
  type RecordPlan,
} from '../core/planning/index.js';
import type { ActiveConnection, ObjectSetup } from '../connections/active-connection.js';
import { isWholeRefused, planInput } from './intents.js';
import type { Intent, SendingPlan } from './outbox.repository.js';
import type { GoldenRow } from './resolve.repository.js';
import type { PushFacts } from './push-facts.js';
import { isLive, type StoredRecord } from './source-record.js';

/** One intent turned into what the connector is asked, with what is needed to understand the answer. */
export interface PlannedPush {
  readonly intent: Intent;
  readonly operation: PushOperation;
  readonly golden: GoldenRow;
  readonly record: StoredRecord | null;
  readonly plan: RecordPlan;
  /** Fields that get a value back which an undo names, instead of the golden one. */
  readonly reverted?: readonly string[];
  /** Values the system has no name for: left out, to be told. */
  readonly nameless: readonly { readonly field: string; readonly message: string; readonly remedy: string }[];
}

const NOTHING: RecordPlan = { values: {}, sent: {}, waiting: [] };

/** What to send for an intent as things are now; undefined when there is nothing left to do. */
export function planPush(
  intent: Intent,
  connection: ActiveConnection,
  setup: ObjectSetup,
  facts: PushFacts,
): PlannedPush | undefined {
  const record = intent.recordId === null ? null : (facts.records.get(intent.recordId) ?? null);
  const golden = facts.golden.get(record?.goldenId ?? intent.goldenId);
  if (golden?.mergedInto !== null) return undefined;
  const input = (refused: ReadonlyMap<string, string>): PlanInput =>
    planInput(golden, setup, connection, facts, refused);
  if (record === null) {
    const { sentAt, sending } = intent;
    if (sentAt !== null && sending !== null) return lookUp(intent, { golden, setup, sentAt, sending });
    if (facts.hasRecord(connection.id, golden.id)) return undefined;
    // A doubt came up since it was planned; a person's word plans it anew.
    if (facts.isUndecided(connection.id, golden.id)) return undefined;
    const refused = facts.refusedCreates(connection.id, golden.id);
    // Whom it waits for went away since; it is planned anew when that is back.
    if (waitsFor(input(refused)) !== undefined) return undefined;
    const plan = planCreate(input(refused));
    if (missingToCreate(setup.declaration.requiredToCreate, plan.values).length > 0) return undefined;
    if (isWholeRefused(refused, plan.values)) return undefined;
    const native = toNative({ entity: setup.entity, mapping: setup.mapping, fields: plan.values });
    return {
      intent,
      golden,
      record,
      plan,
      nameless: native.problems,
      operation: {
        kind: 'create',
        key: intent.id,
        hubId: golden.id,
        values: native.values,
      },
    };
  }
  if (!isLive(record)) return undefined;
  if (intent.kind === 'archive') {
    const operation = { kind: 'archive' as const, key: intent.id, id: record.externalId };
    return { intent, golden, record, plan: NOTHING, nameless: [], operation };
  }
  const refused = facts.refusedUpdates(record.id);
  const { reverted, ...plan } = withRevert(planUpdate({ ...input(refused), fields: record.fields }), {
    entity: golden.entity,
    golden: golden.fields,
    fields: record.fields,
    revert: intent.revert ?? {},
    refused,
  });
  if (Object.keys(plan.values).length === 0 || isWholeRefused(refused, plan.values)) return undefined;
  const native = toNative({ entity: setup.entity, mapping: setup.mapping, fields: plan.values });
  return {
    intent,
    golden,
    record,
    plan,
    reverted,
    nameless: native.problems,
    operation: {
      kind: 'update',
      key: intent.id,
      id: record.externalId,
      hubId: golden.id,
      values: native.values,
      previous: previousOf(setup, record, plan),
    },
  };
}

/** A create that may have been applied is looked for as it was sent, whatever the golden record says by now. */
function lookUp(
  intent: Intent,
  {
    golden,
    setup,
    sentAt,
    sending,
  }: { golden: GoldenRow; setup: ObjectSetup; sentAt: number; sending: SendingPlan },
): PlannedPush {
  return {
    intent,
    golden,
    record: null,
    plan: { values: sending.values, sent: sending.sent, waiting: [] },
    nameless: [],
    operation: {
      kind: 'create',
      key: intent.id,
      hubId: intent.goldenId,
      values: toNative({ entity: setup.entity, mapping: setup.mapping, fields: sending.values }).values,
      uncertainSince: new Date(sentAt).toISOString(),
    },
  };
}

function previousOf(setup: ObjectSetup, record: StoredRecord, plan: RecordPlan): PropertyValues {
  const held: Record<string, JsonValue> = {};
  for (const field of Object.keys(plan.values)) held[field] = record.fields[field]?.held ?? null;
  return toNative({ entity: setup.entity, mapping: setup.mapping, fields: held }).values;
}
