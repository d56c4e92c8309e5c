import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  createSandbox as createHubSpot,
  SANDBOX_TOKEN,
  type Sandbox as HubSpot,
} from '../connectors/hubspot/sandbox/index.js';
import {
  createSandbox as createSalesforce,
  type Sandbox as Salesforce,
} from '../connectors/salesforce/sandbox/index.js';
import { runCli, startCli, type CliResult } from './helpers/cli.js';
import { createTestDatabase, type TestDatabase } from './helpers/database.js';

const BUILD_MS = 300_000;
const TEST_MS = 120_000;
const DAY = 86_400_000;

let folder: string;
let testDatabase: TestDatabase;
let salesforce: Salesforce;
let hubspot: HubSpot;

beforeAll(async () => {
  folder = mkdtempSync(join(process.env['RAPPORT_TEST_HOME'] ?? '', 'cli-'));
  mkdirSync(join(folder, 'data'));
  [testDatabase, salesforce, hubspot] = await Promise.all([
    createTestDatabase(),
    createSalesforce(),
    createHubSpot(),
  ]);
  seed();
  await rapport('--help');
}, BUILD_MS);

afterAll(async () => {
  await Promise.all([salesforce.close(), hubspot.close(), testDatabase.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Ada is in both, with two phones; Grace is only in Salesforce, and Alan, with a comma, only in HubSpot. */
function seed(): void {
  const now = Date.now();
  salesforce.control.load('Contact', [
    { FirstName: 'Ada', LastName: 'Lovelace', Email: 'ada@example.com', Phone: '+1 415 555 2671' },
    { FirstName: 'Grace', LastName: 'Hopper', Email: 'grace@example.com', Title: 'Rear Admiral' },
  ]);
  hubspot.control.seed('contacts', [
    {
      properties: { firstname: 'Ada', lastname: 'Lovelace', email: 'ada@example.com', phone: '+14155552672' },
      createdAt: now - 9 * DAY,
      updatedAt: now - 8 * DAY,
    },
    { properties: { firstname: 'Alan', lastname: 'Turing, OBE', email: 'alan@example.com' } },
  ]);
}

function environment(): Record<string, string> {
  return {
    DATABASE_URL: testDatabase.url,
    RAPPORT_DATA_DIR: join(folder, 'data'),
    SF_SECRET: salesforce.account.clientSecret,
    HUBSPOT_TOKEN: SANDBOX_TOKEN,
  };
}

async function rapport(...args: string[]): Promise<CliResult> {
  return runCli(args, environment());
}

function configuration(change: (text: string) => string = (text) => text): string {
  const path = join(folder, 'rapport.yaml');
  writeFileSync(
    path,
    change(`connections:
  - name: salesforce
    connector: salesforce
    settings: { loginUrl: "${salesforce.url}", apiVersion: "62.0" }
    credentials: { grantType: client_credentials, clientId: ${salesforce.account.clientId}, clientSecret: \${SF_SECRET} }
    schedule: "0 0 1 1 *"
    sync: { customer: { direction: both, create: true } }
  - name: hubspot
    connector: hubspot
    settings: { baseUrl: "${hubspot.url}" }
    credentials: { accessToken: \${HUBSPOT_TOKEN} }
    sync: { customer: { direction: both, create: true } }
`),
  );
  return path;
}

function writesSeen(): number {
  const isWrite = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
    method !== 'GET' && !/oauth|search|batch\/read|cometd|__control/.test(path);
  return [...salesforce.control.requests(), ...hubspot.control.calls()].filter(isWrite).length;
}

it(
  'says what is wrong with an invalid configuration, with its line and the nearest key, and applies nothing of it',
  async () => {
    const path = configuration((text) =>
      text.replace('schedule:', 'shedule:').replace('create: true', 'create: often'),
    );
    const result = await rapport('apply', path);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/rapport\.yaml:6:\d+ .*shedule[\s\S]*schedule/);
    expect(result.stderr).toMatch(/rapport\.yaml:7:\d+ connections\[0\]\.sync\.customer\.create/);
    expect(result.stderr).toContain('Nothing was applied: 2 problems.');
    const status = await rapport('status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ connections: [], runs: [] });
  },
  TEST_MS,
);

it(
  'refuses unknown commands, options and names with the nearest there is',
  async () => {
    const [command, option, connection] = await Promise.all([
      rapport('sinc'),
      rapport('sync', '--wiat'),
      rapport('issues', 'retri'),
    ]);
    expect(command).toMatchObject({ code: 2, stdout: '' });
    expect(command.stderr).toContain('Did you mean sync?');
    expect(option).toMatchObject({ code: 2, stdout: '' });
    expect(option.stderr).toContain('Did you mean --wait?');
    expect(connection).toMatchObject({ code: 2, stdout: '' });
    expect(connection.stderr).toContain('Did you mean "retry"?');
  },
  TEST_MS,
);

it(
  'applies, checks, rehearses, syncs, and shows what came of it',
  async () => {
    const wrong = await rapport(
      'apply',
      configuration((text) => text.replace('${HUBSPOT_TOKEN}', 'pat-wrong')),
    );
    expect(wrong).toMatchObject({ code: 0, stderr: '' });
    const check = await rapport('check');
    expect(check.code).toBe(1);
    expect(check.stdout).toMatch(/✗ credentials: .+\n {6}\S.+/);
    expect(check.stdout).not.toContain('pat-wrong');

    expect(await rapport('apply', configuration())).toMatchObject({ code: 0 });

    const rehearsal = await rapport('sync', '--dry-run', '--json');
    expect(rehearsal.code).toBe(0);
    const { parts } = JSON.parse(rehearsal.stdout) as { parts: Record<string, unknown>[] };
    expect(parts).toContainEqual(
      expect.objectContaining({ connection: 'hubspot', object: 'contact', creates: 1, archives: 0 }),
    );
    expect(writesSeen()).toBe(0);

    const asked = await rapport('sync', '--wait');
    expect(asked.code).toBe(5);
    expect(asked.stdout).toMatch(/^rapport approve [0-9a-f-]{36}/m);
    expect(writesSeen()).toBe(0);

    const synced = await rapport('sync', '--wait', '--approve');
    expect(synced.stderr).not.toContain('Error');
    expect(synced.stdout).toContain('Everything is in sync.');
    expect(synced.code).toBe(0);
    expect(hubspot.control.records('contacts')).toHaveLength(3);
    expect(salesforce.control.records('Contact')).toHaveLength(3);

    const links = await rapport('export', 'links', '--format', 'csv');
    const [header, ...rows] = links.stdout.trimEnd().split('\n');
    expect(header).toBe('connection,object,external_id,customer_id');
    expect(rows).toHaveLength(6);
    for (const row of rows) expect(row).toMatch(/^(?:salesforce|hubspot),contact,\w+,[0-9a-f-]{36}$/);

    const status = JSON.parse((await rapport('status', '--json')).stdout) as unknown;
    expect(status).toMatchObject({
      connections: [
        { name: 'salesforce', state: 'active', records: 3, waitingWrites: 0, issues: { error: 0 } },
        { name: 'hubspot', state: 'active', records: 3, waitingWrites: 0, nextAt: null },
      ],
      runs: [],
    });

    const ada = await rapport('customer', 'ADA@example.com');
    expect(ada.stdout).toMatch(/^Ada Lovelace\ncustomer [0-9a-f-]{36}/);
    const why = await rapport('explain', 'ada@example.com', 'phone');
    expect(why.stdout).toMatch(/^won {3}salesforce contact/m);
    expect(why.stdout).toMatch(/^lost {2}hubspot contact/m);
  },
  TEST_MS,
);

it(
  'ends after Ctrl-C, keeps what was done, and goes on from there the next time',
  async () => {
    const called = Promise.withResolvers<undefined>();
    const unhelpful = createServer((request) => {
      called.resolve(undefined);
      request.socket.destroy();
    });
    await new Promise<void>((resolve) => unhelpful.listen(0, '127.0.0.1', resolve));
    const { port } = unhelpful.address() as AddressInfo;
    const elsewhere = configuration((text) => text.replace(hubspot.url, `http://127.0.0.1:${String(port)}`));
    expect(await rapport('apply', elsewhere)).toMatchObject({ code: 0 });
    salesforce.control.create('Contact', { LastName: 'Later', Email: 'later@example.com' });

    const endless = startCli(['sync', '--wait'], environment());
    await called.promise;
    endless.child.kill('SIGINT');
    const stopped = await endless.result;
    expect(stopped).toMatchObject({ code: 130, stdout: '' });
    expect(stopped.stderr).toContain('What was done is kept');
    unhelpful.close();

    expect(await rapport('apply', configuration())).toMatchObject({ code: 0 });
    expect(await rapport('sync', '--wait')).toMatchObject({ code: 0 });
    expect(hubspot.control.records('contacts')).toHaveLength(4);
  },
  TEST_MS,
);

it(
  'syncs beside a server, which ends in peace',
  async () => {
    hubspot.control.create('contacts', { properties: { lastname: 'Beside', email: 'beside@example.com' } });
    const server = startCli(['serve'], { ...environment(), PORT: '0' });
    const synced = await rapport('sync', '--wait', '--json');
    expect(synced.code).toBe(0);
    const { state, unsynced } = JSON.parse(synced.stdout) as Record<string, unknown>;
    expect({ state, unsynced }).toEqual({
      state: 'settled',
      unsynced: { issues: 0, writes: 0, events: 0, unresolved: 0 },
    });
    expect(salesforce.control.records('Contact')).toHaveLength(5);
    server.child.kill('SIGTERM');
    expect(await server.result).toMatchObject({ code: 0, stdout: '' });
  },
  TEST_MS,
);
