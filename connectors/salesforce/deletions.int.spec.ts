import type { Sandbox } from './sandbox/index.js';
import { connect, orgs, pullAll } from './testing.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

const HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString();

/** The recycle bin is so full that no query over it ends. */
function fullBin(org: Sandbox): void {
  const error = {
    status: 400,
    code: 'QUERY_TIMEOUT',
    message: 'Your query request was running for too long.',
  };
  org.control.fault({ kind: 'error', path: '/queryAll?q=SELECT Id, IsDeleted', times: 1, ...error });
}

function load(org: Sandbox): readonly [string, string, string, string] {
  const [a = '', b = '', c = '', d = ''] = org.control.load(
    'Contact',
    ['A', 'B', 'C', 'D'].map((LastName) => ({ LastName, SystemModstamp: HOUR_AGO })),
  );
  return [a, b, c, d];
}

describe('where a query over deleted records takes too long', () => {
  it('deletions and merges come from the log, and live records from a plain query', async () => {
    const org = await open();
    const [gone, loser, master, back] = load(org);
    const ctx = connect(org);
    const { cursor } = await pullAll(ctx, 'contact');
    org.control.remove(gone);
    org.control.merge(master, [loser]);
    org.control.remove(back);
    org.control.undelete(back);
    fullBin(org);
    const pulled = await pullAll(ctx, 'contact', { cursor });
    expect([...pulled.tombstones.keys()].sort()).toEqual([gone, loser].sort());
    expect(pulled.tombstones.get(loser)).toMatchObject({ mergedInto: master });
    expect(pulled.records.has(back)).toBe(true);
    expect(pulled.cursor.open).toBe(false);
  });

  it('a first read does without, too', async () => {
    const org = await open();
    const [gone] = load(org);
    org.control.remove(gone);
    fullBin(org);
    const pulled = await pullAll(connect(org), 'contact');
    expect([...pulled.records.keys()]).not.toContain(gone);
    expect(pulled.records.size).toBe(3);
  });

  it('what the log does not cover yet is looked for again by the next read', async () => {
    const org = await open();
    const [gone] = load(org);
    const ctx = connect(org, { settings: { overlapSeconds: 0 } });
    const first = await pullAll(ctx, 'contact');
    fullBin(org);
    const second = await pullAll(ctx, 'contact', { cursor: first.cursor });
    expect(Date.parse(second.cursor.startedAt) % 60_000).toBe(0);
    org.control.remove(gone, { at: new Date(Date.parse(second.cursor.startedAt) + 1_000).toISOString() });
    const third = await pullAll(ctx, 'contact', { cursor: second.cursor });
    expect(third.tombstones.has(gone)).toBe(true);
  });
});
