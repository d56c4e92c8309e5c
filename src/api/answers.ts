/** What answers hold, for the OpenAPI document; tests check real answers by the same schemas. */
import { z } from 'zod';
import { ENTITIES } from '../core/model/fields.js';

const time = z.iso.datetime();
const maybeTime = time.nullable();
const text = z.string();
const maybe = text.nullable();
const value = z.json();
const entity = z.enum(ENTITIES);

type PageSchema<Item extends z.ZodType> = z.ZodObject<{
  items: z.ZodArray<Item>;
  next: z.ZodNullable<z.ZodString>;
}>;

export function pageOf<Item extends z.ZodType>(item: Item): PageSchema<Item> {
  const next = maybe.meta({ description: 'Give it back as `cursor` for the next page; null at the end.' });
  return z.strictObject({ items: z.array(item), next });
}

export function listOf<Item extends z.ZodType>(item: Item): z.ZodObject<{ items: z.ZodArray<Item> }> {
  return z.strictObject({ items: z.array(item) });
}

export const summary = z.strictObject({
  id: z.uuid(),
  entity,
  title: text,
  email: maybe,
  phone: maybe,
  connections: z.array(text),
  updatedAt: time,
});

const claim = {
  value,
  at: time,
  origin: z.enum(['field', 'record', 'first', 'hub']),
  timeNote: text,
  by: text.optional(),
};

const provenance = z.strictObject({
  connection: text,
  recordId: text,
  object: maybe,
  externalId: maybe,
  url: maybe,
  at: time,
  origin: claim.origin,
  timeNote: text.meta({ description: 'How good the time is.' }),
  rule: text,
  undecided: z.boolean(),
});

export const record = z.strictObject({
  id: text,
  connection: text,
  object: text,
  externalId: text,
  url: maybe,
  state: z.enum(['live', 'deleted', 'merged']),
  deletedAt: maybeTime,
  mergedInto: maybe,
  modifiedAt: maybeTime,
  linkedAt: maybeTime,
  linkRule: maybe,
  fields: z.array(
    z.strictObject({
      field: text,
      title: text,
      held: value,
      claim: z.strictObject(claim).nullable(),
      golden: value,
      direction: z.enum(['pull', 'push', 'both', 'none']).nullable(),
      agrees: z.boolean().nullable(),
      settledDifferently: z.boolean(),
    }),
  ),
  differences: z.array(text).meta({ description: 'Fields in which it differs from the golden record.' }),
});

export const issue = z.strictObject({
  id: text,
  connection: text,
  object: maybe,
  externalId: maybe,
  recordId: maybe,
  customerId: maybe,
  operation: z.enum(['read', 'match', 'write', 'connection']),
  code: text,
  severity: z.enum(['error', 'notice']),
  field: maybe,
  valueKind: maybe,
  valueLength: z.int().nullable(),
  message: text,
  remedy: text,
  detail: maybe,
  state: z.enum(['open', 'skipped']),
  attempts: z.int(),
  firstSeenAt: time,
  lastSeenAt: time,
  nextTryAt: maybeTime,
});

export const issueGroup = z.strictObject({
  code: text,
  severity: z.enum(['error', 'notice']),
  operation: text,
  connection: text,
  count: z.int(),
  message: text,
  remedy: text,
  lastSeenAt: time,
});

export const detail = z.strictObject({
  id: z.uuid(),
  entity,
  title: text,
  version: z.int(),
  createdAt: time,
  updatedAt: time,
  aliases: z.array(z.uuid()),
  fields: z.array(
    z.strictObject({
      field: text,
      title: text,
      value,
      refersTo: maybe.meta({ description: 'Titles of what a reference points at.' }),
      provenance: provenance.nullable(),
    }),
  ),
  records: z.array(record),
  duplicates: z.array(
    z.strictObject({
      connection: text,
      records: z.array(z.strictObject({ recordId: text, object: text, externalId: text })),
    }),
  ),
  merges: z.array(z.strictObject({ id: z.uuid(), mergedId: z.uuid(), by: text, rule: text, at: time })),
  deals: z
    .array(
      z.strictObject({
        id: z.uuid(),
        title: text,
        amount: maybe.meta({ description: 'Decimal text: exact.' }),
        currency: maybe,
        stage: maybe,
        closeDate: maybe,
        connections: z.array(text),
      }),
    )
    .meta({ description: 'Of a customer or an account, the newest close date first; at most 100.' }),
  issues: z.array(issue),
});

