import { createTestHub, type TestHub } from '../../test/helpers/hub.js';
import type { PullPage, SourceRecord } from '../sdk/index.js';
import { PullService } from './pull.service.js';
import { ResolveService } from './resolve.service.js';

const NOT_TO_BE_STORED = Array.from({ length: 3_000 }, (_, n) =>
  String.fromCodePoint(0x4e00 + ((n * 7919) % 9_000)),
).join('');

describe('a page with a record that cannot be stored', () => {
  let hub: TestHub;
  beforeEach(async () => {
    hub = await createTestHub();
  });
  afterEach(() => hub.drop());

  const record = (id: string, values: SourceRecord['values']): SourceRecord => ({
    id,
    values,
    modifiedAt: '2026-01-01T00:00:00Z',
  });

  /** Reads the contacts of `crm` as a connector that misbehaves hands them over. */
  async function pull(pages: () => AsyncIterable<PullPage<unknown>>): Promise<boolean> {
    const connection = (await hub.connections.directory()).named('crm');
    const setup = connection?.objects.find((one) => one.object === 'contact');
    if (connection === undefined || setup === undefined) throw new Error('no crm');
    const session = await hub.connections.open(connection, new AbortController().signal);
    const connector = { ...connection.connector, pull: pages };
    const resolver = new ResolveService(hub.database, hub.connections);
    return new PullService(hub.database, resolver).pullObject(
      { ...session, connection: { ...connection, connector } },
      setup,
      { runId: null, full: false, resume: false, until: () => false },
    );
  }

  const page = (records: readonly SourceRecord[], cursor: number): PullPage<unknown> => ({
    records,
    tombstones: [],
    cursor,
    readAt: Date.now(),
  });

  const ids = async (): Promise<string[]> =>
    (await hub.database.prisma.sourceRecord.findMany({ orderBy: { externalId: 'asc' } })).map(
      (row) => row.externalId,
    );

  it('is stored but for that record, which becomes an issue; the next pages follow', async () => {
    const people = Array.from({ length: 20 }, (_, n) =>
      record(`C${String(n).padStart(2, '0')}`, {
        givenName: `N${String(n)}`,
        email: `n${String(n)}@x.example`,
      }),
    );
    const mapless = { ...record('BROKEN', {}), values: null as unknown as SourceRecord['values'] };
    await pull(async function* () {
      await Promise.resolve();
      yield page(
        [
          ...people.slice(0, 11),
          record(NOT_TO_BE_STORED, { givenName: 'Long' }),
          mapless,
          ...people.slice(11),
        ],
        1,
      );
      yield page([record('D1', { givenName: 'Next' })], 2);
    });
    expect(await ids()).toEqual([...people.map(({ id }) => id), 'D1']);
    const issues = await hub.database.prisma.syncIssue.findMany({ orderBy: { id: 'asc' } });
    expect(issues.map((issue) => issue.code)).toEqual(['UNSTORABLE_RECORD', 'UNSTORABLE_RECORD']);
    expect(issues.map((issue) => issue.externalId?.slice(0, 6))).toContain('BROKEN');
    expect(JSON.stringify(issues, (_, one: unknown) => (typeof one === 'bigint' ? '' : one))).not.toContain(
      'Long',
    );
    const cursor = await hub.database.prisma.syncCursor.findFirst({
      where: { object: 'contact' },
      orderBy: { startedAt: 'desc' },
    });
    expect(cursor?.cursor).toBe(2);
  });

  it('loses its issue when the record can be stored after all', async () => {
    const mapless = { ...record('BROKEN', {}), values: null as unknown as SourceRecord['values'] };
    await pull(async function* () {
      await Promise.resolve();
      yield page([record('A', { givenName: 'A' }), mapless], 1);
    });
    expect(await hub.database.prisma.syncIssue.count()).toBe(1);
    await hub.see('crm', 'customer', [
      { id: 'BROKEN', values: { givenName: 'Mended' }, at: '2026-01-02T00:00:00Z' },
    ]);
    expect(await hub.database.prisma.syncIssue.count()).toBe(0);
  });

  it('is told as a fault of the connector when it never comes', async () => {
    const failing = pull(async function* () {
      await Promise.resolve();
      yield page([record('A', { givenName: 'A' })], 1);
      throw new TypeError('x is undefined');
    });
    await expect(failing).rejects.toMatchObject({ code: 'CONNECTOR_FAILED', kind: 'system' });
    expect(await ids()).toEqual(['A']);
  });

  it('does not hold up the others where only one customer cannot be resolved', async () => {
    const people = ['P1', 'P2', 'P3'].map((id) => ({
      id,
      values: { givenName: id },
      at: '2026-01-01T00:00:00Z',
    }));
    await hub.see('crm', 'customer', people, { resolve: false });
    const bad = await hub.recordOf('crm', 'P2');
    await hub.database.prisma.sourceRecord.update({
      where: { id: BigInt(bad) },
      data: { fields: { givenName: { claim: null, held: 'x' } } },
    });
    await hub.settle();
    await hub.goldenOf('crm', 'P1');
    await hub.goldenOf('crm', 'P3');
    expect(await hub.database.prisma.syncIssue.findMany()).toMatchObject([
      { code: 'UNRESOLVABLE', externalId: 'P2' },
    ]);
    expect(await hub.database.prisma.resolveTask.count()).toBe(0);
  });

  it('sets nobody aside when the database goes down while it resolves', async () => {
    const person = { id: 'P1', values: { givenName: 'Ann' }, at: '2026-01-01T00:00:00Z' };
    await hub.see('crm', 'customer', [person], { resolve: false });
    const { pool } = hub.database;
    await pool.query(
      `create function going_down() returns trigger language plpgsql as $$
         begin raise exception 'terminating connection due to administrator command' using errcode = '57P01'; end $$`,
    );
    await pool.query('create trigger down before insert on golden execute function going_down()');
    await expect(new ResolveService(hub.database, hub.connections).step()).rejects.toThrow('terminating');
    await pool.query('drop trigger down on golden');
    await hub.settle();
    await hub.goldenOf('crm', 'P1');
    expect(await hub.database.prisma.syncIssue.count()).toBe(0);
  });
});
