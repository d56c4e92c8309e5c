import { EventEmitter } from 'node:events';
import type { Worker, WorkerEvents, WorkerPool } from 'graphile-worker';

/** After a change, idle workers look again at these times. */
const LOOKS_MS = [5, 25, 100];

/** Looks that may fail in a row, in all workers of a process together. */
const FAILURES_ALLOWED = 10;

/**
 * Ends a pool of workers whose looks at the queue keep failing, so that a new one is made: after a first look that
 * fails, because a connection broke just then, a pool remembers the failure for ever.
 */
export function endWhenStuck(events: WorkerEvents): WorkerEvents {
  let failures = 0;
  const succeeded = (): void => {
    failures = 0;
  };
  events.on('worker:getJob:empty', succeeded);
  events.on('job:start', succeeded);
  events.on('worker:getJob:error', ({ worker }) => {
    failures++;
    const pool = worker.workerPool;
    if (failures < FAILURES_ALLOWED || pool._shuttingDown) return;
    // Its outcome is that of the pool's promise, which the runner watches.
    Promise.resolve(pool.gracefulShutdown('Looking for jobs keeps failing.')).catch(() => undefined);
  });
  return events;
}

/** Tells of each look for a job when it begins, and when it ends: with a job, without one, or with an error. */
export function countLooks(
  events: WorkerEvents,
  tell: (poolId: string, change: 1 | -1) => void,
): WorkerEvents {
  const ended = ({ worker }: { readonly worker: Worker }): void => {
    tell(worker.workerPool.id, -1);
  };
  events.on('worker:getJob:start', ({ worker }) => {
    tell(worker.workerPool.id, 1);
  });
  events.on('worker:getJob:empty', ended);
  events.on('worker:getJob:error', ended);
  events.on('job:start', ended);
  return events;
}

/**
 * Wakes idle workers where the queue does not. Two things leave a job of a named queue waiting for the next poll: the
 * one before it ends, which nobody is told; and two workers who look at the same moment, of whom one sees the queue
 * locked by the other's looking.
 */
export function nudgingEvents(): WorkerEvents {
  const events: WorkerEvents = new EventEmitter();
  const looks = LOOKS_MS.map((delay) => new Look(delay));
  const nudge = (pool: WorkerPool): void => {
    for (const look of looks) look.at(pool);
  };
  events.on('job:complete', ({ worker, job }) => {
    if (job.job_queue_id !== null) nudge(worker.workerPool);
  });
  events.on('pool:listen:notification', ({ workerPool }) => {
    nudge(workerPool);
  });
  return events;
}

/** However many changes come, one look waits at a time; one that comes while it waits gets the next. */
class Look {
  private waits = false;
  private again = false;

  constructor(private readonly delayMs: number) {}

  at(pool: WorkerPool): void {
    if (this.waits) {
      this.again = true;
      return;
    }
    this.waits = true;
    setTimeout(() => {
      this.waits = false;
      if (!pool._shuttingDown) pool.nudge(1);
      if (!this.again) return;
      this.again = false;
      this.at(pool);
    }, this.delayMs).unref();
  }
}
