/** What answers about people's rights hold, for the OpenAPI document; tests check real answers by the same schemas. */
import { z } from 'zod';
import { detail, historyEntry, listOf, pageOf } from './answers.js';

const time = z.iso.datetime();
const maybeTime = time.nullable();
const text = z.string();
const maybe = text.nullable();
const action = z.enum(['delete', 'archive', 'keep']);

const receipt = z.strictObject({
  connection: text,
  object: text,
  action,
  outcome: z
    .enum(['erased', 'archived', 'gone', 'kept'])
    .nullable()
    .meta({ description: 'null while it is to be done' }),
  note: maybe,
  doneAt: maybeTime,
  attempts: z.int(),
  nextTryAt: maybeTime,
  problem: z.strictObject({ code: text, message: text, remedy: text }).nullable(),
});

export const erasure = z.strictObject({
  id: z.uuid(),
  customerId: z.uuid(),
  by: text,
  trigger: z.enum(['request', 'webhook']),
  state: z.enum(['pending', 'done']),
  requestedAt: time,
  finishedAt: maybeTime,
  removed: z.record(text, z.int()).meta({ description: 'Table of the hub → rows removed.' }),
  receipts: z.array(receipt),
});

export const erasures = listOf(erasure);

export const erasurePlan = z.strictObject({
  customerId: z.uuid(),
  title: text,
  records: z.array(
    z.strictObject({ connection: text, object: text, externalId: maybe, action, note: maybe }),
  ),
});

export const suppressions = listOf(
  z.strictObject({
    erasureId: z.uuid(),
    since: time,
    by: text,
    kept: z.record(text, z.int()).meta({ description: 'record, email, phone → hashes kept.' }),
    hits: z.int().meta({ description: 'How often a record was kept out.' }),
    lastHitAt: maybeTime,
  }),
);

export const lifted = z.strictObject({ erasures: z.array(z.uuid()) });

export const auditLog = pageOf(
  z.strictObject({
    id: text,
    at: time,
    by: text,
    action: text,
    subject: maybe,
    details: z.record(text, z.json()),
  }),
);

export const personExport = z.strictObject({
  format: z.literal('rapport-person-1'),
  exportedAt: time,
  customer: detail,
  records: z.array(
    z.strictObject({
      connection: text,
      object: text,
      externalId: text,
      url: maybe,
      createdAt: time,
      modifiedAt: maybeTime,
      deletedAt: maybeTime,
      linkedBy: maybe,
      fields: z.record(text, z.json()),
      identifiers: z.array(z.strictObject({ kind: text, value: text })),
    }),
  ),
  history: z.array(historyEntry),
  decisions: z.array(
    z.strictObject({ kind: z.enum(['decision', 'candidate', 'merge']), at: time, by: text, what: text }),
  ),
  receipts: z.array(
    z.strictObject({
      connection: text,
      object: text,
      externalId: maybe,
      operation: text,
      at: time,
      fields: z.json(),
    }),
  ),
});
