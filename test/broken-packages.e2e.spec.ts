/** Packages that do what they must not, in a real `rapport serve`: only their own connections fail. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/platform/package-root.js';
import { runCli, startCli, type CliResult } from './helpers/cli.js';
import { createTestDatabase, type TestDatabase } from './helpers/database.js';

const LIMIT_MS = 400_000;

/** What each package does once it is broken; before, all are the same. */
const BROKEN: Readonly<Record<string, string>> = {
  throws: `if (broken) throw new Error('no licence');`,
  shape: `if (broken) delete connector.pull;`,
  objects: `if (broken) connector.objects = () => { throw 'no objects'; };`,
  odd: `if (broken) { connector.check = () => { throw null; }; connector.pull = async function* () { throw 'odd'; }; }`,
  late: `if (broken) { const pull = connector.pull; connector.pull = (ctx, request) => {
    setTimeout(() => { Promise.reject(new Error('too late')); }, 20);
    setTimeout(() => { throw null; }, 40);
    return pull(ctx, request);
  }; }`,
};
const NAMES = Object.keys(BROKEN);

const source = (name: string): string => `
import { existsSync } from 'node:fs';
import { z } from 'zod';
const broken = existsSync(new URL('../../broken', import.meta.url));
const connector = {
  sdk: 1, name: '${name}', title: '${name}',
  settings: z.strictObject({}), credentials: z.strictObject({}), cursor: z.unknown(),
  objects: () => [{
    object: 'person', title: 'Person', entity: 'customer',
    mapping: [{ field: 'email', property: 'mail', direction: 'pull' }],
    requiredToCreate: [], creatable: false, batch: { read: 1, push: 1 },
  }],
  check: async () => [{ name: 'reach', status: 'ok', message: 'It is there.' }],
  discover: async () => [],
  pull: async function* () { yield { records: [], tombstones: [], cursor: 1, readAt: Date.now() }; },
};
${BROKEN[name] ?? ''}
export default connector;
`;

let folder: string;
let testDatabase: TestDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(process.env['RAPPORT_TEST_HOME'] ?? '', 'packages-'));
  testDatabase = await createTestDatabase();
  const modules = join(folder, 'node_modules');
  for (const name of NAMES) {
    const place = join(modules, `rapport-${name}`);
    mkdirSync(place, { recursive: true });
    const manifest = { name: `rapport-${name}`, version: '1.0.0', type: 'module', exports: './index.js' };
    writeFileSync(join(place, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(place, 'index.js'), source(name));
  }
  symlinkSync(join(packageRoot(), 'node_modules', 'zod'), join(modules, 'zod'));
  writeFileSync(join(folder, 'people.csv'), 'id,mail\n1,ada@example.com\n');
  writeFileSync(join(folder, 'rapport.yaml'), configuration());
}, LIMIT_MS);

afterAll(async () => {
  await testDatabase.drop();
  rmSync(folder, { recursive: true, force: true });
});

function configuration(): string {
  const one = (name: string): string =>
    `  - { name: ${name}, connector: ${name}, settings: {}, credentials: {}, sync: { customer: { direction: pull } } }`;
  return [
    `packages: [${NAMES.map((name) => `rapport-${name}`).join(', ')}]`,
    'connections:',
    ...NAMES.map(one),
    '  - name: people',
    '    connector: csv',
    '    settings: { path: ./people.csv, object: customer, idColumn: id, columns: { mail: email } }',
    '    sync: { customer: { direction: pull } }',
    '',
  ].join('\n');
}

function environment(): Record<string, string> {
  return {
    DATABASE_URL: testDatabase.url,
    RAPPORT_DATA_DIR: join(folder, 'data'),
    RAPPORT_LOG_LEVEL: 'error',
    PORT: '0',
  };
}

async function rapport(...args: readonly string[]): Promise<CliResult> {
  return runCli(args, environment(), folder);
}

interface StatusView {
  readonly connections: readonly {
    readonly name: string;
    readonly state: string;
    readonly records: number;
    readonly problem: { readonly code: string; readonly remedy: string } | null;
    readonly issues: { readonly error: number };
  }[];
}

it(
  'makes only its own connections fail: serve, the others, status and check go on',
  async () => {
    const applied = await rapport('apply', 'rapport.yaml');
    expect(applied).toMatchObject({ code: 0 });
    writeFileSync(join(folder, 'broken'), '');
    const server = startCli(['serve'], environment(), folder);
    let isOver = false;
    void server.result.then(() => {
      isOver = true;
    });
    try {
      await rapport('sync', '--wait');
      const status = JSON.parse((await rapport('status', '--json')).stdout) as StatusView;
      const found = new Map(status.connections.map((one) => [one.name, one]));
      expect(found.get('people')).toMatchObject({ state: 'active', records: 1, problem: null });
      for (const name of ['throws', 'shape', 'objects', 'odd']) {
        expect([name, found.get(name)?.state]).toEqual([name, 'failed']);
        expect(found.get(name)?.problem?.remedy).toMatch(/\w/);
      }
      expect(found.get('late')?.issues.error).toBeGreaterThan(0);
      const checked = await rapport('check', '--json');
      expect(checked.code).toBe(1);
      expect(checked.stdout).toContain('people');
      const listed = await rapport('connectors');
      expect(listed.stdout).toContain(
        'rapport-throws cannot be used. It could not be loaded: Error: no licence',
      );
      expect(listed.stdout).toContain('rapport-shape cannot be used. It lacks: a function `pull`');
      expect(isOver).toBe(false);
    } finally {
      server.child.kill('SIGTERM');
      await server.result;
    }
  },
  LIMIT_MS,
);
