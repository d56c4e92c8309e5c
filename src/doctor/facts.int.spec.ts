import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { quietRunner } from '../../test/helpers/jobs.js';
import { execute, sql } from '../platform/database/index.js';
import { connectionFacts } from './connection.js';
import { databaseFacts } from './database.js';
import { workFacts } from './work.js';

describe('what the doctor asks the database', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
  });
  afterAll(async () => {
    await test.drop();
  });

  it('tells the server and how far apart the clocks are', async () => {
    const now = await databaseFacts(test.database.prisma, Date.now);
    expect(now).toMatchObject({ readOnly: false, idleInTransaction: 0 });
    expect(now.version).toBeGreaterThan(150_000);
    expect(now.usedConnections).toBeLessThanOrEqual(now.maxConnections);
    expect(Math.abs(now.clockMs)).toBeLessThan(60_000);
    const late = await databaseFacts(test.database.prisma, () => Date.now() + 3_600_000);
    expect(late.clockMs).toBeLessThan(-3_500_000);
  });

  it('counts processes that live, and not the row of one that died', async () => {
    const { prisma } = test.database;
    expect(await workFacts(prisma)).toMatchObject({ releases: [], givenUp: [] });
    await prisma.workerProcess.create({
      data: { id: randomUUID(), lockKey: -5n, workerIds: ['worker-dead'] },
    });
    expect((await workFacts(prisma)).releases).toEqual([]);
    const runner = quietRunner(test.url, 1);
    await runner.start();
    try {
      const { releases, ownRelease } = await workFacts(prisma);
      expect(releases).toEqual([ownRelease]);
      expect(ownRelease).toMatch(/^\d+\.\d+\.\d+, schema \d{14}$/);
    } finally {
      await runner.stop();
    }
  });

  it('finds jobs that wait and those given up', async () => {
    const { prisma } = test.database;
    await prisma.$queryRaw`select graphile_worker.add_job('waits', '{}', run_at => now() - interval '1 hour')::text`;
    await prisma.$queryRaw`select graphile_worker.add_job('later', '{}', run_at => now() + interval '1 hour')::text`;
    await prisma.$queryRaw`select graphile_worker.add_job('lost', '{}', max_attempts => 1)::text`;
    await execute(
      prisma,
      sql`select graphile_worker.permanently_fail_jobs(array_agg(id), 'no') from graphile_worker.jobs where task_identifier = 'lost'`,
    );
    const facts = await workFacts(prisma);
    expect(facts).toMatchObject({ waitingJobs: 1, givenUp: [{ job: 'lost', count: 1 }] });
    expect(Math.round(facts.oldestJob / 60)).toBe(60);
  });

  it('gathers of a connection what waits, what is old and what goes wrong', async () => {
    const { prisma } = test.database;
    const id = randomUUID();
    const hourAgo = new Date(Date.now() - 3_600_000);
    await prisma.connection.create({
      data: {
        id,
        name: 'crm',
        connector: 'csv',
        settings: {},
        sync: {},
        mapping: {},
        position: 1,
        schedule: '0 * * * *',
      },
    });
    const cursor = { connectionId: id, entity: 'customer', mappingHash: '', startedAt: hourAgo };
    await prisma.syncCursor.create({ data: { ...cursor, object: 'contact', completeAt: hourAgo } });
    await prisma.pushIntent.create({
      data: {
        connectionId: id,
        object: 'contact',
        entity: 'customer',
        goldenId: randomUUID(),
        target: 'record:1',
        kind: 'update',
        dueAt: hourAgo,
      },
    });
    await prisma.inboxEvent.create({
      data: {
        connectionId: id,
        dedupeKey: '1',
        object: 'contact',
        externalId: '1',
        kind: 'changed',
        receivedAt: hourAgo,
      },
    });
    await prisma.syncIssue.create({
      data: {
        fingerprint: 'a',
        connectionId: id,
        operation: 'write',
        code: 'CONFLICT',
        message: 'Taken.',
        remedy: 'Merge them.',
      },
    });
    const [facts] = await connectionFacts(prisma);
    expect(facts).toMatchObject({
      connectionId: id,
      hasWebhooks: false,
      overdueWrites: 1,
      unreadEvents: 1,
      recentEvents: 1,
      stream: null,
      causes: [{ code: 'CONFLICT', count: 1, message: 'Taken.', remedy: 'Merge them.' }],
    });
    for (const seconds of [facts?.staleness, facts?.oldestWrite, facts?.oldestEvent]) {
      expect(Math.round((seconds ?? 0) / 60)).toBe(60);
    }
    await prisma.syncCursor.create({ data: { ...cursor, object: 'account' } });
    expect((await connectionFacts(prisma))[0]?.staleness).toBeNull();
  });
});
