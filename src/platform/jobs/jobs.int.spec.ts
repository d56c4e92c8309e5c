import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../../test/helpers/database.js';
import { quietRunner } from '../../../test/helpers/jobs.js';
import { Program } from '../../../test/helpers/program.js';
import { createPool } from '../database/pool.js';
import { createLogger } from '../telemetry/logger.js';
import { defineJob, enqueue, enqueueAll, HAND_BACK, JobRunner } from './index.js';
import { JOB_SCHEMA_VERSION, migrateJobs } from './migrate.js';

const note = defineJob({ name: 'note', payload: z.object({ id: z.string() }) });
const keyed = defineJob({
  name: 'keyed',
  payload: z.object({ id: z.string() }),
  key: ({ id }) => `keyed:${id}`,
});
const queued = defineJob({
  name: 'queued',
  payload: z.object({ queue: z.string(), number: z.number() }),
  queue: ({ queue }) => queue,
});

/** Waits for what other processes or timers do; fails after `timeoutMs`. */
async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error('It did not happen in time.');
    await sleep(10);
  }
}

let test: TestDatabase;
const runners: JobRunner[] = [];

function runner(concurrency?: number): JobRunner {
  const made = quietRunner(test.url, concurrency);
  runners.push(made);
  return made;
}

async function waiting(): Promise<{ name: string; attempts: number; locked: boolean }[]> {
  const found = await test.database.pool.query<{ name: string; attempts: number; locked: boolean }>(
    `SELECT task_identifier AS name, attempts::int, locked_at IS NOT NULL AS locked FROM graphile_worker.jobs ORDER BY id`,
  );
  return found.rows;
}

beforeEach(async () => {
  test = await createTestDatabase();
});

afterEach(async () => {
  for (const one of runners.splice(0)) await one.stop();
  await test.drop();
});

describe('enqueueing', () => {
  it('starts a job soon after the commit, with its payload', async () => {
    const seen: string[] = [];
    const worker = runner();
    worker.register(note, ({ id }) => {
      seen.push(id);
      return Promise.resolve();
    });
    await worker.start();
    await test.database.transaction((tx) => enqueue(tx, note, { id: 'one' }));
    await until(() => seen.length === 1);
    expect(seen).toEqual(['one']);
    await until(async () => (await waiting()).length === 0);
  });

  it('leaves no job behind when the transaction fails', async () => {
    const attempt = test.database.transaction(async (tx) => {
      await enqueue(tx, note, { id: 'one' });
      throw new Error('no');
    });
    await expect(attempt).rejects.toThrow('no');
    await expect(waiting()).resolves.toEqual([]);
  });

  it('refuses a payload that does not fit', async () => {
    const wrong = { id: 7 } as unknown as { id: string };
    await expect(enqueue(test.database.prisma, note, wrong)).rejects.toThrow(z.ZodError);
  });

  it('keeps one waiting job a key, also among many added at once', async () => {
    await enqueueAll(test.database.prisma, keyed, [{ id: 'a' }, { id: 'b' }, { id: 'a' }]);
    await enqueue(test.database.prisma, keyed, { id: 'a' });
    await expect(waiting()).resolves.toHaveLength(2);
  });

  it('adds another job of the same key when the first has begun', async () => {
    let runs = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const worker = runner();
    worker.register(keyed, async () => {
      runs++;
      if (runs === 1) await held;
    });
    await worker.start();
    await enqueue(test.database.prisma, keyed, { id: 'a' });
    await until(() => runs === 1);
    await enqueue(test.database.prisma, keyed, { id: 'a' });
    release();
    await until(() => runs === 2);
  });
});

