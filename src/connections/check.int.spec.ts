import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionHttp } from '../../test/helpers/connection-http.js';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { Vault, keysFromText } from '../platform/secrets/index.js';
import { ConnectorError } from '../sdk/index.js';
import { CheckService } from './check.js';
import { ConnectionsService } from './connections.service.js';
import { ConnectorRegistry } from './connector-registry.js';
import { asGiven } from './stored-credentials.js';

/** A connector whose check says what its settings tell it to. */
const CONNECTOR = `
const schema = { safeParse: (data) => ({ success: true, data }) };
class Failure extends globalThis.TestConnectorError {}
export default {
  sdk: 1, name: 'told', title: 'Told', settings: schema, credentials: schema, cursor: schema,
  objects: () => [], discover: async () => [], pull: async function* () {},
  check: async ({ settings }) => {
    if (settings.throws) throw new Failure({ kind: settings.throws, code: 'X', message: 'It is so.', remedy: 'Do that.' });
    return settings.items;
  },
};`;

describe('CheckService', () => {
  let test: TestDatabase;
  let folder: string;
  let vault: Vault;
  let service: CheckService;
  let connections: ConnectionsService;

  beforeAll(async () => {
    Object.assign(globalThis, { TestConnectorError: ConnectorError });
    folder = mkdtempSync(join(tmpdir(), 'connectors-'));
    mkdirSync(join(folder, 'told'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'told', 'index.js'), CONNECTOR);
    test = await createTestDatabase();
    vault = new Vault(keysFromText(randomBytes(32).toString('base64')));
    connections = new ConnectionsService(
      test.database,
      await ConnectorRegistry.load({ folder }),
      vault,
      connectionHttp(test.database),
    );
    service = new CheckService(test.database, connections);
  });
  afterAll(async () => {
    await test.drop();
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    await test.database.prisma.connection.deleteMany();
    await test.database.prisma.syncIssue.deleteMany();
  });

  const add = async (
    name: string,
    settings: object,
    more: { connector?: string; credentials?: string; state?: string } = {},
  ): Promise<string> => {
    const id = randomUUID();
    await test.database.prisma.connection.create({
      data: { id, name, connector: 'told', settings, sync: {}, mapping: {}, position: 0, ...more },
    });
    return id;
  };
  const ok = { items: [{ name: 'credentials', status: 'ok', message: 'They work.' }] };

  it('asks each connection, or those that are named', async () => {
    await add('a', ok);
    await add('b', ok);
    await add('gone', ok, { state: 'removed' });
    expect((await service.check()).map((check) => check.connection)).toEqual(['a', 'b']);
    expect(await service.check(['b'])).toEqual([{ connection: 'b', connector: 'told', items: ok.items }]);
  });

  it('makes a failed line with its remedy of what a connector throws, beside good ones', async () => {
    await add('a', { throws: 'credentials' });
    await add('b', { throws: 'transient' });
    await add('c', ok);
    const [a, b, c] = await service.check();
    expect(a?.items).toEqual([
      { name: 'credentials', status: 'failed', message: 'It is so.', remedy: 'Do that.' },
    ]);
    expect(b?.items).toMatchObject([{ name: 'reach', status: 'failed' }]);
    expect(c?.items).toEqual(ok.items);
  });

  it('says when a connector is not there, or a secret cannot be opened', async () => {
    await add('a', ok, { connector: 'vanished' });
    const stranger = new Vault(keysFromText(randomBytes(32).toString('base64')));
    await add('b', ok, { credentials: stranger.seal(asGiven({}), 'credentials:x') });
    const [a, b] = await service.check();
    expect(a?.items).toMatchObject([{ name: 'connector', status: 'failed' }]);
    expect(b?.items).toMatchObject([{ name: 'credentials', status: 'failed' }]);
  });

  it('lets a failed connection go on once it works, and only then', async () => {
    const bad = await add('bad', { throws: 'credentials' }, { state: 'failed' });
    const mended = await add('mended', ok, { state: 'failed' });
    const mine = (await connections.directory()).named('mended');
    if (mine === undefined) throw new Error('It is not there.');
    const error = new ConnectorError({ kind: 'credentials', code: 'X', message: 'm', remedy: 'r' });
    await test.database.transaction((tx) => connections.fail(tx, mine, error));

    await service.check();

    const states = await test.database.prisma.connection.findMany({ select: { id: true, state: true } });
    expect(new Map(states.map((row) => [row.id, row.state]))).toEqual(
      new Map([
        [bad, 'failed'],
        [mended, 'active'],
      ]),
    );
    expect(await test.database.prisma.syncIssue.count()).toBe(0);
  });
});
