import { setTimeout as wait } from 'node:timers/promises';
import type { ActiveConnection } from '../../connections/active-connection.js';
import type { ConnectionsService } from '../../connections/connections.service.js';
import type { Database } from '../../platform/database/index.js';
import type { Logger } from '../../platform/telemetry/index.js';
import type { RunsService } from '../../runs/runs.service.js';
import type { StreamBatch } from '../../sdk/index.js';
import { LONG_MS, problemOf, streamEnded, waitOf } from './stream-failure.js';
import * as repository from './stream.repository.js';
import { takeBatch } from './take-batch.js';

export interface ListenerParts {
  readonly database: Database;
  readonly connections: ConnectionsService;
  readonly runs: RunsService;
  readonly logger: Logger;
}

/** One that held so long was well: what comes after is a new trouble. */
const STEADY_MS = 30_000;
/** While a stream that once was live is not, its connection is read this often. */
const READ_MS = 5 * 60_000;

/** Listens to one connection until it is stopped; this process holds its lease meanwhile. */
export class StreamListener {
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;
  private failures = 0;
  private openedAt = 0;
  private readAt = 0;

  constructor(
    private readonly parts: ListenerParts,
    readonly connection: ActiveConnection,
  ) {
    this.ended = this.run();
  }

  /** Resolves when nothing more is stored. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  /** Has read what may have gone untold, if anything may; while a reading is under way, nothing yet. */
  async payOwed(): Promise<void> {
    const { runs, logger } = this.parts;
    const { id, name } = this.connection;
    const started = await runs.startCatchUp(id, (tx) => repository.clearOwed(tx, id));
    if (started === null) return;
    this.readAt = Date.now();
    logger.info({ connection: name, runId: started.runId }, 'reading what may have gone untold');
  }

  private async run(): Promise<void> {
    while (!this.stopped()) {
      try {
        await this.listen();
      } catch (error) {
        if (!this.stopped()) await this.failed(error);
      }
    }
  }

  private async listen(): Promise<void> {
    const { database, connections } = this.parts;
    const { connection } = this;
    const { stream } = connection.connector;
    if (stream === undefined) return;
    // Polls of a stream are no calls of the day's limit: when that is used up, it is what still tells of changes.
    const session = await connections.open(connection, this.stopping.signal, { ungated: true });
    const stored = stream.position.safeParse(await repository.positionOf(database, connection.id));
    this.openedAt = Date.now();
    const batches = stream.open(session.context, {
      objects: connection.objects.map(({ object, properties }) => ({ object, properties })),
      position: stored.success ? stored.data : null,
    });
    let subscribed = false;
    for await (const batch of batches) {
      await this.take(batch, { subscribed, clockOffsetMs: session.clockOffsetMs() });
      subscribed = true;
    }
    throw streamEnded();
  }

  private async take(
    batch: StreamBatch<unknown>,
    { subscribed, clockOffsetMs }: { readonly subscribed: boolean; readonly clockOffsetMs: number },
  ): Promise<void> {
    const { database, logger } = this.parts;
    const { connection } = this;
    const { events, gap, unheard } = batch;
    const stored = await database.transaction(async (tx) => {
      const news = await takeBatch(tx, batch, { connection, clockOffsetMs });
      if (!subscribed || unheard !== undefined)
        await repository.setState(tx, connection.id, { state: 'live', unheard: unheard ?? [] });
      return news;
    });
    if (!subscribed) logger.info({ connection: connection.name }, 'listening to changes');
    if (events.length > 0)
      logger.debug({ connection: connection.name, events: events.length, stored }, 'change events taken');
    if (gap === undefined) return;
    logger.info({ connection: connection.name, ...gap }, 'changes may have gone untold');
    await this.payOwed();
  }

  private async failed(error: unknown): Promise<void> {
    const { database, logger } = this.parts;
    const { id, name } = this.connection;
    if (Date.now() - this.openedAt > STEADY_MS) this.failures = 0;
    this.failures += 1;
    const problem = problemOf(error);
    const waitMs = waitOf(error, this.failures);
    logger.warn({ err: error, connection: name, code: problem.code, waitMs }, 'not listening; trying again');
    try {
      await repository.setState(database, id, { state: 'polling', problem: { ...problem } });
      await this.pause(waitMs);
    } catch (cause) {
      // The database is away: what is stored stays as it was, and is gone on from.
      logger.warn({ err: cause, connection: name }, 'the state of a stream could not be stored');
      await this.sleep(waitMs);
    }
  }

  /** Changes are read from the cursor meanwhile, at once and then now and then; not for the first hiccup. */
  private async pause(waitMs: number): Promise<void> {
    const end = Date.now() + waitMs;
    while (!this.stopped() && Date.now() < end) {
      const lasts = this.failures > 1 || waitMs >= LONG_MS;
      if (lasts && Date.now() - this.readAt >= READ_MS) {
        this.readAt = Date.now();
        await repository.oweWhereLiveBefore(this.parts.database, this.connection.id);
        await this.payOwed();
      }
      await this.sleep(Math.min(end - Date.now(), READ_MS));
    }
  }

  private stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async sleep(ms: number): Promise<void> {
    try {
      await wait(Math.max(ms, 0), undefined, { signal: this.stopping.signal });
    } catch {
      // Stopped: whoever waits looks for that.
    }
  }
}
