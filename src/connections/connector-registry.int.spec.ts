import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorRegistry } from './connector-registry.js';

const schema = '{ safeParse: (data) => ({ success: true, data }) }';
const good = (name: string): string => `export default {
  sdk: 1, name: '${name}', title: '${name}', settings: ${schema}, credentials: ${schema}, cursor: ${schema},
  objects: () => [], check: async () => [], discover: async () => [], pull: async function* () {},
};`;

describe('ConnectorRegistry', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'connectors-'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'index.js'), text);
  };

  it('finds the project’s own connectors', async () => {
    const registry = await ConnectorRegistry.load();
    expect(registry.all().map((connector) => connector.name)).toEqual(
      expect.arrayContaining(['csv', 'hubspot', 'salesforce']),
    );
    expect(registry.sourceOf('csv')).toBe('connectors/csv');
    expect(registry.problems()).toEqual([]);
  });

  it('loads the good ones beside broken ones, and says what is wrong with each', async () => {
    write('alpha', good('alpha'));
    write('beta', good('beta').replace('export default', 'export const connector ='));
    write('empty', 'export const nothing = 1;');
    write('future', good('future').replace('sdk: 1', 'sdk: 99'));
    write('half', good('half').replace('check: async () => [],', ''));
    write('hooks', good('hooks').replace('objects:', 'webhook: () => null, objects:'));
    write('syntax', 'export default {');
    write('throws', 'throw new Error("no licence");');
    write('twice', good('alpha'));
    mkdirSync(join(folder, 'notes'));

    const registry = await ConnectorRegistry.load({ folder });

    expect(registry.all().map((connector) => connector.name)).toEqual(['alpha', 'beta']);
    expect(registry.find('half')).toBeUndefined();
    const problems = new Map(registry.problems().map(({ source, message }) => [source, message]));
    expect([...problems.keys()].sort()).toEqual(
      ['empty', 'future', 'half', 'hooks', 'syntax', 'throws', 'twice'].map((name) => `connectors/${name}`),
    );
    expect(problems.get('connectors/empty')).toContain('exports no connector');
    expect(problems.get('connectors/future')).toContain('version 99');
    expect(problems.get('connectors/half')).toContain('a function `check`');
    expect(problems.get('connectors/hooks')).toContain('`webhookSecrets`');
    expect(problems.get('connectors/throws')).toContain('no licence');
    expect(problems.get('connectors/twice')).toContain('connectors/alpha');
    for (const problem of registry.problems()) expect(problem.remedy).not.toBe('');
  });

  it('brings connectors from npm packages, and tries a broken package again', async () => {
    write('gamma', good('gamma'));
    const gamma: unknown = await import(join(folder, 'gamma', 'index.js'));
    let installed = false;
    const registry = await ConnectorRegistry.load({
      folder: join(folder, 'none'),
      importPackage: () => (installed ? Promise.resolve(gamma) : Promise.reject(new Error('not installed'))),
    });
    await registry.usePackages(['rapport-gamma']);
    expect(registry.problems()).toMatchObject([
      { source: 'rapport-gamma', message: expect.stringContaining('not installed') as string },
    ]);

    installed = true;
    await registry.usePackages(['rapport-gamma']);

    expect(registry.problems()).toEqual([]);
    expect(registry.sourceOf('gamma')).toBe('rapport-gamma');
  });
});
