/** Whether somebody does the work, and what was given up. */
import { rows, firstRow, isHeld, sql, type Queryable } from '../platform/database/index.js';
import { ownRelease } from '../platform/release.js';
import { duration, failed, ok, warning, type Finding } from './finding.js';

export interface WorkFacts {
  /** What the processes that do jobs now run, one entry each; empty for one older than the note of it. */
  readonly releases: readonly string[];
  /** What this process runs. */
  readonly ownRelease: string;
  readonly waitingJobs: number;
  /** Seconds that the oldest job which could run has waited. */
  readonly oldestJob: number;
  /** Jobs whose attempts are used up, by kind. */
  readonly givenUp: readonly { readonly job: string; readonly count: number }[];
}

export async function workFacts(db: Queryable): Promise<WorkFacts> {
  // A process that lives holds the lock of its row.
  const facts = await firstRow<Omit<WorkFacts, 'givenUp' | 'ownRelease'>>(
    db,
    sql`select (select coalesce(json_agg(p.release order by p.started_at), '[]') from worker_process p
                 where cardinality(p.worker_ids) > 0 and ${isHeld(sql`p.lock_key`)}) as releases,
            count(*)::int as "waitingJobs",
            coalesce(extract(epoch from now() - min(run_at)), 0)::float8 as "oldestJob"
       from graphile_worker.jobs where attempts < max_attempts and locked_at is null and run_at <= now()`,
  );
  if (facts === undefined) throw new Error('The database answered without a row.');
  const givenUp = await rows<{ job: string; count: number }>(
    db,
    sql`select task_identifier as job, count(*)::int as count from graphile_worker.jobs
         where attempts >= max_attempts and locked_at is null group by task_identifier order by 1`,
  );
  return { ...facts, givenUp, ownRelease: ownRelease() };
}

/** Longer, and something is wrong even when all workers are busy with long reads. */
const WAITS_LONG_SECONDS = 600;

export function judgeWork(facts: WorkFacts): readonly Finding[] {
  const { waitingJobs, oldestJob, givenUp } = facts;
  const processes = facts.releases.length;
  const given = givenUp.map(({ job, count }) =>
    failed(
      'jobs',
      `${count} ${job} ${count === 1 ? 'job was' : 'jobs were'} given up after the last attempt.`,
      'The log says why each failed. A new sync does the work again; report it if it is given up once more.',
    ),
  );
  return [
    worker(processes, waitingJobs),
    ...releases(facts),
    queue(processes, waitingJobs, oldestJob),
    ...given,
  ];
}

function worker(processes: number, waitingJobs: number): Finding {
  if (processes > 0)
    return ok('workers', `${processes} ${processes === 1 ? 'process does' : 'processes do'} the work`);
  const remedy = 'Start `rapport serve` or `rapport worker` and keep it running.';
  return waitingJobs > 0
    ? failed('workers', 'Work waits and nobody does it.', remedy)
    : warning('workers', 'No process is there to do the work: schedules and webhooks do nothing.', remedy);
}

/** After an upgrade a process that was forgotten goes on with the old rules. */
function releases({ releases: running, ownRelease: own }: WorkFacts): readonly Finding[] {
  const others = running.filter((release) => release !== own);
  if (others.length === 0) return [];
  const names = [...new Set(others.map((release) => (release === '' ? 'an older one' : release)))].join('; ');
  return [
    warning(
      'releases',
      `${others.length} of ${running.length} processes run another release than this command (${own}): ${names}.`,
      'Run one release everywhere: restart what was started before the upgrade.',
    ),
  ];
}

function queue(processes: number, waitingJobs: number, oldestJob: number): Finding {
  return processes > 0 && oldestJob > WAITS_LONG_SECONDS
    ? warning(
        'queue',
        `${waitingJobs} jobs wait, the oldest for ${duration(oldestJob)}.`,
        'Start more `rapport worker` processes, or look in `rapport status` for a connection that is slow.',
      )
    : ok('queue', `${waitingJobs} jobs wait`);
}
