import type { Sandbox } from './sandbox/index.js';
import { connect, orgs, pullAll } from './testing.js';

const { open, closeAll } = orgs();
afterAll(closeAll);

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

/** Contacts a minute apart, with a run in the middle that shares one second. */
function fill(
  org: Sandbox,
  options: { readonly before: number; readonly run: number; readonly after: number },
): void {
  const { before, run, after } = options;
  const row = (index: number, stamp: string): object => ({
    LastName: `P${String(index)}`,
    SystemModstamp: stamp,
  });
  org.control.load('Contact', [
    ...Array.from({ length: before }, (_, index) =>
      row(index, `2025-01-01T00:${String(index % 60).padStart(2, '0')}:00Z`),
    ),
    ...Array.from({ length: run }, (_, index) => row(before + index, '2025-02-01T00:00:00Z')),
    ...Array.from({ length: after }, (_, index) =>
      row(before + run + index, `2025-03-01T00:${String(index % 60).padStart(2, '0')}:00Z`),
    ),
  ] as Record<string, unknown>[]);
}

describe('pull', () => {
  it('reads each record once, though thousands share a second across page edges', async () => {
    const org = await open();
    fill(org, { before: 1500, run: 2600, after: 1000 });
    const pulled = await pullAll(connect(org), 'contact');
    expect(pulled.records.size).toBe(5100);
    expect(pulled.rows).toBe(5100);
    expect(pulled.pages).toBe(3);
  });

  it('goes on where it was stopped, at whatever page', async () => {
    const org = await open();
    fill(org, { before: 500, run: 4600, after: 100 });
    const ctx = connect(org);
    const seen = new Set<string>();
    let cursor = null;
    for (let stops = 0; stops < 3; stops++) {
      const part = await pullAll(ctx, 'contact', { cursor, pages: 1 });
      for (const id of part.records.keys()) seen.add(id);
      ({ cursor } = part);
    }
    expect(seen.size).toBe(5200);
    expect(cursor).toMatchObject({ open: false });
  });

  it('sees edits made while it reads', async () => {
    const org = await open();
    fill(org, { before: 2500, run: 0, after: 0 });
    const first = org.control.records('Contact')[0];
    const pulled = await pullAll(connect(org), 'contact', {
      onPage: (_page, number) => {
        if (number === 1) org.control.edit(String(first?.['Id']), { Title: 'Edited' });
      },
    });
    expect(pulled.records.get(String(first?.['Id']))?.values['Title']).toBe('Edited');
  });

  it('brings a record whose transaction committed after later ones were read', async () => {
    const org = await open();
    const [early] = org.control.load('Contact', [{ LastName: 'Early' }, { LastName: 'Late' }]);
    const ctx = connect(org);
    const first = await pullAll(ctx, 'contact');
    org.control.edit(String(early), { Title: 'Late commit' }, { at: ago(120) });
    const second = await pullAll(ctx, 'contact', { cursor: first.cursor });
    expect(second.records.get(String(early))?.values['Title']).toBe('Late commit');
  });

  it('asks for one page, not for all, when a large import lies long behind', async () => {
    const org = await open();
    fill(org, { before: 0, run: 5000, after: 0 });
    const ctx = connect(org);
    const first = await pullAll(ctx, 'contact');
    const second = await pullAll(ctx, 'contact', { cursor: first.cursor });
    const third = await pullAll(ctx, 'contact', { cursor: second.cursor });
    expect([second.pages, third.pages]).toEqual([2, 2]);
    expect(third.rows).toBe(2000);
    const [made] = org.control.load('Contact', [{ LastName: 'New' }]);
    const fourth = await pullAll(ctx, 'contact', { cursor: third.cursor });
    expect(fourth.records.has(String(made))).toBe(true);
  });

  it('brings deletions and merges in the same stream, and records that came back', async () => {
    const org = await open();
    const ids = org.control.load(
      'Contact',
      ['A', 'B', 'C', 'D'].map((LastName) => ({ LastName, SystemModstamp: '2025-01-01T00:00:00Z' })),
    );
    const [a = '', b = '', c = '', d = ''] = ids;
    const ctx = connect(org);
    const first = await pullAll(ctx, 'contact');
    org.control.remove(a);
    org.control.merge(b, [c]);
    org.control.remove(d);
    org.control.undelete(d);
    const { tombstones, records } = await pullAll(ctx, 'contact', { cursor: first.cursor });
    expect(tombstones.get(a)).toMatchObject({ id: a });
    expect(tombstones.get(a)?.mergedInto).toBeUndefined();
    expect(tombstones.get(c)).toMatchObject({ mergedInto: b });
    expect([...records.keys()].sort()).toEqual([b, d].sort());
  });

  it('buries a converted lead in its contact', async () => {
    const org = await open();
    const [id = ''] = org.control.load('Lead', [{ LastName: 'Led', Company: 'Acme' }]);
    const contact = org.control.convertLead(id);
    const { tombstones } = await pullAll(connect(org, { settings: { leads: true } }), 'lead');
    expect(tombstones.get(id)).toMatchObject({ mergedInto: contact });
  });

  it('asks for the mapped fields only, and decodes them', async () => {
    const org = await open();
    const [account = ''] = org.control.load('Account', [{ Name: 'Acme' }]);
    const values = {
      LastName: 'Doe',
      AccountId: account,
      Birthdate: '1980-01-02',
      Interests__c: 'Events;Product',
      HasOptedOutOfEmail: true,
    };
    org.control.load('Contact', [
      { ...values, LastModifiedDate: '2025-01-01T00:00:00Z', SystemModstamp: '2025-06-01T00:00:00Z' },
    ]);
    const ctx = connect(org);
    const properties = [...Object.keys(values), 'OwnerId', 'Email'];
    const { records } = await pullAll(ctx, 'contact', { properties });
    const [record] = records.values();
    expect(record?.values).toEqual({
      ...values,
      AccountId: { ref: { object: 'account', id: account } },
      Interests__c: ['Events', 'Product'],
      OwnerId: 'rep@sandbox.example',
      Email: null,
    });
    expect(record?.modifiedAt).toBe('2025-01-01T00:00:00.000Z');
    const soql = ctx.calls
      .map(({ request }) => decodeURIComponent(request.url))
      .find((url) => url.includes('ORDER BY'));
    expect(soql).not.toMatch(/Description|MailingCity/);
  });

  it('goes on without fields that are hidden or unknown, and says so once', async () => {
    const org = await open({ rules: { hidden: ['Title'] } });
    org.control.load('Contact', [{ LastName: 'Doe' }]);
    const ctx = connect(org);
    const { records } = await pullAll(ctx, 'contact', { properties: ['LastName', 'Title', 'Nothing__c'] });
    expect([...records.values()].map((record) => record.values)).toEqual([{ LastName: 'Doe' }]);
    expect(ctx.lines.filter((line) => line.level === 'warn').map((line) => line.fields['fields'])).toEqual([
      'Title, Nothing__c',
    ]);
  });

  it.each(['maintenance', 'malformed', 'resetMidBody', 'reset'] as const)(
    'reads on through a passing %s',
    async (kind) => {
      const org = await open();
      fill(org, { before: 2500, run: 0, after: 0 });
      org.control.fault({ kind, path: 'ORDER BY', after: 1 });
      expect((await pullAll(connect(org), 'contact')).records.size).toBe(2500);
    },
  );

  it('says until when to wait when the calls of the day are used up', async () => {
    const org = await open({ apiLimit: 10 });
    org.control.use(10);
    const ctx = connect(org);
    await expect(pullAll(ctx, 'contact')).rejects.toMatchObject({
      kind: 'throttled',
      code: 'REQUEST_LIMIT_EXCEEDED',
      retryAt: ctx.clock.now() + 900_000,
    });
  });

  it('goes by the clock of Salesforce where the two differ', async () => {
    const org = await open();
    org.control.advance(-3_600_000);
    const [id = ''] = org.control.load('Contact', [{ LastName: 'Doe' }]);
    const ctx = connect(org);
    const first = await pullAll(ctx, 'contact');
    expect(Date.parse(first.cursor.startedAt)).toBeLessThan(ctx.clock.now() - 3_500_000);
    org.control.edit(id, { Title: 'Edited' });
    expect((await pullAll(ctx, 'contact', { cursor: first.cursor })).records.get(id)?.values['Title']).toBe(
      'Edited',
    );
  });
});
