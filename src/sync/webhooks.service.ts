import { Inject, Injectable } from '@nestjs/common';
import type { ActiveConnection } from '../connections/active-connection.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { Database, type Transaction } from '../platform/database/index.js';
import { LOGGER, type Logger } from '../platform/telemetry/index.js';
import type { WebhookEvent, WebhookRequest } from '../sdk/index.js';
import { hashesOf, recordMark } from '../erasure/marks.js';
import { anySuppression, suppressedOf } from '../erasure/suppression.repository.js';
import { storeEvents, type InboxEntry } from './inbox.repository.js';
import { enqueueFetch } from './sync-jobs.js';

/** What is answered to whoever called. */
export type WebhookAnswer =
  | { readonly kind: 'stored'; readonly events: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'malformed' };

export interface WebhookCall extends WebhookRequest {
  readonly connection: string;
}

/** Takes webhooks in: verified, stored, acknowledged. What they are about is read afterwards. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async receive(call: WebhookCall): Promise<WebhookAnswer> {
    const connection = (await this.connections.directory()).named(call.connection);
    if (connection?.connector.webhook === undefined || connection.state === 'removed')
      return { kind: 'unknown' };
    const secrets = await this.connections.webhookSecrets(connection);
    if (secrets === null) {
      this.logger.warn(
        { connection: connection.name },
        'a webhook came, but the connection has no `webhooks` secrets',
      );
      return { kind: 'unknown' };
    }
    // How old a call is, is told by the clock that signed it.
    const receivedAt = call.receivedAt + connection.clockOffsetMs;
    const verdict = connection.connector.webhook({ ...call, receivedAt }, secrets, connection.settings);
    if (!verdict.accepted) {
      this.logger.warn(
        { connection: connection.name, reason: verdict.reason },
        `webhook refused: ${verdict.message}`,
      );
      return { kind: verdict.reason === 'malformed' ? 'malformed' : 'refused' };
    }
    const stored = await this.store(connection, verdict.events);
    this.logger.debug(
      { connection: connection.name, events: verdict.events.length, new: stored, ignored: verdict.ignored },
      'webhook taken',
    );
    return { kind: 'stored', events: stored };
  }

  /** Events of a paused connection are kept too: they are read when it goes on. */
  private async store(connection: ActiveConnection, events: readonly WebhookEvent[]): Promise<number> {
    if (events.length === 0) return 0;
    return this.database.transaction(async (tx) => {
      const entries = events.map(({ dedupeKey, object, id, kind }) => ({
        dedupeKey,
        object,
        externalId: id,
        kind,
      }));
      const stored = await storeEvents(tx, connection.id, await withoutErased(tx, connection, entries));
      if (stored > 0) await enqueueFetch(tx, connection.id);
      return stored;
    });
  }
}

/** What is told of records of erased people, their deletion above all, leaves no trace of them here. */
async function withoutErased(
  tx: Transaction,
  connection: ActiveConnection,
  entries: readonly InboxEntry[],
): Promise<readonly InboxEntry[]> {
  const hashOf = ({ object, externalId }: InboxEntry): string => {
    const mark = recordMark({ connectionId: connection.id, object, externalId });
    return hashesOf([mark], connection.keyedHash)[0]?.hash ?? '';
  };
  if (!(await anySuppression(tx))) return entries;
  const erased = await suppressedOf(tx, entries.map(hashOf));
  return erased.size === 0 ? entries : entries.filter((entry) => !erased.has(hashOf(entry)));
}
