/** A process that listens is killed: another one hears what comes after, and nothing is lost between. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createSandbox as createHubSpot,
  SANDBOX_TOKEN,
  type Sandbox as HubSpot,
} from '../connectors/hubspot/sandbox/index.js';
import {
  createSandbox as createSalesforce,
  type Sandbox as Salesforce,
} from '../connectors/salesforce/sandbox/index.js';
import { runCli, startCli, type RunningCli } from './helpers/cli.js';
import { createTestDatabase, type TestDatabase } from './helpers/database.js';

const TEST_MS = 240_000;
const LOOK_MS = 50;

describe('processes that listen', () => {
  let folder: string;
  let database: TestDatabase;
  let salesforce: Salesforce;
  let hubspot: HubSpot;
  let environment: Record<string, string>;
  const running: RunningCli[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(process.env['RAPPORT_TEST_HOME'] ?? '', 'streams-'));
    [database, salesforce, hubspot] = await Promise.all([
      createTestDatabase(),
      createSalesforce(),
      createHubSpot({ limits: false }),
    ]);
    environment = { DATABASE_URL: database.url, RAPPORT_DATA_DIR: folder, RAPPORT_LOG_LEVEL: 'silent' };
  }, TEST_MS);
  afterAll(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all(running.map(({ result }) => result));
    await Promise.all([salesforce.close(), hubspot.close()]);
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(): RunningCli {
    const worker = startCli(['worker'], environment);
    running.push(worker);
    return worker;
  }

  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) await pause(LOOK_MS);
  }

  const title = (): unknown => hubspot.control.records('contacts')[0]?.properties['jobtitle'];
  const stream = async (): Promise<unknown> => {
    const { stdout } = await runCli(['status', '--json'], environment);
    const { connections } = JSON.parse(stdout) as { connections: { name: string; stream: unknown }[] };
    return connections.find(({ name }) => name === 'salesforce')?.stream;
  };

  it(
    'take over from one that is killed, and tell the status of each other',
    async () => {
      const person = { LastName: 'Byron', Email: 'ada@byron.example', Title: 'none' };
      const id = salesforce.control.create('Contact', person);
      const path = join(folder, 'rapport.yaml');
      writeFileSync(path, configuration(salesforce, hubspot));
      expect(await runCli(['apply', path], environment)).toMatchObject({ code: 0 });
      expect(await runCli(['sync', '--wait', '--approve'], environment)).toMatchObject({ code: 0 });

      const first = start();
      await until(() => salesforce.control.listening() === 1);
      expect(await stream()).toMatchObject({ state: 'live', problem: null });
      start();
      salesforce.control.edit(id, { Title: 'first' });
      await until(() => title() === 'first');

      first.child.kill('SIGKILL');
      await first.result;
      salesforce.control.edit(id, { Title: 'second' });
      await until(() => title() === 'second');
      await until(() => salesforce.control.listening() === 1);

      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all(running.map(({ result }) => result));
      expect((await runCli(['status'], environment)).stdout).toContain('nobody listens to its changes');
    },
    TEST_MS,
  );
});

function configuration(salesforce: Salesforce, hubspot: HubSpot): string {
  const { clientId, clientSecret } = salesforce.account;
  const sync = { customer: { direction: 'both', create: true } };
  return JSON.stringify({
    connections: [
      {
        name: 'salesforce',
        connector: 'salesforce',
        settings: { loginUrl: salesforce.url, apiVersion: '62.0' },
        credentials: { grantType: 'client_credentials', clientId, clientSecret },
        sync,
      },
      {
        name: 'hubspot',
        connector: 'hubspot',
        settings: { baseUrl: hubspot.url },
        credentials: { accessToken: SANDBOX_TOKEN },
        sync,
      },
    ],
  });
}
