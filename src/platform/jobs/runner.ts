import {
  Logger as QueueLogger,
  runTaskList,
  type JobHelpers,
  type TaskList,
  type WorkerPool,
} from 'graphile-worker';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { createPool } from '../database/pool.js';
import type { Logger } from '../telemetry/logger.js';
import { HAND_BACK, type JobContext, type JobDefinition, type JobHandler } from './job.js';
import { Liveness } from './liveness.js';
import { countLooks, endWhenStuck, nudgingEvents } from './worker-events.js';
import { JobRecovery } from './recovery.js';

const QUEUE_CONNECTIONS = 4;
const POLL_MS = 1_000;
const SWEEP_MS = 2_000;
/** After a start, jobs of the process that this one replaces are taken over soon. */
const SECOND_SWEEP_MS = 500;
const RESTART_MS = 1_000;
const AT_WORK_LOOK_MS = 50;
/** After being asked to stop, jobs have this long to reach the end of their step … */
const GRACE_MS = 10_000;
/** … and then this long to give up. */
const ABORT_MS = 5_000;

export interface JobRunnerOptions {
  readonly url: string;
  readonly logger: Logger;
  /** Jobs at once in this process. */
  readonly concurrency: number;
}

class HandedBack extends Error {
  constructor() {
    super('The job was handed back because its process is stopping.');
    this.name = 'HandedBack';
  }
}

