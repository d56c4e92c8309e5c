import { Inject, Injectable } from '@nestjs/common';
import { forgetCounts } from '../connections/call-ledger.repository.js';
import { Database, rows, sql, type Transaction } from '../platform/database/index.js';
import { LOGGER, type Logger } from '../platform/telemetry/index.js';
import { RunsService } from '../runs/runs.service.js';
import { forgetHandled } from './inbox.repository.js';
import { enqueueErase, enqueueFetch, enqueuePush, enqueueResolve } from './sync-jobs.js';

const SETTLE_MS = 1_000;
/** After a job; of many that end together one look is enough. */
const SETTLE_SOON_MS = 10;
const REVIVE_MS = 60_000;
const FORGET_MS = 24 * 3_600_000;

/** What no job does: runs are marked as settled, work that lost its job gets one, what is over is forgotten. */
@Injectable()
export class Housekeeping {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly atHand = new Set<Promise<void>>();
  private stopped = false;
  private soon: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly runs: RunsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    this.repeat('settle', SETTLE_MS, () => this.settle());
    this.repeat('revive', REVIVE_MS, () => this.revive());
    this.repeat('forget', FORGET_MS, () => this.forget());
  }

  /** A job has ended, and perhaps a run with it. */
  settleSoon(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      void this.turn('settle', () => this.settle());
    }, SETTLE_SOON_MS);
  }

  /** Resolves when what is at hand has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    clearTimeout(this.soon);
    await Promise.all(this.atHand);
  }

  /**
   * Whatever waits in the tables has a job: a transaction that stores work enqueues its job too, but a job may be used up by
   * failures, and a connection that failed may work again. A job that waits already keeps its time.
   */
  async revive(): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const id of await connectionsWithEvents(tx)) await enqueueFetch(tx, id);
      for (const id of await connectionsWithErasures(tx)) await enqueueErase(tx, id);
      if (await resolveWaits(tx)) await enqueueResolve(tx);
      for (const id of await connectionsWithIntents(tx)) await enqueuePush(tx, id);
    });
  }

  private async settle(): Promise<void> {
    for (const runId of await this.runs.settle()) this.logger.info({ runId }, 'the run has settled');
  }

  private async forget(): Promise<void> {
    const events = await this.database.transaction((tx) => forgetHandled(tx));
    if (events > 0) this.logger.debug({ events }, 'handled webhook events were forgotten');
    await forgetCounts(this.database);
  }

  /** Now, and again some time after each end. */
  private repeat(name: string, everyMs: number, work: () => Promise<void>): void {
    const round = async (): Promise<void> => {
      await this.turn(name, work);
      if (!this.stopped)
        this.timers.set(
          name,
          setTimeout(() => void round(), everyMs),
        );
    };
    void round();
  }

  /** A failure is told of, and the next turn makes up for it. */
  private async turn(name: string, work: () => Promise<void>): Promise<void> {
    if (this.stopped) return;
    const turn = work().catch((error: unknown) => {
      this.logger.warn({ err: error, task: name }, 'housekeeping failed; it is tried again');
    });
    this.atHand.add(turn);
    await turn;
    this.atHand.delete(turn);
  }
}

/** A job by this key still has attempts left. */
const hasJob = (key: ReturnType<typeof sql>): ReturnType<typeof sql> =>
  sql`exists (select from graphile_worker.jobs j where j.key = ${key} and j.attempts < j.max_attempts)`;

async function connectionsWithEvents(tx: Transaction): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`select c.id::text as id from connection c
      where c.state = 'active' and not ${hasJob(sql`'fetch:' || c.id`)}
        and exists (select from inbox_event e where e.connection_id = c.id and e.done_at is null) order by c.id`,
  );
  return found.map((row) => row.id);
}

async function connectionsWithIntents(tx: Transaction): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`select c.id::text as id from connection c
      where c.state = 'active' and not ${hasJob(sql`'push:' || c.id`)}
        and exists (select from push_intent i where i.connection_id = c.id) order by c.id`,
  );
  return found.map((row) => row.id);
}

async function connectionsWithErasures(tx: Transaction): Promise<string[]> {
  const found = await rows<{ id: string }>(
    tx,
    sql`select c.id::text as id from connection c
      where c.state = 'active' and not ${hasJob(sql`'erase:' || c.id`)}
        and exists (select from erasure_task t where t.connection_id = c.id and t.outcome is null) order by c.id`,
  );
  return found.map((row) => row.id);
}

async function resolveWaits(tx: Transaction): Promise<boolean> {
  const found = await rows<{ waits: boolean }>(
    tx,
    sql`select exists (select from resolve_task) and not ${hasJob(sql`'resolve'`)} as waits`,
  );
  return found[0]?.waits === true;
}
