import { COMPANY_LINK } from './objects.js';
import hubspot from './index.js';
import { connect, createBench, mappedProperties, pullAll, type Bench, type BenchOptions } from './testing.js';

const DAY = 86_400_000;
let bench: Bench;

async function start(options: BenchOptions = {}): Promise<Bench> {
  bench = await createBench({ clock: 'real', ...options });
  return bench;
}

afterEach(() => bench.sandbox.close());

describe('a full read', () => {
  it('brings every record with decoded values, its dates, its company and the time of each value', async () => {
    const { sandbox } = await start();
    const { control } = sandbox;
    const then = Date.now() - 10 * DAY;
    const [company = ''] = control.seed('companies', [
      { properties: { name: 'Acme', numberofemployees: '12' }, createdAt: then },
    ]);
    const [id = ''] = control.seed('contacts', [
      {
        properties: { email: 'Ada@Example.com', firstname: 'Ada', hubspot_owner_id: '70000001' },
        createdAt: then,
        companyId: company,
      },
    ]);
    control.edit('contacts', id, { jobtitle: 'CTO' }, then + DAY);

    const { records } = await pullAll(bench, 'contact');
    expect(records.get(id)).toMatchObject({
      id,
      values: {
        email: 'ada@example.com',
        firstname: 'Ada',
        lastname: null,
        jobtitle: 'CTO',
        hubspot_owner_id: 'ada.owner@portal.example',
        [COMPANY_LINK]: { ref: { object: 'company', id: company } },
      },
      createdAt: new Date(then).toISOString(),
      modifiedAt: new Date(then + DAY).toISOString(),
      version: new Date(then + DAY).toISOString(),
      times: { firstname: new Date(then).toISOString(), jobtitle: new Date(then + DAY).toISOString() },
      url: `https://app.hubspot.com/contacts/48000001/record/0-1/${id}`,
    });
    const companies = await pullAll(bench, 'company');
    expect(companies.records.get(company)?.values).toMatchObject({ name: 'Acme', numberofemployees: 12 });
  });

  it('goes through all pages and can be taken up at any of them', async () => {
    const { sandbox, ctx } = await start();
    sandbox.control.seed(
      'contacts',
      Array.from({ length: 230 }, (_, n) => ({
        properties: { email: `p${String(n)}@example.com` },
        createdAt: 1,
      })),
    );
    const properties = mappedProperties('contact');
    const seen = new Set<string>();
    let cursor = null;
    for (let page = 0; page < 3; page += 1)
      for await (const { records, cursor: next } of hubspot.pull(ctx, {
        object: 'contact',
        properties,
        cursor,
      })) {
        for (const record of records) seen.add(record.id);
        cursor = next;
        break;
      }
    expect(seen.size).toBe(150);
    const { records } = await pullAll(bench, 'contact', cursor);
    for (const id of records.keys()) seen.add(id);
    expect(seen.size).toBe(230);
  });

  it('reads hundreds of properties without an address too long to send', async () => {
    const { sandbox, ctx } = await start();
    const names = Array.from(
      { length: 300 },
      (_, n) => `a_rather_long_name_of_a_custom_property_${String(n)}`,
    );
    for (const name of names) sandbox.control.defineProperty('contacts', { name });
    const [id = ''] = sandbox.control.seed('contacts', [
      { properties: { email: 'a@example.com', ...Object.fromEntries(names.map((name) => [name, name])) } },
    ]);
    const { records } = await pullAll(bench, 'contact', null, [...names, COMPANY_LINK]);
    expect(Object.keys(records.get(id)?.values ?? {})).toHaveLength(301);
    expect(Object.keys(records.get(id)?.times ?? {})).toHaveLength(300);
    expect(Math.max(...ctx.calls.map((call) => call.request.url.length))).toBeLessThan(12_000);
  });

  it('leaves out mapped properties that do not exist, and says so once', async () => {
    const { sandbox, ctx } = await start();
    sandbox.control.seed('contacts', [{ properties: { email: 'a@example.com' } }]);
    const first = await pullAll(bench, 'contact', null, ['email', 'no_such_property']);
    await pullAll(bench, 'contact', first.cursor, ['email', 'no_such_property']);
    expect([...first.records.values()][0]?.values).toEqual({ email: 'a@example.com' });
    expect(ctx.lines.filter((line) => line.level === 'warn')).toHaveLength(1);
  });

  it('loses nothing that changes while it runs', async () => {
    const { sandbox, ctx } = await start();
    const ids = sandbox.control.seed(
      'contacts',
      Array.from({ length: 120 }, (_, n) => ({
        properties: { email: `p${String(n)}@example.com` },
        createdAt: 1,
      })),
    );
    const [first = ''] = ids;
    const seen = new Map<string, unknown>();
    for await (const page of hubspot.pull(ctx, {
      object: 'contact',
      properties: ['jobtitle'],
      cursor: null,
    })) {
      for (const record of page.records) seen.set(record.id, record.values['jobtitle']);
      if (seen.size === 50) sandbox.control.edit('contacts', first, { jobtitle: 'Changed meanwhile' });
    }
    expect(seen.get(first)).toBe('Changed meanwhile');
  });
});