/** Runs the jobs whose handlers it knows, until it is stopped. */
export class JobRunner {
  private readonly tasks: TaskList = {};
  private readonly stopping = new AbortController();
  private readonly handedBack = new Set<string>();
  private readonly keyedJobs: string[] = [];
  /** Jobs at work, by the pool of workers that took them. */
  private readonly atWork = new Map<string, number>();
  /** Looks for a job that are not answered, by pool: a look may bring one long after its pool was told to end. */
  private readonly looking = new Map<string, number>();
  /** Pools that ended by themselves, until the sweep has freed what they had taken. */
  private readonly ended = new Set<string>();
  private readonly liveness: Liveness;
  private readonly recovery: JobRecovery;
  private readonly queue: pg.Pool;
  private workers: WorkerPool | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: JobRunnerOptions) {
    // Its commits wait for the disk: a job whose end PostgreSQL forgot in a crash would stay taken by workers that live.
    this.queue = createPool({
      url: options.url,
      connections: QUEUE_CONNECTIONS,
      name: 'rapport jobs',
      onError: (error) => {
        options.logger.warn({ err: error }, 'a connection of the job queue broke');
      },
    });
    this.recovery = new JobRecovery(this.queue);
    this.liveness = new Liveness(options.url, (error) => {
      options.logger.warn(
        { err: error },
        'the connection that shows this process alive broke; making a new one',
      );
    });
  }

  /** Before {@link start}. A process runs only the jobs it has handlers for, and leaves the others to others. */
  register<Payload>(job: JobDefinition<Payload>, handler: JobHandler<Payload>): void {
    if (this.workers !== undefined) throw new Error(`The handler of ${job.name} came after the start.`);
    if (this.tasks[job.name] !== undefined) throw new Error(`There are two handlers of ${job.name}.`);
    if (job.key !== undefined) this.keyedJobs.push(job.name);
    this.tasks[job.name] = async (payload: unknown, helpers: JobHelpers): Promise<void> => {
      await this.run(job, handler, payload, helpers);
    };
  }

  async start(): Promise<void> {
    await this.liveness.begin();
    await this.sweep();
    await this.startWorkers();
    this.scheduleSweep(SECOND_SWEEP_MS);
  }

  /**
   * Takes no more jobs and waits for those at hand; what does not end in time is given to other processes, as a job
   * handed back is: at once, and without counting as an attempt.
   */
  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.sweeping;
    if (this.workers !== undefined) await this.stopWorkers(this.workers);
    await this.releaseHandedBack();
    await this.liveness.end();
    await this.queue.end();
  }

  private async run<Payload>(
    job: JobDefinition<Payload>,
    handler: JobHandler<Payload>,
    payload: unknown,
    helpers: JobHelpers,
  ): Promise<void> {
    const { id, attempts, max_attempts: maxAttempts } = helpers.job;
    const context: JobContext = {
      id,
      attempt: attempts,
      isLastAttempt: attempts >= maxAttempts,
      stopping: this.stopping.signal,
      signal: helpers.abortSignal,
    };
    const { logger } = this.options;
    const workers = helpers.job.locked_by ?? '';
    count(this.atWork, workers, 1);
    try {
      const outcome = await handler(job.payload.parse(payload), context);
      if (outcome !== HAND_BACK) return;
      if (!context.stopping.aborted) throw new Error(`${job.name} was handed back, but nobody asked for it.`);
      throw new HandedBack();
    } catch (error) {
      if (error instanceof HandedBack || context.signal.aborted) this.handedBack.add(id);
      else
        logger.error(
          { err: error, job: job.name, jobId: id, attempt: attempts, of: maxAttempts },
          'job failed',
        );
      throw error;
    } finally {
      count(this.atWork, workers, -1);
    }
  }

  private async startWorkers(): Promise<void> {
    const events = countLooks(endWhenStuck(nudgingEvents()), (workers, change) => {
      count(this.looking, workers, change);
    });
    events.on('pool:fatalError', ({ workerPool }) => {
      void this.endForGood(workerPool);
    });
    const workers = runTaskList(
      {
        concurrency: this.options.concurrency,
        noHandleSignals: true,
        gracefulShutdownAbortTimeout: GRACE_MS,
        events,
        // Batches say when they fail; single completions would be an unhandled rejection.
        preset: { worker: { pollInterval: POLL_MS, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
        logger: this.queueLogger(),
      },
      this.tasks,
      this.queue,
    );
    this.workers = workers;
    workers.promise
      .catch((error: unknown) => {
        // A worker that cannot say what became of its job ends itself; the sweep frees the job.
        this.options.logger.error({ err: error }, 'the job workers stopped; starting new ones');
      })
      .then(
        () => {
          this.ended.add(workers.id);
          if (!this.stopping.signal.aborted) this.restartLater();
        },
        () => undefined,
      );
    await this.liveness.setWorkers([workers.id]);
  }

  /**
   * Workers that could not say what became of a job end by themselves; of more than one, the queue's library counts
   * wrong what it still has to say, and they would hold their jobs for ever. What runs is given its time to end; a look
   * that goes on is waited for, for it may take a job yet, and keep these workers from ending by force as well.
   */
  private async endForGood(workers: WorkerPool): Promise<void> {
    const giveUpAt = Date.now() + GRACE_MS;
    const isBusy = (): boolean =>
      (this.looking.get(workers.id) ?? 0) > 0 ||
      ((this.atWork.get(workers.id) ?? 0) > 0 && Date.now() < giveUpAt);
    while (isBusy()) await sleep(AT_WORK_LOOK_MS);
    await sleep(RESTART_MS);
    if (this.ended.has(workers.id)) return;
    try {
      await workers.forcefulShutdown('The workers cannot say what became of their jobs.');
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the job workers did not end cleanly');
    }
  }

  private restartLater(): void {
    setTimeout(() => {
      if (this.stopping.signal.aborted) return;
      this.startWorkers().catch((error: unknown) => {
        this.options.logger.error({ err: error }, 'the job workers could not be started; it is tried again');
        this.restartLater();
      });
    }, RESTART_MS);
  }

  private async stopWorkers(workers: WorkerPool): Promise<void> {
    const forced = setTimeout(() => {
      Promise.resolve(workers.forcefulShutdown('The process is stopping.')).then(
        ({ forceFailedJobs }) => {
          for (const job of forceFailedJobs) this.handedBack.add(job.id);
        },
        (error: unknown) => {
          this.options.logger.warn({ err: error }, 'jobs at hand could not be given back');
        },
      );
    }, GRACE_MS + ABORT_MS);
    try {
      await workers.gracefulShutdown();
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the job workers did not stop cleanly');
    } finally {
      clearTimeout(forced);
    }
  }

  private async releaseHandedBack(): Promise<void> {
    if (this.handedBack.size === 0) return;
    await this.queue.query(
      `SELECT graphile_worker.reschedule_jobs(ARRAY[id], run_at => now(), attempts => greatest(attempts - 1, 0))
         FROM graphile_worker.jobs WHERE id = ANY ($1::bigint[])`,
      [[...this.handedBack]],
    );
    await this.queue.query(
      `SELECT pg_notify('jobs:insert', json_build_object('r', random(), 'count', $1::int)::text)`,
      [this.handedBack.size],
    );
  }

  private async sweep(): Promise<void> {
    // What still runs in here is not given to others.
    const endedWorkers = [...this.ended].filter((id) => (this.atWork.get(id) ?? 0) === 0);
    try {
      const freed = await this.recovery.sweep({ endedWorkers, keyedJobs: this.keyedJobs });
      for (const id of endedWorkers) {
        this.ended.delete(id);
        this.atWork.delete(id);
        this.looking.delete(id);
      }
      if (freed > 0) this.options.logger.warn({ jobs: freed }, 'took over the jobs of a process that died');
    } catch (error) {
      this.options.logger.warn({ err: error }, 'could not look for the jobs of dead processes');
    }
  }

  private scheduleSweep(delayMs: number): void {
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep().finally(() => {
        this.scheduleSweep(SWEEP_MS);
      });
    }, delayMs);
  }

  /** The queue's own log repeats failures with their payloads' errors; only its warnings are of use. */
  private queueLogger(): QueueLogger {
    return new QueueLogger(() => (level, message, meta) => {
      if (level !== 'error' && level !== 'warning') return;
      if (meta.failure === true) return;
      this.options.logger.warn({ queue: message }, 'job queue');
    });
  }
}

function count(counts: Map<string, number>, key: string, change: number): void {
  counts.set(key, (counts.get(key) ?? 0) + change);
}
