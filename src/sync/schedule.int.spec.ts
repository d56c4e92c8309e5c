import { randomBytes, randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { RunsService } from '../runs/runs.service.js';
import { openContext } from '../startup/application.js';
import { Schedule } from './schedule.js';

const DUE = Date.parse('2026-03-01T10:05:00.004Z');

describe('Schedule', () => {
  let test: TestDatabase;
  /** Two processes on one database. */
  let processes: INestApplicationContext[];

  beforeEach(async () => {
    test = await createTestDatabase();
    const environment = {
      DATABASE_URL: test.url,
      RAPPORT_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      RAPPORT_LOG_LEVEL: 'silent',
    };
    const role = { work: false, schedule: false };
    processes = await Promise.all([1, 2].map(() => openContext({ environment, role })));
  });
  afterEach(async () => {
    await Promise.all(processes.map((app) => app.close()));
    await test.drop();
  });

  const schedules = (): Schedule[] => processes.map((app) => app.get(Schedule));
  const everyCron = (): string[] => [...(processes[0]?.get(SchedulerRegistry).getCronJobs().keys() ?? [])];
  const crons = (): string[] => everyCron().filter((id) => id !== 'audit');
  const nextOf = (id: string): string =>
    processes[0]?.get(SchedulerRegistry).getCronJob(id).nextDate().toUTC().toFormat('HH:mm') ?? '';
  const add = async (schedule: string | null, timeZone = 'UTC'): Promise<{ id: string; name: string }> => {
    const id = randomUUID();
    const policy = { direction: 'both', create: false, filter: [], onDelete: 'keep', unique: false };
    await test.database.prisma.connection.create({
      data: {
        ...{
          id,
          name: `c-${id}`,
          connector: 'hubspot',
          settings: {},
          sync: { customer: policy },
          mapping: {},
          position: 0,
        },
        ...{ schedule, timeZone },
      },
    });
    return { id, name: `c-${id}` };
  };

  it('starts a due sync once, though several processes hold the schedule and look at it at other moments', async () => {
    const connection = await add('*/5 * * * *');
    const [first, second] = schedules();
    await Promise.all([
      first?.due(connection, DUE),
      second?.due(connection, DUE - 5),
      second?.due(connection, DUE + 40_000),
    ]);
    const runs = (await processes[0]?.get(RunsService).list({ limit: 10 })) ?? [];
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ trigger: 'schedule', connections: [connection.name] });
  });

  it('audits every week, once, unless the configuration says otherwise', async () => {
    const [first, second] = schedules();
    await first?.refresh();
    expect(everyCron()).toContain('audit');
    expect(nextOf('audit')).toBe('03:17');
    const entry = { id: 'audit', name: 'audit' };
    await Promise.all([first?.due(entry, DUE), second?.due(entry, DUE + 40_000)]);
    expect(await test.database.prisma.driftAudit.findMany()).toMatchObject([
      { trigger: 'schedule', repair: true },
    ]);
    await test.database.prisma.ruleSet.create({
      data: { document: { audit: { enabled: false } }, hash: 'x' },
    });
    await first?.refresh();
    expect(everyCron()).not.toContain('audit');
  });

  it('skips a connection that an earlier run still reads, and goes on with the next', async () => {
    const connection = await add('*/5 * * * *');
    const [schedule] = schedules();
    await schedule?.due(connection, DUE);
    await schedule?.due(connection, DUE + 300_000);
    const list = async (): Promise<number> =>
      (await processes[0]?.get(RunsService).list({ limit: 10 }))?.length ?? 0;
    expect(await list()).toBe(1);
    await test.database.prisma.runPart.updateMany({ data: { state: 'pulled' } });
    await schedule?.due(connection, DUE + 600_000);
    expect(await list()).toBe(2);
  });

  it('follows the configuration, whoever changes it', async () => {
    const [schedule] = schedules();
    const nightly = await add('30 2 * * *', 'Asia/Kolkata');
    await add(null);
    await schedule?.refresh();
    expect(crons()).toEqual([nightly.id]);
    expect(nextOf(nightly.id)).toBe('21:00');

    await test.database.prisma.connection.update({
      where: { id: nightly.id },
      data: { schedule: '45 2 * * *' },
    });
    await schedule?.refresh();
    expect(nextOf(nightly.id)).toBe('21:15');

    await test.database.prisma.connection.update({ where: { id: nightly.id }, data: { state: 'removed' } });
    await schedule?.refresh();
    expect(crons()).toEqual([]);

    await test.database.prisma.connection.update({ where: { id: nightly.id }, data: { state: 'active' } });
    await schedule?.refresh();
    expect(crons()).toEqual([nightly.id]);
  });
});
