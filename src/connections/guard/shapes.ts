/** Whether an answer of a connector is what the contract says, as far as the hub would stumble over it. */
import { z } from 'zod';
import { ENTITIES } from '../../core/model/fields.js';

/** Looked at by hand: there are thousands on a page. */
const record = z.custom<object>((value) => {
  const { id, values, modifiedAt } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return isId(id) && typeof values === 'object' && values !== null && isTime(modifiedAt);
}, 'is no record with id, values and modifiedAt');
const tombstone = z.custom<object>(
  (value) => isId(((value ?? {}) as { readonly id?: unknown }).id),
  'has no id',
);
const unreadable = z.looseObject({ id: z.string(), message: z.string(), remedy: z.string() });

const page = z.looseObject({
  records: z.array(record),
  tombstones: z.array(tombstone),
  unreadable: z.array(unreadable).optional(),
  readAt: z.number(),
});
const readResult = z.looseObject({
  records: z.array(record),
  tombstones: z.array(tombstone),
  readAt: z.number(),
});
const STATUSES = ['stored', 'conflict', 'rejected', 'gone', 'retry', 'unknown'] as const;
const outcome = z.looseObject({ key: z.string(), status: z.enum(STATUSES) });
const ERASED = ['erased', 'archived', 'gone', 'rejected', 'retry'] as const;
const erased = z.looseObject({ key: z.string(), status: z.enum(ERASED) });
const checkItem = z.looseObject({
  name: z.string(),
  status: z.enum(['ok', 'warning', 'failed']),
  message: z.string(),
});
const described = z.looseObject({
  object: z.string(),
  title: z.string(),
  properties: z.array(z.looseObject({ name: z.string(), type: z.string() })),
});
const declared = z.looseObject({
  object: z.string().min(1),
  title: z.string(),
  entity: z.enum(ENTITIES),
  mapping: z.array(
    z.looseObject({
      field: z.string(),
      property: z.string(),
      direction: z.enum(['pull', 'push', 'both', 'none']),
    }),
  ),
  requiredToCreate: z.array(z.array(z.string())),
  creatable: z.boolean(),
  batch: z.looseObject({ read: z.int().min(1), push: z.int().min(1) }),
});
const verdict = z.union([
  z.looseObject({
    accepted: z.literal(true),
    events: z.array(z.looseObject({ dedupeKey: z.string(), id: z.string() })),
  }),
  z.looseObject({ accepted: z.literal(false), reason: z.string(), message: z.string() }),
]);

export const SHAPES = {
  page,
  readResult,
  verdict,
  outcomes: z.array(outcome),
  erased: z.array(erased),
  checkItems: z.array(checkItem),
  described: z.array(described),
  declared: z.array(declared),
} as const;

function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