describe('a read of changes', () => {
  it('brings what was changed and made, and nothing else', async () => {
    const { sandbox } = await start();
    const ids = sandbox.control.seed(
      'contacts',
      Array.from({ length: 60 }, (_, n) => ({
        properties: { email: `p${String(n)}@example.com` },
        createdAt: Date.now() - DAY,
      })),
    );
    const full = await pullAll(bench, 'contact', null, ['email', 'phone']);
    const [changed = ''] = ids;
    sandbox.control.edit('contacts', changed, { phone: '+1 415 555 0100' });
    const made = sandbox.control.create('contacts', { properties: { firstname: 'New' } });
    const changes = await pullAll(bench, 'contact', full.cursor, ['email', 'phone']);
    expect([...changes.records.keys()].sort()).toEqual([changed, made].sort());
    const quiet = await pullAll(bench, 'contact', changes.cursor, ['email', 'phone']);
    expect(quiet.records.size).toBe(0);
  });

  it('finds companies by their own modified date', async () => {
    const { sandbox } = await start();
    const [id = ''] = sandbox.control.seed('companies', [
      { properties: { name: 'Acme' }, createdAt: Date.now() - DAY },
    ]);
    const full = await pullAll(bench, 'company');
    sandbox.control.edit('companies', id, { name: 'Acme Corp' });
    const { records } = await pullAll(bench, 'company', full.cursor);
    expect(records.get(id)?.values['name']).toBe('Acme Corp');
  });

  it('reaches past the 10,000 results of one search, all changed in the same millisecond', async () => {
    const { sandbox } = await start();
    const count = 10_400;
    const ids = sandbox.control.seed(
      'contacts',
      Array.from({ length: count }, (_, n) => ({
        properties: { firstname: String(n) },
        createdAt: Date.now() - DAY,
      })),
    );
    const cursor = {
      phase: 'changes',
      from: Date.now() - DAY / 2,
      newest: 0,
      scan: null,
      archived: { after: null, since: 0, begun: 0 },
      sweptTo: null,
      left: null,
    } as const;
    const at = Date.now();
    for (const id of ids) sandbox.control.edit('contacts', id, { jobtitle: 'Same' }, at);
    const { records } = await pullAll(bench, 'contact', cursor, ['jobtitle']);
    expect(records.size).toBe(count);
  }, 60_000);

  it('comes back for what search showed late', async () => {
    const { sandbox } = await start({ sandbox: { searchDelayMs: 3_600_000 } });
    const [late = '', early = ''] = sandbox.control.seed('contacts', [
      { properties: { firstname: 'Late' }, createdAt: Date.now() - DAY },
      { properties: { firstname: 'Early' }, createdAt: Date.now() - DAY },
    ]);
    const full = await pullAll(bench, 'contact', null, ['jobtitle']);
    sandbox.control.edit('contacts', late, { jobtitle: 'One' });
    const before = await pullAll(bench, 'contact', full.cursor, ['jobtitle']);
    expect(before.records.size).toBe(0);
    sandbox.control.catchUp();
    sandbox.control.edit('contacts', early, { jobtitle: 'Two' });
    const after = await pullAll(bench, 'contact', before.cursor, ['jobtitle']);
    expect(after.records.get(late)?.values['jobtitle']).toBe('One');
    sandbox.control.catchUp();
    const last = await pullAll(bench, 'contact', after.cursor, ['jobtitle']);
    expect([...last.records.keys()]).toEqual([early]);
  });

  it('tells of archived records, which no date tells of, and of them only once', async () => {
    const { sandbox } = await start();
    const ids = sandbox.control.seed('contacts', [
      { properties: { firstname: 'A' }, createdAt: 1 },
      { properties: { firstname: 'B' }, createdAt: 1 },
    ]);
    const [gone = '', back = ''] = ids;
    const full = await pullAll(bench, 'contact');
    sandbox.control.archive('contacts', gone);
    sandbox.control.archive('contacts', back);
    sandbox.control.restore('contacts', back);
    const first = await pullAll(bench, 'contact', full.cursor);
    expect(first.tombstones).toEqual([{ id: gone, deletedAt: expect.any(String) as string }]);
    expect([...first.records.keys()]).toContain(back);
  });

  it('goes through many archived records a few pages at a time', async () => {
    const { sandbox } = await start({ settings: { archiveCalls: 1 } });
    const ids = sandbox.control.seed(
      'contacts',
      Array.from({ length: 250 }, (_, n) => ({ properties: { firstname: String(n) }, createdAt: 1 })),
    );
    let { cursor, tombstones } = await pullAll(bench, 'contact', null, ['firstname']);
    expect(tombstones).toHaveLength(0);
    for (const id of ids) sandbox.control.archive('contacts', id);
    const gone = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      ({ cursor, tombstones } = await pullAll(bench, 'contact', cursor, ['firstname']));
      for (const { id } of tombstones) gone.add(id);
    }
    expect(gone.size).toBe(250);
  });

  it('tells of merges: the survivor comes, and both ids it had lead to it', async () => {
    const { sandbox } = await start();
    const [one = '', two = ''] = sandbox.control.seed('contacts', [
      { properties: { email: 'a@example.com' }, createdAt: 1 },
      { properties: { email: 'b@example.com' }, createdAt: 1 },
    ]);
    const full = await pullAll(bench, 'contact');
    const survivor = sandbox.control.merge('contacts', one, two);
    const changes = await pullAll(bench, 'contact', full.cursor);
    expect(changes.records.get(survivor)?.values).toMatchObject({
      email: 'a@example.com',
      hs_additional_emails: ['b@example.com'],
    });
    expect(changes.tombstones).toEqual(
      expect.arrayContaining([
        { id: one, mergedInto: survivor },
        { id: two, mergedInto: survivor },
      ]),
    );
  });

  it('finds changed associations, which move no date', async () => {
    const { sandbox } = await start();
    const { control } = sandbox;
    const [acme = '', beta = ''] = control.seed('companies', [
      { properties: { name: 'Acme' } },
      { properties: { name: 'Beta' } },
    ]);
    const [ada = '', ben = ''] = control.seed('contacts', [
      { properties: { firstname: 'Ada' }, createdAt: 1, companyId: acme },
      { properties: { firstname: 'Ben' }, createdAt: 1, companyId: acme },
    ]);
    const full = await pullAll(bench, 'contact');
    control.associate(ada, beta);
    control.dissociate(ben, acme);
    const { records } = await pullAll(bench, 'contact', full.cursor);
    expect(records.get(ada)).toMatchObject({
      values: { [COMPANY_LINK]: { ref: { object: 'company', id: beta } } },
    });
    expect(records.get(ben)).toMatchObject({ values: { [COMPANY_LINK]: null } });
    expect(records.get(ada)?.version).toBeUndefined();
  });
});