const historyClaim = z.strictObject({
  connection: text,
  object: maybe,
  externalId: maybe,
  url: maybe,
  value,
  at: time,
});

export const historyEntry = z.strictObject({
  id: text,
  customerId: z.uuid(),
  version: z.int(),
  at: time,
  runId: maybe,
  changes: z.array(
    z.strictObject({
      field: text,
      kind: z.enum(['changed', 'overridden']),
      old: value,
      new: value,
      rule: text,
      winner: historyClaim.nullable(),
      losers: z.array(historyClaim),
      receipts: z.array(
        z.strictObject({
          connection: text,
          object: text,
          externalId: maybe,
          operation: text,
          at: time,
          before: value,
          sent: value,
          stored: value,
          runId: maybe,
        }),
      ),
    }),
  ),
});

export const explanation = z.strictObject({
  id: z.uuid(),
  field: text,
  title: text,
  value,
  rule: z.strictObject({ rule: text, order: z.array(text), blanks: z.enum(['win', 'ignore']) }),
  summary: text,
  undecided: z.boolean(),
  pending: z.boolean(),
  claims: z.array(
    z.strictObject({
      ...claim,
      standing: z.enum(['winner', 'agrees', 'contributes', 'lost', 'not-counted']),
      connection: text,
      recordId: text,
      object: text,
      externalId: text,
      url: maybe,
      reason: text,
    }),
  ),
});

export const idOnly = z.strictObject({ id: z.uuid() });

const candidateRecord = z.strictObject({
  recordId: text,
  connection: text,
  object: text,
  externalId: text,
  url: maybe,
  customerId: maybe,
  customerTitle: maybe,
  values: z.record(text, value),
});

export const candidate = z.strictObject({
  entity,
  rule: text,
  reason: text,
  at: time,
  a: candidateRecord,
  b: candidateRecord,
});

export const decided = z.strictObject({ verdict: z.enum(['same', 'notSame']), survivorId: maybe });

export const merged = z.strictObject({ mergeId: z.uuid(), survivorId: z.uuid(), mergedId: z.uuid() });

export const unmerged = z.strictObject({
  mergeId: z.uuid(),
  survivorId: z.uuid(),
  revivedId: z.uuid(),
  replaced: z.array(text).meta({ description: 'Source records that are being placed anew.' }),
});

export const connection = z.strictObject({
  id: z.uuid(),
  name: text,
  connector: text,
  title: text,
  state: z.enum(['active', 'paused', 'failed', 'removed']),
  problem: z.looseObject({ code: text, message: text, remedy: text }).nullable(),
  schedule: maybe,
  timeZone: text,
  clockOffsetMs: z.int().meta({ description: "The system's clock minus the hub's." }),
  calls: z
    .strictObject({
      limit: z
        .int()
        .nullable()
        .meta({ description: 'That the vendor allows a day; null where it tells of none.' }),
      percent: z.int().meta({ description: "The hub's share." }),
      share: z.int().nullable(),
      used: z.int().meta({ description: 'By the hub, in the day as the vendor counts it.' }),
      others: z.int().nullable().meta({ description: 'By other programs, as far as known.' }),
      left: z.strictObject({ urgent: z.int().nullable(), backfill: z.int().nullable() }).meta({
        description: 'For webhooks and fresh edits, and for large reads and writes; null is without end.',
      }),
      until: z.strictObject({ urgent: maybeTime, backfill: maybeTime }).meta({
        description: 'When there are calls again, while none are left.',
      }),
      waiting: z
        .array(z.strictObject({ work: z.enum(['fetch', 'pull', 'push']), until: time }))
        .meta({ description: 'Work that waits for it.' }),
    })
    .meta({ description: 'API calls a day.' }),
  records: z.int(),
  openIssues: z.int(),
  waitingWrites: z.int(),
  stream: z
    .strictObject({
      state: z.enum(['live', 'polling']),
      since: maybeTime.meta({ description: 'null while no process listens.' }),
      problem: z.looseObject({ code: text, message: text, remedy: text }).nullable(),
      unheard: z.array(z.looseObject({ object: text, message: text, remedy: text })),
      heardAt: maybeTime.meta({ description: 'When the last event came.' }),
    })
    .nullable()
    .meta({ description: 'Whether changes come as they happen; null where the system is not listened to.' }),
  objects: z.array(
    z.strictObject({
      object: text,
      title: text,
      entity,
      direction: z.enum(['pull', 'push', 'both', 'none']),
      completeAt: maybeTime.meta({ description: 'What changed there before this is known here.' }),
      reading: z.boolean(),
    }),
  ),
});

