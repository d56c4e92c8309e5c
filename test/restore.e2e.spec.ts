/** The machine is lost, and a copy of its data folder goes on elsewhere: the way docs/operations.md tells. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
import { runCli } from './helpers/cli.js';

const TEST_MS = 240_000;

describe('a copy of the data folder on another machine', () => {
  let home: string;
  let salesforce: Salesforce;
  let hubspot: HubSpot;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'rapport-restore-'));
    // The database server may run as another user, who has to get through.
    chmodSync(home, 0o755);
    [salesforce, hubspot] = await Promise.all([createSalesforce(), createHubSpot({ limits: false })]);
  }, TEST_MS);
  afterAll(async () => {
    await Promise.all([salesforce.close(), hubspot.close()]);
    rmSync(home, { recursive: true, force: true });
  });

  /** On one of the machines, with nothing but its folder. */
  async function rapport(machine: string, ...args: readonly string[]): Promise<string> {
    hubspot.control.catchUp();
    const environment = { RAPPORT_DATA_DIR: join(home, machine), RAPPORT_LOG_LEVEL: 'silent' };
    const { code, stdout, stderr } = await runCli(args, environment);
    expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  }

  const titles = (): unknown => ({
    salesforce: salesforce.control.records('Contact').map((row) => [row['Email'], row['Title']]),
    hubspot: hubspot.control.records('contacts').map(({ properties: p }) => [p['email'], p['jobtitle']]),
  });
  const writes = (): number =>
    salesforce.control
      .requests()
      .filter(({ method, path }) => method !== 'GET' && path.includes('/composite/sobjects')).length +
    hubspot.control
      .calls()
      .filter(({ method, path }) => method !== 'GET' && !/\/search$|\/batch\/read$/.test(path)).length;

  it(
    'makes nobody twice, loses no word, and lets win what people wrote since',
    async () => {
      const person = (name: string): Record<string, string> => ({
        LastName: name,
        Email: `${name.toLowerCase()}@acme.example`,
        Title: 'Clerk',
      });
      const ada = salesforce.control.create('Contact', person('Ada'));
      salesforce.control.create('Contact', person('Ben'));
      const file = join(home, 'rapport.yaml');
      writeFileSync(file, configuration(salesforce, hubspot));
      await rapport('old', 'apply', file);
      await rapport('old', 'sync', '--wait', '--approve');
      execFileSync('cp', ['-a', join(home, 'old'), join(home, 'new')]);

      // Synced before the machine is lost; the copy knows nothing of it.
      salesforce.control.edit(ada, { Title: 'Countess' });
      salesforce.control.create('Contact', person('Eve'));
      await rapport('old', 'sync', '--wait', '--approve');
      rmSync(join(home, 'old'), { recursive: true });
      // Written while there was no hub.
      const ben = hubspot.control
        .records('contacts')
        .find(({ properties }) => properties['lastname'] === 'Ben');
      hubspot.control.edit('contacts', ben?.id ?? '', { jobtitle: 'Buyer' });

      await rapport('new', 'sync', '--full', '--dry-run');
      await rapport('new', 'sync', '--full', '--wait', '--approve');

      const held = [
        ['ada@acme.example', 'Countess'],
        ['ben@acme.example', 'Buyer'],
        ['eve@acme.example', 'Clerk'],
      ];
      const found = titles() as { salesforce: string[][]; hubspot: string[][] };
      expect(found.salesforce.toSorted()).toEqual(held);
      expect(found.hubspot.toSorted()).toEqual(held);
      const before = writes();
      await rapport('new', 'sync', '--full', '--wait');
      expect(writes()).toBe(before);
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