describe('a read by id', () => {
  it('gives records as they are, and tells what became of those that are gone', async () => {
    const { sandbox } = await start();
    const [here = '', archived = '', one = '', two = '', erased = ''] = sandbox.control.seed(
      'contacts',
      ['here', 'archived', 'one', 'two', 'erased'].map((firstname) => ({
        properties: { firstname },
        createdAt: 1,
      })),
    );
    sandbox.control.archive('contacts', archived);
    sandbox.control.erase('contacts', erased);
    const survivor = sandbox.control.merge('contacts', one, two);
    const { ctx } = connect(sandbox, { clock: 'real' });
    const result = await hubspot.read?.(ctx, {
      object: 'contact',
      ids: [here, archived, one, erased, '99'],
      properties: ['firstname'],
    });
    expect(result?.records.map(({ id, values }) => [id, values['firstname']]).sort()).toEqual([
      [here, 'here'],
      [survivor, 'one'],
    ]);
    expect(new Map(result?.tombstones.map(({ id, ...rest }) => [id, rest]))).toEqual(
      new Map<string, object>([
        [archived, { deletedAt: expect.any(String) as string }],
        [one, { mergedInto: survivor }],
        [two, { mergedInto: survivor }],
        [erased, {}],
        ['99', {}],
      ]),
    );
  });
});
