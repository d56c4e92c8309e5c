import { randomBytes, randomUUID } from 'node:crypto';
import { connectionHttp } from '../../test/helpers/connection-http.js';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { ConnectorRegistry } from '../connections/connector-registry.js';
import { Vault, keysFromText } from '../platform/secrets/index.js';
import { ensureHubConnection } from '../startup/hub-connection.js';
import { addCounts, updatePart } from './run.repository.js';
import { RunRefused, RunsService } from './runs.service.js';

describe('RunsService', () => {
  let test: TestDatabase;
  let runs: RunsService;
  let registry: ConnectorRegistry;

  beforeAll(async () => {
    registry = await ConnectorRegistry.load();
  });
  beforeEach(async () => {
    test = await createTestDatabase();
    await ensureHubConnection(test.database);
    const vault = new Vault(keysFromText(randomBytes(32).toString('base64')));
    const connections = new ConnectionsService(test.database, registry, vault, connectionHttp(test.database));
    runs = new RunsService(test.database, connections, registry);
  });
  afterEach(async () => {
    await test.drop();
  });

  const add = async (name: string, more: { connector?: string; state?: string } = {}): Promise<string> => {
    const id = randomUUID();
    const { connector = 'hubspot', state = 'active' } = more;
    const policy = { direction: 'both', create: false, filter: [], onDelete: 'keep', unique: false };
    await test.database.prisma.connection.create({
      data: {
        id,
        name,
        connector,
        settings: {},
        sync: { customer: policy },
        mapping: {},
        position: 0,
        state,
      },
    });
    return id;
  };
  const pulled = async (runId: string, connectionId: string): Promise<void> => {
    const progress = { done: ['contacts'], totals: {} };
    await test.database.transaction((tx) =>
      updatePart(tx, { runId, connectionId, state: 'pulled', progress }),
    );
  };
  const jobs = async (): Promise<string[]> => {
    const found = await test.database.prisma.$queryRaw<
      { key: string }[]
    >`select key from graphile_worker.jobs order by key`;
    return found.map((job) => job.key);
  };

  it('starts a read of each connection that is active or has failed', async () => {
    const a = await add('a');
    const b = await add('b', { state: 'failed' });
    await add('c', { state: 'paused' });
    await add('d', { state: 'removed' });

    const { runId } = await runs.start({ full: true, trigger: 'manual' });

    expect(await jobs()).toEqual([`pull:${runId}:${a}`, `pull:${runId}:${b}`].sort());
    expect(await runs.find(runId)).toMatchObject({
      trigger: 'manual',
      full: true,
      state: 'running',
      connections: ['a', 'b'],
      parts: [
        { connection: 'a', state: 'queued', problem: null },
        { connection: 'b', state: 'queued' },
      ],
    });
  });

  it('starts nothing at all when a name is unknown, and says which was meant', async () => {
    await add('salesforce');
    const refused = runs.start({
      connectionNames: ['salesforce', 'salesfroce'],
      full: false,
      trigger: 'manual',
    });
    await expect(refused).rejects.toThrow(RunRefused);
    await expect(refused).rejects.toMatchObject({
      code: 'UNKNOWN_CONNECTION',
      remedy: 'Did you mean "salesforce"?',
    });
    expect(await runs.list({ limit: 10 })).toEqual([]);
    expect(await jobs()).toEqual([]);
  });

  it('says that a paused connection is paused, and that there is nothing to sync', async () => {
    await expect(runs.start({ full: false, trigger: 'manual' })).rejects.toMatchObject({
      code: 'NOTHING_TO_SYNC',
    });
    await add('a', { state: 'paused' });
    await expect(
      runs.start({ connectionNames: ['a'], full: false, trigger: 'manual' }),
    ).rejects.toMatchObject({
      code: 'CONNECTION_PAUSED',
    });
  });

  it('fails the part of a connection whose connector is not there, and syncs the others', async () => {
    const a = await add('a');
    const b = await add('b', { connector: 'vanished' });

    const { runId } = await runs.start({ full: false, trigger: 'manual' });

    expect(await jobs()).toEqual([`pull:${runId}:${a}`]);
    const report = await runs.find(runId);
    expect(report?.parts[1]).toMatchObject({
      connection: 'b',
      state: 'failed',
      problem: { code: 'CONNECTOR_MISSING' },
    });
    expect(await runs.unsynced([b])).toMatchObject({ issues: 1 });
    await pulled(runId, a);
    await runs.settle();
    expect(await runs.find(runId)).toMatchObject({ state: 'failed' });
  });

  it('starts a due sync once, however many processes start it', async () => {
    const a = await add('a');
    const started = await Promise.all([1, 2, 3, 4].map(() => runs.startDue(a, `${a}:2026-01-01T00:00`)));
    expect(started.filter((run) => run !== null)).toHaveLength(1);
    expect(await jobs()).toHaveLength(1);
  });

  it('does not start a due sync while an earlier one still reads, nor of a paused connection', async () => {
    const a = await add('a');
    const first = await runs.startDue(a, `${a}:1`);
    if (first === null) throw new Error('It was not started.');
    expect(await runs.startDue(a, `${a}:2`)).toBeNull();
    await pulled(first.runId, a);
    expect(await runs.startDue(a, `${a}:3`)).not.toBeNull();
    expect(await runs.startDue(await add('b', { state: 'paused' }), 'b:1')).toBeNull();
  });

  it('has settled when what it caused is done', async () => {
    const a = await add('a');
    const { runId } = await runs.start({ full: false, trigger: 'manual' });
    expect(await runs.settle()).toEqual([]);
    await test.database.transaction((tx) =>
      addCounts(tx, runId, [{ connectionId: a, object: 'contacts', read: 7, calls: 2 }]),
    );
    await pulled(runId, a);
    await test.database.prisma.resolveTask.create({ data: { kind: 'record', id: '1', runId } });
    expect(await runs.settle()).toEqual([]);
    expect(await runs.find(runId)).toMatchObject({ waiting: { resolve: 1, writes: {} } });
    await test.database.prisma.resolveTask.deleteMany();

    expect(await runs.settle()).toEqual([runId]);

    const report = await runs.find(runId);
    expect(report).toMatchObject({
      state: 'settled',
      counts: [{ connection: 'a', object: 'contacts', read: 7, calls: 2, failed: 0 }],
    });
    expect(report?.finishedAt).toBeInstanceOf(Date);
  });

  it('takes over what waits from before: a sync of everything has settled when that is done too', async () => {
    const a = await add('a');
    await test.database.prisma.resolveTask.create({ data: { kind: 'golden', id: randomUUID() } });
    const { runId } = await runs.start({ full: false, trigger: 'manual' });
    await pulled(runId, a);
    expect(await runs.settle()).toEqual([]);
    await test.database.prisma.resolveTask.deleteMany();
    expect(await runs.settle()).toEqual([runId]);
  });

  it('counts what is left unsynced, without notices, skipped issues and removed connections', async () => {
    const a = await add('a');
    const gone = await add('gone', { state: 'removed' });
    const issue = { operation: 'write', code: 'X', message: 'm', remedy: 'r', fingerprint: '' };
    await test.database.prisma.syncIssue.createMany({
      data: [
        { ...issue, connectionId: a, fingerprint: '1' },
        { ...issue, connectionId: a, fingerprint: '2', severity: 'notice' },
        { ...issue, connectionId: a, fingerprint: '3', state: 'skipped' },
        { ...issue, connectionId: gone, fingerprint: '4' },
      ],
    });
    const intent = {
      object: 'contacts',
      entity: 'customer',
      goldenId: randomUUID(),
      target: 'record:1',
      kind: 'update',
    };
    await test.database.prisma.pushIntent.createMany({
      data: [
        { ...intent, connectionId: a },
        { ...intent, connectionId: gone },
      ],
    });
    expect(await runs.unsynced()).toEqual({ issues: 1, writes: 1, events: 0, unresolved: 0 });
    expect(await runs.unsynced([a])).toEqual({ issues: 1, writes: 1, events: 0, unresolved: 0 });
    expect(await runs.unsynced([gone])).toEqual({ issues: 0, writes: 0, events: 0, unresolved: 0 });
  });

  it('lists runs, the newest first, page by page', async () => {
    await add('a');
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1)
      ids.unshift((await runs.start({ full: false, trigger: 'manual' })).runId);
    const first = await runs.list({ limit: 2 });
    const before = first.at(-1)?.startedAt;
    const second = await runs.list({ limit: 2, ...(before && { before }) });
    expect([...first, ...second].map((run) => run.id)).toEqual(ids);
    expect(await runs.find(randomUUID())).toBeNull();
  });
});