describe('running', () => {
  it('keeps the jobs of one queue in order and one at a time, and those of others beside them', async () => {
    const running = new Map<string, number>();
    const order: number[] = [];
    let most = 0;
    const handler = async ({ queue, number }: { queue: string; number: number }): Promise<void> => {
      const now = (running.get(queue) ?? 0) + 1;
      expect(now).toBe(1);
      running.set(queue, now);
      most = Math.max(
        most,
        [...running.values()].reduce((sum, one) => sum + one, 0),
      );
      await sleep(5);
      running.set(queue, 0);
      if (queue === 'a') order.push(number);
    };
    for (const worker of [runner(), runner()]) {
      worker.register(queued, handler);
      await worker.start();
    }
    const numbers = Array.from({ length: 10 }, (_, number) => number);
    await enqueueAll(
      test.database.prisma,
      queued,
      numbers.map((number) => ({ queue: 'a', number })),
    );
    await enqueueAll(
      test.database.prisma,
      queued,
      numbers.map((number) => ({ queue: 'b', number })),
    );
    await until(async () => (await waiting()).length === 0);
    expect(order).toEqual(numbers);
    expect(most).toBe(2);
  });

  it('tries a failed job again', async () => {
    const attempts: number[] = [];
    const worker = runner();
    worker.register(note, async (_, { attempt }) => {
      attempts.push(attempt);
      if (attempt === 1) throw new Error('not yet');
    });
    await worker.start();
    await enqueue(test.database.prisma, note, { id: 'one' });
    await until(() => attempts.length === 2);
    expect(attempts).toEqual([1, 2]);
  });

  it('leaves jobs it has no handler for to others', async () => {
    const worker = runner();
    worker.register(keyed, () => Promise.resolve());
    await worker.start();
    await enqueue(test.database.prisma, note, { id: 'one' });
    await enqueue(test.database.prisma, keyed, { id: 'two' });
    await until(async () => (await waiting()).length === 1);
    await expect(waiting()).resolves.toEqual([{ name: 'note', attempts: 0, locked: false }]);
  });

  it('goes on after the database has dropped all its connections', async () => {
    const seen: string[] = [];
    const worker = runner();
    worker.register(note, ({ id }) => {
      seen.push(id);
      return Promise.resolve();
    });
    await worker.start();
    const admin = new pg.Client({ connectionString: test.url });
    await admin.connect();
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'rapport %' AND pid <> pg_backend_pid()`,
    );
    await admin.end();
    await enqueue(test.database.prisma, note, { id: 'after' });
    await until(() => seen.includes('after'));
    // Alive in the eyes of others, too.
    await until(async () => {
      const found = await test.database.pool.query(
        'SELECT FROM worker_process WHERE pg_try_advisory_xact_lock(lock_key)',
      );
      return found.rowCount === 0;
    });
  });
});

describe('a first look at the queue that fails', () => {
  it('does not keep the process from running jobs', async () => {
    const seen: string[] = [];
    const worker = runner();
    worker.register(note, ({ id }) => {
      seen.push(id);
      return Promise.resolve();
    });
    const admin = new pg.Client({ connectionString: test.url });
    await admin.connect();
    await admin.query('BEGIN; LOCK TABLE graphile_worker._private_tasks IN SHARE ROW EXCLUSIVE MODE');
    await worker.start();
    await until(async () => {
      const ended = await test.database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'rapport jobs' AND wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return ended.rowCount !== 0;
    });
    await admin.query('ROLLBACK');
    await admin.end();
    await enqueue(test.database.prisma, note, { id: 'one' });
    await until(() => seen.length === 1);
    expect(seen).toEqual(['one']);
  });
});

describe('workers that cannot say what became of their job', () => {
  it('end, and the job is run again within seconds by those who take their place', async () => {
    let runs = 0;
    const held = Promise.withResolvers<undefined>();
    const worker = runner(1);
    worker.register(note, async () => {
      runs++;
      if (runs === 1) await held.promise;
    });
    await worker.start();
    await enqueue(test.database.prisma, note, { id: 'one' });
    await until(() => runs === 1);
    const admin = new pg.Client({ connectionString: test.url });
    await admin.connect();
    await admin.query('BEGIN; LOCK TABLE graphile_worker._private_jobs IN SHARE ROW EXCLUSIVE MODE');
    held.resolve(undefined);
    await until(async () => {
      const ended = await test.database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'rapport jobs' AND wait_event_type = 'Lock' AND datname = current_database()
            AND query ILIKE 'delete%'`,
      );
      return ended.rowCount !== 0;
    });
    await admin.query('ROLLBACK');
    await admin.end();
    await until(() => runs === 2);
    await until(async () => (await waiting()).length === 0);
  });
});

