/** Webhooks: who sent them, and which records to look at. Values in them are never used. */
import { z } from 'zod';
import type { WebhookEvent, WebhookRequest, WebhookVerdict } from '../../src/sdk/index.js';
import { webhookSecretsSchema } from './config.js';
import type { ObjectName } from './objects.js';
import { signatureProblem } from './signature.js';

export function webhook(request: WebhookRequest, secrets: unknown): WebhookVerdict {
  const parsed = webhookSecretsSchema.safeParse(secrets);
  if (!parsed.success)
    return {
      accepted: false,
      reason: 'signature',
      message: 'The connection has no client secret to check webhooks with (`webhooks.clientSecret`).',
    };
  const problem = signatureProblem(request, parsed.data.clientSecret);
  if (problem !== undefined) return { accepted: false, ...problem };
  const items = itemsIn(request.rawBody);
  if (items === undefined)
    return { accepted: false, reason: 'malformed', message: 'The body is not a JSON list of events.' };
  const events = items.map((item) => eventsOf(item));
  return {
    accepted: true,
    events: events.flat(),
    ignored: events.filter((found) => found.length === 0).length,
  };
}

function itemsIn(rawBody: Uint8Array): readonly unknown[] | undefined {
  try {
    const body: unknown = JSON.parse(Buffer.from(rawBody).toString('utf8'));
    return Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

const idSchema = z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform(String);

const itemSchema = z.object({
  subscriptionType: z.string(),
  eventId: idSchema.optional().catch(undefined),
  subscriptionId: idSchema.optional().catch(undefined),
  portalId: idSchema.optional().catch(undefined),
  occurredAt: z.number().optional().catch(undefined),
  objectTypeId: z.string().optional(),
  objectId: idSchema.optional().catch(undefined),
  propertyName: z.string().optional().catch(undefined),
  primaryObjectId: idSchema.optional().catch(undefined),
  mergedObjectIds: z.array(idSchema).optional().catch(undefined),
  newObjectId: idSchema.optional().catch(undefined),
  fromObjectId: idSchema.optional().catch(undefined),
  toObjectId: idSchema.optional().catch(undefined),
  fromObjectTypeId: z.string().optional().catch(undefined),
  toObjectTypeId: z.string().optional().catch(undefined),
  associationType: z.string().optional().catch(undefined),
  associationRemoved: z.boolean().optional().catch(undefined),
  associationTypeId: z.number().optional().catch(undefined),
});
type Item = z.infer<typeof itemSchema>;

interface Place {
  readonly object: ObjectName;
  readonly id: string;
  readonly kind: WebhookEvent['kind'];
}

/** None for what is not understood, or about other objects. */
function eventsOf(raw: unknown): readonly WebhookEvent[] {
  const parsed = itemSchema.safeParse(raw);
  if (!parsed.success) return [];
  const item = parsed.data;
  const at = item.occurredAt;
  const occurredAt =
    at !== undefined && Math.abs(at) <= 8.64e15 ? { occurredAt: new Date(at).toISOString() } : {};
  return placesOf(item).map(({ object, id, kind }) => ({
    dedupeKey: `${keyOf(item)}:${object}:${id}:${kind}`,
    object,
    id,
    kind,
    ...occurredAt,
  }));
}

/** An event id alone is not unique; a redelivery differs in nothing but its attempt number. */
function keyOf(item: Item): string {
  return [
    item.portalId,
    item.subscriptionId,
    item.eventId,
    item.subscriptionType,
    item.occurredAt,
    item.objectId ?? item.fromObjectId,
    item.toObjectId,
    item.propertyName,
    item.associationTypeId,
    item.associationRemoved,
  ]
    .map((part) => String(part ?? ''))
    .join(':');
}

function placesOf(item: Item): readonly Place[] {
  const [subject = '', verb = ''] = item.subscriptionType.split('.');
  if (verb === 'associationChange') return associated(item, subject);
  const object = objectNamed(subject === 'object' ? item.objectTypeId : subject);
  if (object === undefined) return [];
  if (verb === 'merge') return mergePlaces(item, object);
  const kind = KINDS[verb];
  return kind === undefined || item.objectId === undefined ? [] : [{ object, id: item.objectId, kind }];
}

const KINDS: Readonly<Record<string, WebhookEvent['kind']>> = {
  creation: 'changed',
  propertyChange: 'changed',
  restore: 'changed',
  deletion: 'deleted',
  privacyDeletion: 'erased',
};

/** The survivor may have a new id, or that of the primary record. */
function mergePlaces(item: Item, object: ObjectName): readonly Place[] {
  const survivor = item.newObjectId ?? item.objectId;
  const others = [item.primaryObjectId, ...(item.mergedObjectIds ?? []), item.objectId];
  const gone = others.filter((id): id is string => id !== undefined && id !== survivor);
  return [
    ...[...new Set(gone)].map((id): Place => ({ object, id, kind: 'merged' })),
    ...(survivor === undefined ? [] : [{ object, id: survivor, kind: 'changed' } as const]),
  ];
}

/** Links are told by the record that holds them, whichever way round: a deal its contacts, a contact its company. */
function associated(item: Item, subject: string): readonly Place[] {
  const [from, to] = endsOf(item, subject);
  if (from === undefined || to === undefined) return [];
  const places = [
    { object: from, id: item.fromObjectId },
    { object: to, id: item.toObjectId },
  ];
  const holder = HOLDS_LINKS.find((object) => object === from || object === to);
  return places.flatMap(({ object, id }) =>
    id === undefined || object !== holder ? [] : [{ object, id, kind: 'changed' as const }],
  );
}

const HOLDS_LINKS: readonly ObjectName[] = ['deal', 'contact', 'company'];

function endsOf(item: Item, subject: string): readonly [ObjectName | undefined, ObjectName | undefined] {
  if (subject === 'object') return [objectNamed(item.fromObjectTypeId), objectNamed(item.toObjectTypeId)];
  const [from, to] = (item.associationType ?? '').split('_TO_');
  return [objectNamed(from?.toLowerCase()), objectNamed(to?.toLowerCase())];
}

function objectNamed(name: string | undefined): ObjectName | undefined {
  if (name === 'contact' || name === '0-1') return 'contact';
  if (name === 'company' || name === '0-2') return 'company';
  if (name === 'deal' || name === '0-3') return 'deal';
  return undefined;
}
