import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../platform/database/index.js';
import { LOGGER, type Logger } from '../platform/telemetry/index.js';
import { ConnectionsService } from './connections.service.js';
import { BrokenConnectorError, wordsOf } from './guard/broken-connector.js';
import { watchStrays, type Owner } from './guard/strays.js';

/** An error of a connector that nobody waits for becomes a problem of its connection, and not the end of the process. */
@Injectable()
export class StrayErrors implements OnApplicationBootstrap, OnApplicationShutdown {
  private stop: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.stop = watchStrays((error, owner) => {
      this.tell(error, owner).catch((cause: unknown) => {
        this.logger.error({ err: cause, connection: owner.connection }, 'a stray error could not be told');
      });
    });
  }

  onApplicationShutdown(): void {
    this.stop?.();
  }

  private async tell(error: unknown, { connection: name, source }: Owner): Promise<void> {
    const problem = new BrokenConnectorError(source, 'CONNECTOR_STRAY', {
      what: 'failed at something that nobody waits for; what it was asked for may be lost.',
      detail: wordsOf(error),
    });
    this.logger.error({ connection: name, connector: source }, problem.message);
    const connection = (await this.connections.directory()).named(name);
    if (connection === undefined) return;
    await this.database.transaction((tx) => this.connections.stray(tx, connection, problem));
  }
}
