import type { Cursor } from '../config.js';
import type { Sandbox } from '../sandbox/index.js';
import { connect, orgs, pullAll, type OrgContext } from '../testing.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

const PROPERTIES = [
  'LastName',
  'Title',
  'HasOptedOutOfEmail',
  'Birthdate',
  'AccountId',
  'OwnerId',
  'CreatedDate',
];

function fill(org: Sandbox, count: number): readonly string[] {
  return org.control.load(
    'Contact',
    Array.from({ length: count }, (_, index) => ({
      LastName: `P${String(index)}`,
      Title: 'says "yes", twice,\nand Zoë',
      HasOptedOutOfEmail: index % 2 === 0,
      SystemModstamp: `2025-01-01T00:00:${String(index % 60).padStart(2, '0')}Z`,
    })),
  );
}

function inBulk(org: Sandbox, bulkReadAbove = 10): OrgContext {
  return connect(org, { settings: { bulkReadAbove } });
}

function queries(org: Sandbox): readonly string[] {
  return org.control
    .requests()
    .filter(({ path }) => path.includes('FROM Contact') && !path.includes('count()'))
    .map(({ path }) => path);
}

describe('a first read of many', () => {
  it('is one job, and brings what reading page by page would bring', async () => {
    const org = await open();
    const [gone = '', master = ''] = fill(org, 5_000);
    org.control.remove(gone);
    org.control.merge(master, [org.control.create('Contact', { LastName: 'Twin' })]);
    const byPage = await pullAll(connect(org), 'contact', { properties: PROPERTIES });
    const before = queries(org).length;
    const pulled = await pullAll(inBulk(org), 'contact', { properties: PROPERTIES });
    expect(queries(org)).toHaveLength(before);
    expect(pulled.rows).toBe(5_001);
    expect([...pulled.records].sort()).toEqual([...byPage.records].sort());
    expect([...pulled.tombstones].sort()).toEqual([...byPage.tombstones].sort());
    expect(pulled.cursor).toMatchObject({ open: false, high: byPage.cursor.high });
    expect(pulled.cursor.bulk).toBeUndefined();
  });

  it('goes on with the same job wherever it is stopped', async () => {
    const org = await open();
    fill(org, 5_000);
    org.control.bulk({ looks: 2 });
    const ctx = inBulk(org);
    const seen = new Set<string>();
    let cursor: Cursor | null = null;
    let stops = 0;
    do {
      const part = await pullAll(ctx, 'contact', { cursor, pages: 1 });
      for (const id of part.records.keys()) seen.add(id);
      ({ cursor } = part);
      stops += 1;
    } while (cursor.open);
    expect(seen.size).toBe(5_000);
    expect(stops).toBeGreaterThan(4);
    const jobs = org.control
      .requests()
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs/query'));
    expect(jobs).toHaveLength(1);
  });

  it('says that all it found is as old as the job, and what changed since comes with the next read', async () => {
    const org = await open();
    const [id = ''] = fill(org, 100);
    org.control.bulk({ looks: 3 });
    const ctx = inBulk(org);
    const asked: number[] = [];
    const { cursor } = await pullAll(ctx, 'contact', {
      onPage: ({ readAt }, number) => {
        asked.push(readAt);
        // The sandbox has the rows by now.
        if (number === 1) org.control.edit(id, { Title: 'Latest' });
      },
    });
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked).size).toBe(1);
    const next = await pullAll(ctx, 'contact', { cursor });
    expect(next.records.get(id)?.values['Title']).toBe('Latest');
  });

  it.each(['fail', 'forget'] as const)(
    'reads page by page when the job comes to nothing (%s)',
    async (spoil) => {
      const org = await open();
      fill(org, 50);
      org.control.bulk({ looks: 5 });
      const ctx = inBulk(org);
      const { cursor } = await pullAll(ctx, 'contact', { pages: 1 });
      expect(cursor.bulk).toBeDefined();
      org.control.bulk({ spoil });
      const pulled = await pullAll(ctx, 'contact', { cursor });
      expect(pulled.records.size).toBe(50);
      expect(pulled.cursor).toMatchObject({ open: false });
    },
  );

  it('reads page by page where the user may not use jobs, and where there are few records', async () => {
    const org = await open();
    fill(org, 50);
    org.control.fault({ kind: 'error', path: '/jobs/query', status: 403, code: 'API_DISABLED_FOR_ORG' });
    expect((await pullAll(inBulk(org), 'contact')).records.size).toBe(50);
    expect((await pullAll(inBulk(org, 50), 'contact')).records.size).toBe(50);
    expect(queries(org)).toHaveLength(2);
  });

  it.each(['reset', 'malformed', 'resetMidBody', 'maintenance'] as const)(
    'tries again when a page of results is lost (%s)',
    async (kind) => {
      const org = await open();
      fill(org, 50);
      org.control.fault({ kind, path: '/results' });
      expect((await pullAll(inBulk(org), 'contact')).records.size).toBe(50);
    },
  );
});
