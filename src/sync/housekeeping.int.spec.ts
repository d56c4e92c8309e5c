import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { createLogger } from '../platform/telemetry/index.js';
import type { RunsService } from '../runs/runs.service.js';
import { Housekeeping } from './housekeeping.js';
import { enqueuePush } from './sync-jobs.js';

describe('Housekeeping', () => {
  let test: TestDatabase;
  let housekeeping: Housekeeping;
  let connectionId: string;

  beforeEach(async () => {
    test = await createTestDatabase();
    const runs = { settle: () => Promise.resolve([]) } as unknown as RunsService;
    housekeeping = new Housekeeping(test.database, runs, createLogger({ level: 'silent' }));
    connectionId = randomUUID();
    await test.database.prisma.connection.create({
      data: {
        id: connectionId,
        name: 'a',
        connector: 'hubspot',
        settings: {},
        sync: {},
        mapping: {},
        position: 0,
      },
    });
  });
  afterEach(async () => {
    await test.drop();
  });

  const jobs = async (): Promise<{ key: string; late: boolean }[]> =>
    test.database.prisma.$queryRaw`
      select key, run_at > now() + interval '1 minute' as late from graphile_worker.jobs
       where attempts < max_attempts order by key`;
  const intent = async (): Promise<void> => {
    await test.database.prisma.pushIntent.create({
      data: {
        connectionId,
        object: 'contacts',
        entity: 'customer',
        goldenId: randomUUID(),
        target: 'record:1',
        kind: 'update',
      },
    });
  };

  it('gives work that lost its job a new one', async () => {
    await intent();
    await test.database.prisma.resolveTask.create({ data: { kind: 'golden', id: randomUUID() } });
    await test.database.prisma.inboxEvent.create({
      data: { connectionId, dedupeKey: '1', object: 'contacts', externalId: '1', kind: 'changed' },
    });

    await housekeeping.revive();

    expect((await jobs()).map((job) => job.key)).toEqual([
      `fetch:${connectionId}`,
      `push:${connectionId}`,
      'resolve',
    ]);
  });

  it('leaves a job that waits at its time, and starts one again whose attempts are used up', async () => {
    await intent();
    await test.database.transaction((tx) => enqueuePush(tx, connectionId, new Date(Date.now() + 600_000)));
    await housekeeping.revive();
    expect(await jobs()).toEqual([{ key: `push:${connectionId}`, late: true }]);

    await test.database.prisma.$executeRaw`
      select graphile_worker.permanently_fail_jobs(array(select id from graphile_worker.jobs), 'worn out')`;
    await housekeeping.revive();
    expect(await jobs()).toEqual([{ key: `push:${connectionId}`, late: false }]);
  });

  it('leaves a connection alone that cannot work now, and adds nothing when nothing waits', async () => {
    await housekeeping.revive();
    expect(await jobs()).toEqual([]);
    await intent();
    await test.database.prisma.connection.updateMany({ data: { state: 'failed' } });
    await housekeeping.revive();
    expect(await jobs()).toEqual([]);
  });

  it('forgets events that were handled long ago, and ends when it is told to', async () => {
    const event = { connectionId, object: 'contacts', externalId: '1', kind: 'changed' };
    await test.database.prisma.inboxEvent.createMany({
      data: [
        { ...event, dedupeKey: 'old', doneAt: new Date(Date.now() - 4 * 86_400_000) },
        { ...event, dedupeKey: 'new', doneAt: new Date() },
      ],
    });
    housekeeping.start();
    await housekeeping.stop();
    expect(await test.database.prisma.inboxEvent.findMany()).toMatchObject([{ dedupeKey: 'new' }]);
  });
});
