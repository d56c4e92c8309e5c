import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { ApplyService } from '../connections/apply/apply.service.js';
import type { RunReport } from '../runs/run-report.js';
import { RunsService } from '../runs/runs.service.js';
import { openContext } from '../startup/application.js';

const CONFIG = `
connections:
  - name: people
    connector: csv
    settings: { path: ./people.csv, idColumn: id, object: customer, columns: { first: givenName, last: familyName, mail: email } }
    sync: { customer: { direction: pull } }
`;
const PEOPLE =
  'id,first,last,mail\n1,Ada,Byron,ada@example.org\n2,Alan,Turing,alan@example.org\n3,Ada,Byron,ada@example.org\n';

describe('a process that works', () => {
  let test: TestDatabase;
  let folder: string;
  let environment: Record<string, string>;

  beforeEach(async () => {
    test = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'hub-'));
    writeFileSync(join(folder, 'people.csv'), PEOPLE);
    environment = {
      DATABASE_URL: test.url,
      RAPPORT_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      RAPPORT_LOG_LEVEL: 'silent',
    };
  });
  afterEach(async () => {
    await test.drop();
    rmSync(folder, { recursive: true });
  });

  const open = (work: boolean): Promise<INestApplicationContext> =>
    openContext({ environment, role: { work, schedule: false } });
  const apply = async (app: INestApplicationContext): Promise<void> => {
    const result = await app
      .get(ApplyService)
      .apply(CONFIG, { path: join(folder, 'rapport.yaml'), env: {}, dryRun: false });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
  };
  const settled = async (app: INestApplicationContext, runId: string): Promise<RunReport> => {
    for (;;) {
      const run = await app.get(RunsService).find(runId);
      if (run !== null && run.state !== 'running') return run;
      await wait(50);
    }
  };

  it('brings a sync to its end, with all it causes', async () => {
    const app = await open(true);
    await apply(app);
    const { runId } = await app.get(RunsService).start({ full: false, trigger: 'manual' });

    const run = await settled(app, runId);

    expect(run).toMatchObject({ state: 'settled', parts: [{ connection: 'people', state: 'pulled' }] });
    expect(run.counts).toMatchObject([{ object: 'customer', read: 3, changed: 3, failed: 0 }]);
    expect(await app.get(RunsService).unsynced()).toEqual({ issues: 0, writes: 0, events: 0, unresolved: 0 });
    expect(await test.database.prisma.golden.count({ where: { mergedInto: null } })).toBe(2);
    await app.close();
  });

  it('takes up what another process started and left', async () => {
    const first = await open(false);
    await apply(first);
    const { runId } = await first.get(RunsService).start({ full: false, trigger: 'manual' });
    await first.close();

    const second = await open(true);
    expect((await settled(second, runId)).state).toBe('settled');
    await second.close();
  });

  it('leaves the jobs alone when it is not to work', async () => {
    const app = await open(false);
    await apply(app);
    await app.get(RunsService).start({ full: false, trigger: 'manual' });
    const jobs = await test.database.prisma.$queryRaw<{ locked: boolean }[]>`
      select locked_at is not null as locked from graphile_worker.jobs where task_identifier = 'pull'`;
    expect(jobs).toEqual([{ locked: false }]);
    await app.close();
  });
});
