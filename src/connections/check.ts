import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { SecretError } from '../platform/secrets/index.js';
import { ConnectorError, type CheckItem, type FailureKind } from '../sdk/index.js';
import { enqueueFetch, enqueuePush } from '../sync/sync-jobs.js';
import type { ActiveConnection } from './active-connection.js';
import { ConnectionsService } from './connections.service.js';
import { checkMapping, mapsMore } from './mapping-check.js';

export interface ConnectionCheck {
  readonly connection: string;
  readonly connector: string;
  readonly items: readonly CheckItem[];
}

/** A system that does not answer in this time is out of reach. */
const PATIENCE_MS = 120_000;

const ITEM_OF_KIND: Readonly<Record<FailureKind, string>> = {
  configuration: 'settings',
  credentials: 'credentials',
  permission: 'scopes',
  throttled: 'limits',
  transient: 'reach',
  rejected: 'reach',
  system: 'reach',
};

/** Whether connections work: credentials, scopes, reach, limits left; each failure with its remedy. */
@Injectable()
export class CheckService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
  ) {}

  /** Of the connections named, or of all. A name that is not there is left out. One that had failed and works now goes on. */
  async check(names?: readonly string[]): Promise<readonly ConnectionCheck[]> {
    const directory = await this.connections.directory();
    const chosen = directory.external.filter(
      (connection) =>
        connection.state !== 'removed' && (names === undefined || names.includes(connection.name)),
    );
    return Promise.all(chosen.map((connection) => this.checkOne(connection)));
  }

  private async checkOne(connection: ActiveConnection): Promise<ConnectionCheck> {
    const items = await this.ask(connection);
    const works = items.every((item) => item.status !== 'failed' || item.name === 'mapping');
    if (connection.state === 'failed' && works) {
      await this.database.transaction(async (tx) => {
        await this.connections.recover(tx, connection);
        await enqueueFetch(tx, connection.id);
        await enqueuePush(tx, connection.id);
      });
    }
    return { connection: connection.name, connector: connection.connector.name, items };
  }

  private async ask(connection: ActiveConnection): Promise<readonly CheckItem[]> {
    if (connection.fault !== undefined) return failedItem('connector', connection.fault);
    try {
      const session = await this.connections.open(connection, AbortSignal.timeout(PATIENCE_MS), {
        ungated: true,
      });
      const items = await connection.connector.check(session.context);
      const works = items.every((item) => item.status !== 'failed');
      const mapping =
        works && mapsMore(connection.objects)
          ? checkMapping(connection.objects, await connection.connector.discover(session.context))
          : [];
      await session.flushCounts('', null);
      return [...items, ...mapping];
    } catch (error) {
      if (error instanceof ConnectorError) return failedItem(ITEM_OF_KIND[error.kind], error);
      if (error instanceof SecretError) return failedItem('credentials', error);
      throw error;
    }
  }
}

function failedItem(name: string, error: ConnectorError | SecretError): readonly CheckItem[] {
  return [{ name, status: 'failed', message: error.message, remedy: error.remedy }];
}
