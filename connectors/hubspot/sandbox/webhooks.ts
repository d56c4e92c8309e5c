/** Webhooks: batched, signed (v3), sent again when they are not taken, and sometimes lost, doubled or out of order. */
import { sign } from '../signature.js';
import { SINGULAR } from './schema.js';
import type { Change } from './types.js';

export interface WebhookOptions {
  /** Where they go; none are sent without it. */
  readonly targetUrl: string;
  readonly clientSecret: string;
  /** Each event is lost, or sent twice, with this probability (0 to 1). */
  readonly drop?: number;
  readonly duplicate?: number;
  readonly reorder?: boolean;
  readonly retryDelayMs?: number;
}

const PORTAL_ID = 48_000_001;
const APP_ID = 3_000_001;
const WINDOW_MS = 10;
const MAX_BATCH = 100;
const MAX_RETRIES = 10;

export class Webhooks {
  private options: WebhookOptions | undefined;
  private queue: Record<string, unknown>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly underWay = new Set<Promise<void>>();
  private nextEventId = 1;
  private closed = false;

  /** Status of each attempt so far; 0 when there was no answer. */
  readonly attempts: number[] = [];

  /** @param now the portal's clock, ms */
  constructor(
    private readonly random: () => number,
    private readonly now: () => number,
  ) {}

  subscribe(options: WebhookOptions): void {
    this.options = options;
  }

  unsubscribe(): void {
    this.options = undefined;
    this.queue = [];
  }

  publish(change: Change): void {
    if (this.options === undefined) return;
    const event = this.eventOf(change);
    const { drop = 0, duplicate = 0, reorder = false } = this.options;
    if (this.random() < drop) return;
    for (let copy = this.random() < duplicate ? 2 : 1; copy > 0; copy -= 1)
      if (reorder) this.queue.unshift({ ...event });
      else this.queue.push({ ...event });
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.send();
    }, WINDOW_MS);
  }

  /** Resolves when everything queued has been taken or given up. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.send();
    while (this.underWay.size > 0) await Promise.all([...this.underWay]);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.unsubscribe();
    clearTimeout(this.timer);
    await Promise.all([...this.underWay]);
  }

  private send(): void {
    const { options } = this;
    if (options === undefined) return;
    while (this.queue.length > 0) {
      const delivery = this.deliver(this.queue.splice(0, MAX_BATCH), options);
      this.underWay.add(delivery);
      void delivery.finally(() => this.underWay.delete(delivery));
    }
  }

  private async deliver(events: readonly Record<string, unknown>[], options: WebhookOptions): Promise<void> {
    for (let attempt = 0; attempt <= MAX_RETRIES && !this.closed; attempt += 1) {
      const status = await post(events, attempt, { ...options, now: this.now() });
      this.attempts.push(status);
      if ((status >= 200 && status < 300) || [400, 401, 403, 404, 405].includes(status)) return;
      await new Promise((resolve) => setTimeout(resolve, options.retryDelayMs ?? 50));
    }
  }

  private eventOf(change: Change): Record<string, unknown> {
    const base = {
      eventId: this.nextEventId++,
      subscriptionId: 900_000 + change.kind.length,
      portalId: PORTAL_ID,
      appId: APP_ID,
      occurredAt: change.at,
      subscriptionType: `${SINGULAR[change.object]}.${change.kind}`,
      attemptNumber: 0,
      changeSource: change.source,
    };
    switch (change.kind) {
      case 'associationChange':
        return {
          ...base,
          fromObjectId: Number(change.id),
          toObjectId: Number(change.otherId),
          associationType:
            `${SINGULAR[change.object]}_to_${SINGULAR[change.otherEnd ?? 'companies']}`.toUpperCase(),
          associationRemoved: change.removed,
        };
      case 'propertyChange':
        return {
          ...base,
          objectId: Number(change.id),
          propertyName: change.property,
          propertyValue: change.value,
        };
      case 'merge':
        return {
          ...base,
          objectId: Number(change.id),
          newObjectId: Number(change.id),
          primaryObjectId: Number(change.primaryId),
          mergedObjectIds: (change.mergedIds ?? []).map(Number),
        };
      case 'creation':
      case 'deletion':
      case 'restore':
      case 'privacyDeletion':
        return { ...base, objectId: Number(change.id) };
    }
  }
}

async function post(
  events: readonly Record<string, unknown>[],
  attemptNumber: number,
  { targetUrl, clientSecret, now }: WebhookOptions & { readonly now: number },
): Promise<number> {
  const rawBody = Buffer.from(JSON.stringify(events.map((event) => ({ ...event, attemptNumber }))));
  const timestamp = String(now);
  try {
    const response = await fetch(targetUrl, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-HubSpot-Request-Timestamp': timestamp,
        'X-HubSpot-Signature-v3': sign(
          { method: 'POST', url: targetUrl, rawBody },
          { clientSecret, timestamp },
        ),
      },
      body: rawBody,
      signal: AbortSignal.timeout(5000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