export const check = z.strictObject({
  connection: text,
  connector: text,
  items: z.array(z.looseObject({ name: text, status: text, message: text, remedy: text.optional() })),
});

export const run = z.strictObject({
  id: z.uuid(),
  trigger: text,
  full: z.boolean(),
  state: z.enum(['running', 'held', 'settled', 'failed', 'rejected']),
  startedAt: time,
  finishedAt: maybeTime,
  connections: z.array(text),
});

export const runReport = run.extend({
  parts: z.array(z.looseObject({ connection: text, state: text })),
  counts: z.array(z.looseObject({ connection: text, object: text })),
  gates: z.array(
    z.looseObject({
      connection: text,
      state: z.enum(['open', 'held', 'approved', 'rejected']),
      decidedBy: maybe,
      decidedAt: maybeTime,
    }),
  ),
  waiting: z.strictObject({ resolve: z.int(), writes: z.record(text, z.int()) }),
  waits: z
    .array(z.strictObject({ connection: text, work: z.enum(['pull', 'push']), until: time }))
    .meta({ description: 'Work of it that waits for API calls to be had again; it goes on by itself.' }),
});

export const held = z.strictObject({
  runId: z.uuid(),
  connection: text,
  state: z.enum(['held', 'rejected']),
  reason: z.enum(['first', 'many']),
  records: z.record(text, z.int()).meta({ description: 'What the connection held, by entity.' }),
  writes: z.array(
    z.strictObject({ object: text, kind: z.enum(['create', 'update', 'archive']), count: z.int() }),
  ),
  samples: z.array(
    z.strictObject({
      object: text,
      operation: z.enum(['create', 'update', 'archive']),
      externalId: maybe,
      title: text,
      goldenId: z.uuid(),
      fields: z.array(z.strictObject({ field: text, from: value, to: value, rule: maybe, winner: maybe })),
    }),
  ),
});

export const undone = z.strictObject({
  runId: z.uuid().nullable().meta({ description: 'The run that writes back; null for a dry run.' }),
  undoes: z.uuid(),
  reverted: z.int(),
  archived: z.int(),
  notUndone: z.int(),
  listed: z.array(
    z.strictObject({
      connection: text,
      object: text,
      externalId: text,
      field: maybe,
      obstacle: z.enum(['changed', 'gone', 'archived', 'found', 'not-writable']),
      url: maybe.meta({ description: 'The record in its system.' }),
      byHand: maybe.meta({ description: 'How a person brings back there what was archived.' }),
    }),
  ),
});

export const rules = z.looseObject({ version: z.int() });
export const ruleVersion = z.strictObject({ version: z.int(), appliedAt: time, hash: text });

export const apiKey = z.strictObject({
  id: z.uuid(),
  name: text,
  scope: z.enum(['read', 'admin']),
  createdAt: time,
  lastUsedAt: maybeTime,
  revokedAt: maybeTime,
});

export const newApiKey = apiKey.extend({ key: text.meta({ description: 'Never shown again.' }) });
