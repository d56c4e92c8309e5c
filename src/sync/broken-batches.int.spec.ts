import { createTestHub, type TestHub } from '../../test/helpers/hub.js';
import type { ConnectionSession } from '../connections/connections.service.js';
import { execute, json, sql } from '../platform/database/index.js';
import { ConnectorError, type PushOperation, type PushOutcome } from '../sdk/index.js';
import { PushService, type PushStep } from './push.service.js';

type Push = (operations: readonly PushOperation[]) => readonly PushOutcome[];

/** A system that takes everything, written by a connector that throws what a test says. */
class System {
  /** hub's id → values */
  readonly held = new Map<string, Readonly<Record<string, unknown>>>();
  calls = 0;
  fault: (operation: PushOperation) => Error | undefined = () => undefined;

  readonly push: Push = (operations) => {
    this.calls += 1;
    return operations.map((operation) => {
      const fault = this.fault(operation);
      if (fault !== undefined) throw fault;
      return this.apply(operation);
    });
  };

  private apply(operation: PushOperation): PushOutcome {
    const { key } = operation;
    if (operation.kind === 'archive') return { key, status: 'stored', id: operation.id, values: {} };
    const { hubId } = operation;
    const isAsked = operation.kind === 'create' && operation.uncertainSince !== undefined;
    if (isAsked && !this.held.has(hubId)) return { key, status: 'gone' };
    if (operation.kind === 'create' && !isAsked && this.held.has(hubId)) throw new Error('made twice');
    if (!isAsked) this.held.set(hubId, { ...this.held.get(hubId), ...operation.values });
    const id = operation.kind === 'update' ? operation.id : `made:${hubId}`;
    return { key, status: 'stored', id, values: this.held.get(hubId) as never };
  }
}

const saysBroken = ({ kind, ...operation }: PushOperation): boolean =>
  kind !== 'archive' && JSON.stringify(operation).includes('Broken');