describe('workers that cannot say what became of two jobs while a third runs', () => {
  it('end as well, and both are run again', async () => {
    const runs = new Map<string, number>();
    const held = new Map(['one', 'two', 'three'].map((id) => [id, Promise.withResolvers<undefined>()]));
    const said: string[] = [];
    const logger = createLogger({ level: 'warn', destination: { write: (line) => said.push(line) } });
    const worker = new JobRunner({ url: test.url, logger, concurrency: 3 });
    runners.push(worker);
    worker.register(note, async ({ id }) => {
      runs.set(id, (runs.get(id) ?? 0) + 1);
      if (runs.get(id) !== 1) return;
      await held.get(id)?.promise;
      if (id !== 'three') throw new Error('The database is away.');
    });
    await worker.start();
    await enqueueAll(
      test.database.prisma,
      note,
      [...held.keys()].map((id) => ({ id })),
    );
    await until(() => runs.size === 3);
    const name = new URL(test.url).pathname.slice(1);
    const admin = new pg.Client({ connectionString: test.url.replace(name, 'postgres') });
    await admin.connect();
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'rapport jobs' AND datname = $1`,
      [name],
    );
    for (const [index, id] of ['one', 'two'].entries()) {
      held.get(id)?.resolve(undefined);
      await until(() => said.filter((line) => line.includes('Failed to fail')).length === index + 1);
    }
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
    held.get('three')?.resolve(undefined);
    await until(() => runs.get('one') === 2 && runs.get('two') === 2);
    await until(async () => (await waiting()).length === 0);
  });
});

describe('workers that cannot say what became of two jobs while a third looks for one', () => {
  it('end when it has looked, and all are run', async () => {
    const runs = new Map<string, number>();
    const held = new Map(['one', 'two'].map((id) => [id, Promise.withResolvers<undefined>()]));
    const said: string[] = [];
    const logger = createLogger({ level: 'warn', destination: { write: (line) => said.push(line) } });
    const worker = new JobRunner({ url: test.url, logger, concurrency: 3 });
    runners.push(worker);
    worker.register(note, async ({ id }) => {
      runs.set(id, (runs.get(id) ?? 0) + 1);
      if (runs.get(id) !== 1 || id === 'three') return;
      await held.get(id)?.promise;
      throw new Error('no');
    });
    await worker.start();
    await enqueueAll(
      test.database.prisma,
      note,
      [...held.keys()].map((id) => ({ id })),
    );
    await until(() => runs.size === 2);
    const admin = new pg.Client({ connectionString: test.url });
    await admin.connect();
    await admin.query('BEGIN; LOCK TABLE graphile_worker._private_jobs IN SHARE ROW EXCLUSIVE MODE');
    const blocked = `FROM pg_stat_activity WHERE application_name = 'rapport jobs' AND wait_event_type = 'Lock'
                      AND datname = current_database() AND query`;
    await until(async () => {
      const looks = await test.database.pool.query(`SELECT ${blocked} NOT ILIKE '%last_error%'`);
      return looks.rowCount === 1;
    });
    for (const [index, id] of ['one', 'two'].entries()) {
      held.get(id)?.resolve(undefined);
      await until(async () => {
        await test.database.pool.query(`SELECT pg_terminate_backend(pid) ${blocked} ILIKE '%last_error%'`);
        return said.filter((line) => line.includes('Failed to fail')).length === index + 1;
      });
    }
    // Longer than the workers wait before they are ended by force.
    await sleep(1_500);
    await admin.query('ROLLBACK');
    await admin.end();
    await enqueue(test.database.prisma, note, { id: 'three' });
    await until(() => runs.get('one') === 2 && runs.get('two') === 2 && runs.has('three'));
    await until(async () => (await waiting()).length === 0);
  });
});

describe('a job whose key was enqueued again while it ran', () => {
  it('is not kept when it fails: the new one does its work', async () => {
    let runs = 0;
    const held = Promise.withResolvers<undefined>();
    const worker = runner();
    worker.register(keyed, async () => {
      runs++;
      if (runs > 1) return;
      await held.promise;
      throw new Error('no');
    });
    await worker.start();
    await enqueue(test.database.prisma, keyed, { id: 'a' });
    await until(() => runs === 1);
    await enqueue(test.database.prisma, keyed, { id: 'a' });
    held.resolve(undefined);
    await until(() => runs === 2);
    await until(async () => (await waiting()).length === 0);
  });
});

describe('stopping', () => {
  it('waits for the job at hand', async () => {
    let finished = false;
    const worker = runner();
    worker.register(note, async () => {
      await sleep(200);
      finished = true;
    });
    await worker.start();
    await enqueue(test.database.prisma, note, { id: 'one' });
    await until(async () => (await waiting())[0]?.locked === true);
    await worker.stop();
    expect(finished).toBe(true);
    await expect(waiting()).resolves.toEqual([]);
  });

  it('hands back a job that stops at the end of its step, without counting the attempt', async () => {
    const first = runner();
    first.register(note, async (_, { stopping }) => {
      while (!stopping.aborted) await sleep(5);
      return HAND_BACK;
    });
    await first.start();
    await enqueue(test.database.prisma, note, { id: 'one' });
    await until(async () => (await waiting())[0]?.locked === true);
    await first.stop();
    await expect(waiting()).resolves.toEqual([{ name: 'note', attempts: 0, locked: false }]);

    const seen: number[] = [];
    const second = runner();
    second.register(note, (_, { attempt }) => {
      seen.push(attempt);
      return Promise.resolve();
    });
    await second.start();
    await until(() => seen.length === 1);
    expect(seen).toEqual([1]);
  });
});

describe('when a process is killed', () => {
  it('gives its job to another process within seconds, even if it was the last attempt', async () => {
    const once = defineJob({ name: 'note', payload: z.object({ id: z.string() }), maxAttempts: 2 });
    const program = Program.start('run-jobs.ts', { args: [test.url] });
    await expect(program.answer()).resolves.toEqual({ ready: true });
    await enqueue(test.database.prisma, once, { id: 'one' });
    await expect(program.answer()).resolves.toEqual({ took: 'one' });

    const seen: string[] = [];
    const other = runner();
    other.register(note, ({ id }) => {
      seen.push(id);
      return Promise.resolve();
    });
    await other.start();
    await program.crash();
    const killedAt = performance.now();
    await until(() => seen.length === 1);
    expect(performance.now() - killedAt).toBeLessThan(10_000);
    await until(async () => (await waiting()).length === 0);
  });

  it('does not take a job from a process that only is slow', async () => {
    const program = Program.start('run-jobs.ts', { args: [test.url] });
    await program.answer();
    await enqueue(test.database.prisma, note, { id: 'one' });
    await program.answer();
    let stolen = false;
    const other = runner();
    other.register(note, () => {
      stolen = true;
      return Promise.resolve();
    });
    await other.start();
    await sleep(3_000);
    expect(stolen).toBe(false);
    await program.crash();
    await until(() => stolen);
  });
});

describe("the queue's schema", () => {
  it('is the one this release expects, made once however many start together', async () => {
    const empty = await createEmptyDatabase();
    const pools = Array.from({ length: 3 }, () =>
      createPool({ url: empty.url, connections: 4, name: 'test' }),
    );
    try {
      await Promise.all(pools.map((pool) => migrateJobs(pool)));
      const found = await pools[0]?.query<{ id: number }>(
        'SELECT max(id)::int AS id FROM graphile_worker.migrations',
      );
      expect(found?.rows).toEqual([{ id: JOB_SCHEMA_VERSION }]);
    } finally {
      await Promise.all(pools.map((pool) => pool.end()));
      await empty.drop();
    }
  });
});
