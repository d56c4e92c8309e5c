import { create, connect, orgs, pushAll, update, type OrgContext } from '../testing.js';
import type { PushOperation, PushOutcome } from '../../../src/sdk/index.js';
import type { Sandbox } from '../sandbox/index.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

const MANY = 30;

function inBulk(org: Sandbox): OrgContext {
  return connect(org, { settings: { bulkWriteAbove: 10, externalIdField: 'Rapport_Id__c' } });
}

function load(org: Sandbox): readonly string[] {
  return org.control.load(
    'Contact',
    Array.from({ length: MANY }, (_, index) => ({
      LastName: `P${String(index)}`,
      Title: 'Old',
      FirstName: 'Ann',
    })),
  );
}

const titles = (ids: readonly string[], title: string | null): PushOperation[] =>
  ids.map((id, index) => update(String(index), id, { Title: title, FirstName: null }));

function statuses(outcomes: Readonly<Record<string, PushOutcome>>): ReadonlySet<string> {
  return new Set(Object.values(outcomes).map(({ status }) => status));
}

function calls(org: Sandbox, part: string): number {
  return org.control.requests().filter(({ method, path }) => method !== 'GET' && path.includes(part)).length;
}

describe('many writes', () => {
  it('of updates are one job, with an outcome for each as it was stored', async () => {
    const org = await open();
    const ids = load(org);
    const outcomes = await pushAll(inBulk(org), titles(ids, '  "Head, of"\nZoë  '), {
      properties: ['Title', 'FirstName'],
    });
    expect(statuses(outcomes)).toEqual(new Set(['stored']));
    expect(outcomes['7']).toMatchObject({
      id: ids[7],
      values: { Title: '"Head, of"\nZoë', FirstName: null },
    });
    expect(org.control.record(ids[29] ?? '')).toMatchObject({
      Title: '"Head, of"\nZoë',
      FirstName: null,
      LastName: 'P29',
    });
    expect([calls(org, '/jobs/ingest'), calls(org, '/composite')]).toEqual([3, 0]);
  });

  it('make a field blank, and leave what a record does not name as it is', async () => {
    const org = await open();
    const ids = load(org);
    const operations = ids.map((id, index) =>
      update(String(index), id, index === 0 ? { Title: null } : { FirstName: 'Bea' }),
    );
    expect(statuses(await pushAll(inBulk(org), operations))).toEqual(new Set(['stored']));
    expect(org.control.record(ids[0] ?? '')).toMatchObject({ Title: null, FirstName: 'Ann' });
    expect(org.control.record(ids[1] ?? '')).toMatchObject({ Title: 'Old', FirstName: 'Bea' });
  });

  it('tell of single records what is wrong with them, and the others go on', async () => {
    const org = await open();
    const ids = load(org);
    const operations = titles(ids, 'New').with(3, update('3', ids[3] ?? '', { Title: 'x'.repeat(200) }));
    org.control.remove(ids[4] ?? '');
    const outcomes = await pushAll(inBulk(org), operations);
    expect(outcomes['3']).toMatchObject({
      status: 'rejected',
      rejections: [{ code: 'STRING_TOO_LONG', property: 'Title' }],
    });
    expect(outcomes['4']).toMatchObject({ status: 'gone' });
    expect(Object.values(outcomes).filter(({ status }) => status === 'stored')).toHaveLength(MANY - 2);
  });

  it('of new records are upserts by the hub’s id, and never make one twice', async () => {
    const org = await open();
    const operations = Array.from({ length: MANY }, (_, index) =>
      create(String(index), { LastName: `P${String(index)}`, Email: `p${String(index)}@example.com` }),
    );
    org.control.fault({ kind: 'lostAnswer', method: 'PATCH', path: '/jobs/ingest' });
    const first = await pushAll(inBulk(org), operations);
    expect(statuses(first)).toEqual(new Set(['stored']));
    const again = await pushAll(inBulk(org), operations);
    expect(again['0']).toMatchObject({
      status: 'stored',
      found: true,
      id: (first['0'] as { id: string }).id,
    });
    expect(org.control.records('Contact')).toHaveLength(MANY);
  });

  it('of new records without a field for the hub’s id go by collections', async () => {
    const org = await open();
    const ctx = connect(org, { settings: { bulkWriteAbove: 10 } });
    const operations = Array.from({ length: MANY }, (_, index) =>
      create(String(index), { LastName: `P${String(index)}` }),
    );
    expect(statuses(await pushAll(ctx, operations))).toEqual(new Set(['stored']));
    expect([calls(org, '/jobs/ingest'), calls(org, '/composite')]).toEqual([0, 1]);
  });

  it('of archives are one job', async () => {
    const org = await open();
    const ids = load(org);
    const operations = ids.map((id, index): PushOperation => ({ kind: 'archive', key: String(index), id }));
    expect(statuses(await pushAll(inBulk(org), operations))).toEqual(new Set(['stored']));
    expect(org.control.records('Contact')).toHaveLength(0);
  });

  it('go by collections where jobs are refused, or their table cannot be read', async () => {
    const org = await open();
    const ids = load(org);
    org.control.fault({ kind: 'error', path: '/jobs/ingest', status: 400, code: 'FEATURENOTENABLED' });
    expect(statuses(await pushAll(inBulk(org), titles(ids, 'New')))).toEqual(new Set(['stored']));
    expect(calls(org, '/composite')).toBe(1);
  });

  it('begin only with the last word: what fails before has changed nothing', async () => {
    const org = await open();
    const ids = load(org);
    for (const path of ['/jobs/ingest', '/batches']) {
      org.control.fault({ kind: 'lostAnswer', path });
      await expect(pushAll(inBulk(org), titles(ids, 'New'))).rejects.toMatchObject({ kind: 'transient' });
      org.control.clearFaults();
    }
    expect(org.control.record(ids[0] ?? '')).toMatchObject({ Title: 'Old' });
  });

  it('are looked for when the job is lost from sight', async () => {
    const org = await open();
    const ids = load(org);
    org.control.fault({ kind: 'maintenance', path: 'Results', times: 9 });
    expect(statuses(await pushAll(inBulk(org), titles(ids, 'New')))).toEqual(new Set(['stored']));
    org.control.clearFaults();
    org.control.bulk({ looks: 5 });
    org.control.fault({ kind: 'maintenance', method: 'GET', path: '/jobs/ingest', times: 9 });
    const outcomes = await pushAll(inBulk(org), titles(ids, 'Newer'));
    expect(statuses(outcomes)).toEqual(new Set(['unknown']));
  });

  it('pass a duplicate rule that only warns', async () => {
    const org = await open({ rules: { duplicates: [{ type: 'Contact', field: 'Email', onlyWarn: true }] } });
    const ids = load(org);
    const operations = ids.map((id, index) =>
      update(String(index), id, { Email: `same${String(index % 2)}@example.com` }),
    );
    expect(statuses(await pushAll(inBulk(org), operations))).toEqual(new Set(['stored']));
  });
});
