/** Webhooks say where to look; values in them are never used. */
import { z } from 'zod';
import type { WebhookEvent, WebhookRequest, WebhookVerdict } from '../../src/sdk/index.js';
import { webhookSecretsSchema } from './config.js';
import { isSigned } from './signature.js';

const MAX_AGE_MS = 300_000;

const eventSchema = z.object({
  eventId: z.string(),
  object: z.enum(['company', 'person']),
  id: z.string(),
  kind: z.enum(['changed', 'deleted', 'merged']),
  at: z.iso.datetime(),
});
const bodySchema = z.array(z.unknown());

export function webhook(request: WebhookRequest, secrets: unknown): WebhookVerdict {
  const known = webhookSecretsSchema.safeParse(secrets);
  const { 'x-signature': signature, 'x-timestamp': timestamp } = request.headers;
  if (!known.success || signature === undefined || timestamp === undefined)
    return refused('signature', 'The request is not signed, or there is no key to check it with.');
  const { url, rawBody, receivedAt } = request;
  if (!isSigned({ timestamp, url, rawBody }, known.data.signingKey, signature))
    return refused(
      'signature',
      'The signature does not fit: it was made with another key, or for another address.',
    );
  // Written so that a time that is no number is refused as well.
  if (!(Math.abs(receivedAt - Number(timestamp)) <= MAX_AGE_MS))
    return refused('stale', 'The request was signed more than five minutes away from now.');
  const items = itemsIn(rawBody);
  if (items === undefined) return refused('malformed', 'The body is no JSON list of events.');
  const events = items.flatMap(eventOf);
  return { accepted: true, events, ignored: items.length - events.length };
}

function itemsIn(rawBody: Uint8Array): readonly unknown[] | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(new TextDecoder().decode(rawBody))).data;
  } catch {
    return undefined;
  }
}

/** The event's number stays the same when it is delivered again. */
function eventOf(item: unknown): WebhookEvent[] {
  const event = eventSchema.safeParse(item);
  if (!event.success) return [];
  const { eventId, object, id, kind, at } = event.data;
  return [{ dedupeKey: `${eventId}:${object}:${id}`, object, id, kind, occurredAt: at }];
}

function refused(reason: 'signature' | 'stale' | 'malformed', message: string): WebhookVerdict {
  return { accepted: false, reason, message };
}
