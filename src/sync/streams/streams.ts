import { Inject, Injectable } from '@nestjs/common';
import type { ActiveConnection } from '../../connections/active-connection.js';
import { ConnectionsService } from '../../connections/connections.service.js';
import { Database } from '../../platform/database/index.js';
import { LOGGER, type Logger } from '../../platform/telemetry/index.js';
import { RunsService } from '../../runs/runs.service.js';
import { StreamLeases } from './stream-leases.js';
import { StreamListener } from './stream-listener.js';
import { objectsRead } from './stream.repository.js';

/** What another process applied, or a lease that came free, is known here after so long. */
const REFRESH_MS = 2_000;

interface Held {
  readonly listener: StreamListener;
  /** What it was begun with. */
  readonly setup: string;
}

/** Listens to the connections that tell of changes by themselves; of all processes one to each. */
@Injectable()
export class Streams {
  private readonly held = new Map<string, Held>();
  private readonly leases: StreamLeases;
  private timer: NodeJS.Timeout | undefined;
  private atHand: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly runs: RunsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.leases = new StreamLeases(database.options.url, (error) => {
      logger.warn({ err: error }, 'the session that holds the leases of streams broke; taking them again');
      this.soon(() => this.drop([...this.held.keys()]));
    });
  }

  start(): void {
    this.again(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.atHand;
    await this.drop([...this.held.keys()]);
    await this.leases.end();
  }

  /** Takes over what the configuration says now, and leases that came free. */
  async refresh(): Promise<void> {
    const wanted = new Map((await this.wanted()).map((connection) => [connection.id, connection]));
    const over = [...this.held].filter(([id, { setup }]) => {
      const connection = wanted.get(id);
      return connection === undefined || setupOf(connection) !== setup;
    });
    await this.drop(over.map(([id]) => id));
    for (const connection of wanted.values()) {
      const held = this.held.get(connection.id);
      if (held !== undefined) await held.listener.payOwed();
      else if (await this.leases.take(connection.id)) this.listen(connection);
    }
  }

  /** The first read of a connection is for a person to start: what it is to bring is not told by events. */
  private async wanted(): Promise<readonly ActiveConnection[]> {
    const { external } = await this.connections.directory();
    const able = external.filter(
      ({ state, objects, connector, settings }) =>
        state === 'active' && objects.length > 0 && connector.stream?.wanted(settings) === true,
    );
    if (able.length === 0) return [];
    const read = await objectsRead(this.database);
    return able.filter(({ id, objects }) =>
      objects.every(({ object }) => read.get(id)?.has(object) === true),
    );
  }

  private listen(connection: ActiveConnection): void {
    const { database, connections, runs, logger } = this;
    const listener = new StreamListener({ database, connections, runs, logger }, connection);
    this.held.set(connection.id, { listener, setup: setupOf(connection) });
  }

  private async drop(ids: readonly string[]): Promise<void> {
    const dropped = ids.flatMap((id) => {
      const held = this.held.get(id);
      this.held.delete(id);
      return held === undefined ? [] : [{ id, held }];
    });
    await Promise.all(dropped.map(({ held }) => held.listener.stop()));
    for (const { id } of dropped) await this.leases.give(id);
  }

  private again(afterMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.soon(() => this.refresh());
      void this.atHand.finally(() => {
        this.again(REFRESH_MS);
      });
    }, afterMs);
  }

  /** One after the other; a failure is told of and does not end it. */
  private soon(work: () => Promise<void>): void {
    this.atHand = this.atHand.then(work).catch((error: unknown) => {
      if (!this.stopped) this.logger.warn({ err: error }, 'streams could not be looked after; trying again');
    });
  }
}

/** A listener begun with something else is begun anew. */
function setupOf({ settings, objects }: ActiveConnection): string {
  return JSON.stringify([settings, objects.map(({ object, properties }) => [object, properties])]);
}