describe('a batch that a connector fails on', () => {
  let hub: TestHub;
  let system: System;
  let pusher: PushService;
  beforeEach(async () => {
    system = new System();
    hub = await createTestHub(['crm', 'mail'], {
      push: async (_, { operations }) => Promise.resolve(system.push(operations)),
    });
    pusher = new PushService(hub.database, hub.connections);
    const policy = { direction: 'both', create: true, filter: [], onDelete: 'keep', unique: false };
    await execute(
      hub.database.prisma,
      sql`update connection set sync = ${json({ customer: policy })} where name = 'mail'`,
    );
  });
  afterEach(() => hub.drop());

  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();

  const people = async (
    count: number,
    change: Readonly<Record<string, string>> = {},
    minute = 0,
  ): Promise<void> =>
    hub.see(
      'crm',
      'customer',
      Array.from({ length: count }, (_, n) => ({
        id: `P${String(n)}`,
        values: { email: `p${String(n)}@x.example`, givenName: `N${String(n)}`, ...(n === 3 && change) },
        at: at(minute),
      })),
    );

  async function session(): Promise<ConnectionSession> {
    const connection = (await hub.connections.directory()).named('mail');
    if (connection === undefined) throw new Error('no mail');
    return hub.connections.open(connection, new AbortController().signal);
  }

  /** As the job of pushing does, with all waits over at once. */
  async function pushAll(): Promise<PushStep> {
    const { prisma } = hub.database;
    await execute(prisma, sql`update sync_cursor set complete_at = now() + interval '1 hour'`);
    for (let steps = 0; steps < 200; steps++) {
      await execute(prisma, sql`update push_intent set due_at = now() where attempts < 7`);
      const step = await pusher.step(await session(), { runIds: [], withoutRun: true });
      await hub.settle();
      if (step !== 'progress') return step;
    }
    throw new Error('It never ends.');
  }

  const issues = async () => hub.database.prisma.syncIssue.findMany({ orderBy: { id: 'asc' } });
  const waiting = async () => hub.database.prisma.pushIntent.count();

  it('is written but for the record that breaks it, which becomes an issue and is not sent for ever', async () => {
    system.fault = (operation) =>
      operation.kind === 'create' && operation.uncertainSince === undefined && saysBroken(operation)
        ? new TypeError('cannot read "Broken One"')
        : undefined;
    await people(60, { familyName: 'Broken One' });
    expect(await pushAll()).toBe('idle');
    expect(system.held.size).toBe(59);
    expect(await waiting()).toBe(0);
    const [issue, ...others] = await issues();
    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      code: 'CONNECTOR_FAILED',
      operation: 'write',
      severity: 'error',
      goldenId: await hub.goldenOf('crm', 'P3'),
    });
    expect(issue?.message).toContain('set aside');
    expect(issue?.detail).toBe('TypeError: cannot read "…"');
    expect((await hub.connections.directory()).named('mail')?.state).toBe('active');

    const calls = system.calls;
    await hub.see('crm', 'customer', [{ id: 'P3', values: { jobTitle: 'Same' }, at: at(1) }]);
    await people(1, {}, 2);
    expect(await pushAll()).toBe('idle');
    expect(system.calls - calls).toBeLessThanOrEqual(5);
    await people(60, { familyName: 'Mended' }, 3);
    expect(await pushAll()).toBe('idle');
    expect(system.held.size).toBe(60);
    expect(await issues()).toEqual([]);
  });

  it('is written once where some of it had been made before the connector threw', async () => {
    let thrown = false;
    system.fault = (operation) => {
      if (thrown || operation.kind !== 'create' || operation.values['email'] !== 'p30@x.example')
        return undefined;
      thrown = true;
      return new TypeError('x is undefined');
    };
    await people(60);
    expect(await pushAll()).toBe('idle');
    expect(system.held.size).toBe(60);
    expect([await waiting(), (await issues()).length]).toEqual([0, 0]);
    expect(
      await hub.database.prisma.sourceRecord.count({ where: { externalId: { startsWith: 'made:' } } }),
    ).toBe(60);
  });

  it('keeps looking for a record that may have been made, in the open, where even that breaks', async () => {
    system.fault = (operation) => (saysBroken(operation) ? new TypeError('x is undefined') : undefined);
    await people(20, { familyName: 'Broken One' });
    await pushAll();
    expect(system.held.size).toBe(19);
    expect(await waiting()).toBe(1);
    expect(await issues()).toMatchObject([{ code: 'CONNECTOR_FAILED', state: 'open' }]);
    system.fault = () => undefined;
    await execute(hub.database.prisma, sql`update push_intent set due_at = now(), attempts = 0`);
    await execute(hub.database.prisma, sql`delete from sync_issue`);
    await pushAll();
    expect(system.held.size).toBe(20);
    expect([await waiting(), (await issues()).length]).toEqual([0, 0]);
  });

  it('of updates is taken apart too, also where the system refuses all of it for one', async () => {
    await people(40);
    await pushAll();
    const refused = new ConnectorError({
      kind: 'rejected',
      code: 'INVALID_ROW',
      message: 'One of the rows is invalid.',
      remedy: 'Correct it.',
    });
    system.fault = (operation) => (saysBroken(operation) ? refused : undefined);
    await hub.see(
      'crm',
      'customer',
      Array.from({ length: 40 }, (_, n) => ({
        id: `P${String(n)}`,
        values: {
          email: `p${String(n)}@x.example`,
          givenName: `N${String(n)}`,
          jobTitle: n === 3 ? 'Broken' : 'Sound',
        },
        at: at(5),
      })),
    );
    expect(await pushAll()).toBe('idle');
    expect([...system.held.values()].filter((values) => values['jobTitle'] === 'Sound')).toHaveLength(39);
    expect(await issues()).toMatchObject([
      { code: 'INVALID_ROW', externalId: expect.stringContaining('made:') as string },
    ]);
    expect(await waiting()).toBe(0);
  });

  it("is the connection's failure where no record goes through", async () => {
    system.fault = () => new TypeError('x is undefined');
    await people(60);
    expect(await pushAll()).toBe('stopped');
    expect((await hub.connections.directory()).named('mail')?.state).toBe('failed');
    expect(system.calls).toBeLessThan(60);
    const found = await issues();
    expect(found.filter(({ operation }) => operation === 'write').length).toBeLessThan(10);
    expect(found.filter(({ operation }) => operation === 'connection')).toMatchObject([
      { code: 'CONNECTOR_FAILED' },
    ]);
    expect(await waiting()).toBe(60);
  });
});
