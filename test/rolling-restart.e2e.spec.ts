/** An upgrade without a pause: processes are asked to end one after the other, while people go on working. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createSandbox as createHubSpot,
  SANDBOX_CLIENT_SECRET,
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
const PEOPLE = 20;
const LOOK_MS = 50;

describe('a rolling restart', () => {
  let folder: string;
  let database: TestDatabase;
  let salesforce: Salesforce;
  let hubspot: HubSpot;
  let environment: Record<string, string>;
  const running = new Set<RunningCli>();

  beforeAll(async () => {
    folder = mkdtempSync(join(process.env['RAPPORT_TEST_HOME'] ?? '', 'rolling-'));
    [database, salesforce, hubspot] = await Promise.all([
      createTestDatabase(),
      createSalesforce(),
      createHubSpot({ limits: false }),
    ]);
    const port = String(await freePort());
    environment = {
      DATABASE_URL: database.url,
      RAPPORT_DATA_DIR: folder,
      PORT: port,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      RAPPORT_LOG_LEVEL: 'silent',
    };
  }, TEST_MS);
  afterAll(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await Promise.all([...running].map(({ result }) => result));
    await Promise.all([salesforce.close(), hubspot.close()]);
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(command: 'serve' | 'worker'): RunningCli {
    // The service only answers, so that a webhook and the work it causes never share a process.
    const own = command === 'serve' ? { RAPPORT_WORKERS: '0' } : {};
    const process = startCli([command], { ...environment, ...own });
    running.add(process);
    return process;
  }

  async function restart(old: RunningCli, command: 'serve' | 'worker'): Promise<RunningCli> {
    old.child.kill('SIGTERM');
    const { code } = await old.result;
    running.delete(old);
    expect(code).toBe(0);
    return start(command);
  }

  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) await pause(LOOK_MS);
  }

  async function serves(): Promise<boolean> {
    const { ok } = await fetch(`${environment['PUBLIC_URL'] ?? ''}/health/ready`).catch(() => ({
      ok: false,
    }));
    return ok;
  }

  it(
    'loses no event, although nothing is polled',
    async () => {
      const ids = hubspot.control.seed(
        'contacts',
        Array.from({ length: PEOPLE }, (_, index) => ({
          properties: {
            lastname: `Person ${String(index)}`,
            email: `p${String(index)}@example.com`,
            jobtitle: 'none',
          },
        })),
      );
      const path = join(folder, 'rapport.yaml');
      writeFileSync(path, configuration(salesforce, hubspot));
      expect(await runCli(['apply', path], environment)).toMatchObject({ code: 0 });
      expect(await runCli(['sync', '--wait', '--approve'], environment)).toMatchObject({ code: 0 });

      const serve = start('serve');
      const workers = [start('worker'), start('worker')];
      await until(serves);
      hubspot.control.subscribe({
        targetUrl: `${environment['PUBLIC_URL'] ?? ''}/webhooks/hubspot`,
        clientSecret: SANDBOX_CLIENT_SECRET,
        retryDelayMs: 2_000,
      });

      const wanted = new Map<string, string>();
      let edits = 0;
      const edit = (): void => {
        const index = edits % PEOPLE;
        edits += 1;
        const title = `Title ${String(edits)}`;
        hubspot.control.edit('contacts', ids[index] ?? '', { jobtitle: title });
        wanted.set(`p${String(index)}@example.com`, title);
      };
      const people = setInterval(edit, 100);
      try {
        for (const worker of workers) await restart(worker, 'worker');
        await restart(serve, 'serve');
        await until(serves);
        // Everybody once more, now that every process is a new one.
        const enough = edits + PEOPLE;
        await until(() => edits >= enough);
      } finally {
        clearInterval(people);
      }
      await hubspot.control.flushWebhooks();

      const held = (): Map<string, string> =>
        new Map(
          salesforce.control.records('Contact').map((row) => [String(row['Email']), String(row['Title'])]),
        );
      await until(() => [...wanted].every(([email, title]) => held().get(email) === title));
      expect(held()).toEqual(wanted);
      expect(await database.database.prisma.run.count()).toBe(1);
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
        // What a stream left untold is read from the cursor: here nothing is.
        settings: { loginUrl: salesforce.url, apiVersion: '62.0', changeEvents: false },
        credentials: { grantType: 'client_credentials', clientId, clientSecret },
        sync,
      },
      {
        name: 'hubspot',
        connector: 'hubspot',
        settings: { baseUrl: hubspot.url },
        credentials: { accessToken: SANDBOX_TOKEN },
        webhooks: { clientSecret: SANDBOX_CLIENT_SECRET },
        sync,
      },
    ],
  });
}

/** Known before the service listens: its address is part of what is signed. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
