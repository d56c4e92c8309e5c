import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createSandbox as createHubSpot,
  SANDBOX_TOKEN,
  type Sandbox as HubSpot,
} from '../connectors/hubspot/sandbox/index.js';
import { runCli, type CliResult } from './helpers/cli.js';
import { createTestDatabase, type TestDatabase } from './helpers/database.js';
import { tracesOf } from './sync/support/traces.js';

const VALUES = ['zenobia', 'palmyrene', '5552671'];

let folder: string;
let test: TestDatabase;
let hubspot: HubSpot;

beforeAll(async () => {
  folder = mkdtempSync(join(process.env['RAPPORT_TEST_HOME'] ?? '', 'erase-'));
  mkdirSync(join(folder, 'data'));
  [test, hubspot] = await Promise.all([createTestDatabase(), createHubSpot({ limits: false })]);
  hubspot.control.seed('contacts', [
    {
      properties: {
        firstname: 'Zenobia',
        lastname: 'Palmyrene',
        email: 'zenobia@palmyrene.example',
        phone: '+1 415 555 2671',
      },
    },
    { properties: { firstname: 'Alan', lastname: 'Turing', email: 'alan@example.com' } },
  ]);
  const path = join(folder, 'rapport.yaml');
  writeFileSync(
    path,
    `connections:
  - name: hubspot
    connector: hubspot
    settings: { baseUrl: "${hubspot.url}" }
    credentials: { accessToken: \${HUBSPOT_TOKEN} }
    sync: { customer: { direction: both } }
`,
  );
  expect(await rapport('apply', path)).toMatchObject({ code: 0 });
  expect(await rapport('sync', '--wait', '--approve')).toMatchObject({ code: 0 });
}, 300_000);

afterAll(async () => {
  await Promise.all([hubspot.close(), test.drop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function rapport(...args: string[]): Promise<CliResult> {
  return runCli(args, {
    DATABASE_URL: test.url,
    RAPPORT_DATA_DIR: join(folder, 'data'),
    HUBSPOT_TOKEN: SANDBOX_TOKEN,
    RAPPORT_LOG_LEVEL: 'debug',
  });
}

it('exports a person, erases them only when told to, and leaves no trace in tables or logs', async () => {
  const exported = await rapport('export-person', 'zenobia@palmyrene.example');
  expect(JSON.parse(exported.stdout)).toMatchObject({ format: 'rapport-person-1' });

  const planned = await rapport('erase', 'zenobia@palmyrene.example', '--dry-run');
  expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('deleted for good') as string });
  const unasked = await rapport('erase', 'zenobia@palmyrene.example');
  expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
  expect(hubspot.control.records('contacts')).toHaveLength(2);

  const erased = await rapport('erase', 'zenobia@palmyrene.example', '--yes', '--json');
  expect(erased.code).toBe(0);
  expect(JSON.parse(erased.stdout)).toMatchObject({ state: 'done', receipts: [{ outcome: 'erased' }] });
  expect(hubspot.control.records('contacts')).toHaveLength(1);
  expect(await tracesOf(test.database, VALUES)).toEqual([]);
  for (const value of VALUES) expect((erased.stdout + erased.stderr).toLowerCase()).not.toContain(value);

  hubspot.control.create('contacts', { properties: { email: 'Zenobia@palmyrene.example' } });
  const synced = await rapport('sync', '--wait', '--full');
  expect(synced.code).toBe(0);
  for (const value of VALUES) expect((synced.stdout + synced.stderr).toLowerCase()).not.toContain(value);
  expect(await tracesOf(test.database, VALUES)).toEqual([]);
  expect((await rapport('suppressions')).stdout).toMatch(/1 email/);
  expect(await rapport('erase', 'zenobia@palmyrene.example', '--yes')).toMatchObject({ code: 4 });
  expect(await rapport('suppressions', 'lift', 'zenobia@palmyrene.example')).toMatchObject({ code: 0 });
  expect((await rapport('erasures')).stdout).toContain('done');
}, 300_000);
