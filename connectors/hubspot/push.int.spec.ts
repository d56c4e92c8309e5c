import fc from 'fast-check';
import type { CreateOperation, JsonValue, PushOperation, UpdateOperation } from '../../src/sdk/index.js';
import { COMPANY_LINK } from './objects.js';
import { createBench, pushAll, type Bench, type BenchOptions } from './testing.js';

let bench: Bench;

async function start(options: BenchOptions = {}): Promise<Bench> {
  bench = await createBench(options);
  return bench;
}

afterEach(() => bench.sandbox.close());

function create(
  n: number,
  values: Readonly<Record<string, JsonValue>>,
  more: Partial<CreateOperation> = {},
): CreateOperation {
  return { kind: 'create', key: `c${String(n)}`, hubId: `hub-${String(n)}`, values, ...more };
}

function update(id: string, values: Readonly<Record<string, JsonValue>>): UpdateOperation {
  return { kind: 'update', key: id, id, hubId: `hub-${id}`, values, previous: {} };
}

function company(id: string): JsonValue {
  return { ref: { object: 'company', id } };
}

function seedContacts(count: number): readonly string[] {
  return bench.sandbox.control.seed(
    'contacts',
    Array.from({ length: count }, (_, n) => ({
      properties: { email: `old${String(n)}@example.com` },
      createdAt: 1,
    })),
  );
}

const isWrite = ({ path }: { readonly path: string }): boolean =>
  /batch\/(create|update|upsert|archive)/.test(path);

describe('creating records', () => {
  it('makes them in batches and reports each as HubSpot stores it', async () => {
    const { sandbox } = await start();
    const [acme = ''] = sandbox.control.seed('companies', [{ properties: { name: 'Acme' } }]);
    const operations = Array.from({ length: 230 }, (_, n) =>
      create(n, {
        email: `New${String(n)}@Example.COM`,
        firstname: `N${String(n)}`,
        [COMPANY_LINK]: company(acme),
      }),
    );
    const outcomes = await pushAll(bench, 'contact', operations);
    for (const [n, { key }] of operations.entries())
      expect(outcomes.get(key)).toMatchObject({
        status: 'stored',
        values: {
          email: `new${String(n)}@example.com`,
          firstname: `N${String(n)}`,
          lastname: null,
          lifecyclestage: 'lead',
          [COMPANY_LINK]: company(acme),
        },
      });
    expect(sandbox.control.calls().filter(isWrite)).toHaveLength(4);
    expect(sandbox.control.records('contacts')).toHaveLength(230);
  });

  it.each([true, false])(
    'lets the others through when some are bad (judged one by one: %s)',
    async (traceIds) => {
      const { sandbox } = await start({ sandbox: { traceIds } });
      const [taken = ''] = seedContacts(1);
      const operations: PushOperation[] = Array.from({ length: 100 }, (_, n) =>
        create(n, { email: `new${String(n)}@example.com`, firstname: `N${String(n)}` }),
      );
      operations[10] = create(10, { email: 'not an address', firstname: 'Bad' });
      operations[20] = create(20, { email: 'OLD0@example.com', firstname: 'Taken' });
      operations[30] = create(30, { firstname: 'Odd', hs_language: 'klingon' });
      const outcomes = await pushAll(bench, 'contact', operations);
      expect(outcomes.get('c10')).toMatchObject({
        status: 'rejected',
        rejections: [{ code: 'INVALID_EMAIL', property: 'email' }],
      });
      expect(outcomes.get('c20')).toMatchObject({ status: 'conflict', existingId: taken, property: 'email' });
      expect(outcomes.get('c30')).toMatchObject({
        status: 'rejected',
        rejections: [{ code: 'INVALID_OPTION', property: 'hs_language' }],
      });
      expect([...outcomes.values()].filter((outcome) => outcome.status === 'stored')).toHaveLength(97);
      expect(sandbox.control.records('contacts')).toHaveLength(98);
    },
  );

  it('finds whichever inputs are bad, with few calls', async () => {
    await start({ sandbox: { traceIds: false } });
    const { control } = bench.sandbox;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(39), { maxLength: 6 }), async (bad) => {
        for (const { id } of control.records('contacts')) control.erase('contacts', id);
        const before = control.calls().length;
        const operations = Array.from({ length: 40 }, (_, n) =>
          create(
            n,
            bad.includes(n)
              ? { firstname: 'x', hs_language: `bad${String(n)}` }
              : { firstname: `N${String(n)}` },
          ),
        );
        const outcomes = await pushAll(bench, 'contact', operations);
        for (const [n, { key }] of operations.entries())
          expect(outcomes.get(key)?.status).toBe(bad.includes(n) ? 'rejected' : 'stored');
        expect(control.calls().slice(before).filter(isWrite).length).toBeLessThanOrEqual(1 + bad.length * 3);
      }),
      { numRuns: 20 },
    );
  });

  it('finds all existing e-mails of a batch, though HubSpot names only the first', async () => {
    await start({ sandbox: { traceIds: false } });
    const ids = seedContacts(40);
    const operations = Array.from({ length: 80 }, (_, n) =>
      create(n, { email: `old${String(n)}@example.com` }),
    );
    const outcomes = await pushAll(bench, 'contact', operations);
    for (const [n, id] of ids.entries())
      expect(outcomes.get(`c${String(n)}`)).toMatchObject({ status: 'conflict', existingId: id });
    expect([...outcomes.values()].filter((outcome) => outcome.status === 'stored')).toHaveLength(40);
    expect(bench.sandbox.control.calls().filter(isWrite)).toHaveLength(2);
  });

  it('sends one e-mail address once, and calls the second a conflict with the first', async () => {
    await start();
    const outcomes = await pushAll(bench, 'contact', [
      create(1, { email: 'same@example.com', firstname: 'One' }),
      create(2, { email: 'SAME@example.com ', firstname: 'Two' }),
    ]);
    const first = outcomes.get('c1');
    expect(first?.status).toBe('stored');
    expect(outcomes.get('c2')).toMatchObject({
      status: 'conflict',
      existingId: first?.status === 'stored' ? first.id : '',
    });
  });

  it('makes the record even if its company is gone, and shows that it has none', async () => {
    await start();
    const outcomes = await pushAll(bench, 'contact', [
      create(1, { firstname: 'A', [COMPANY_LINK]: company('99') }),
    ]);
    expect(outcomes.get('c1')).toMatchObject({ status: 'stored', values: { [COMPANY_LINK]: null } });
  });

  it('refuses what HubSpot does not have or does not let write, without asking it', async () => {
    await start();
    const outcomes = await pushAll(bench, 'contact', [
      create(1, { firstname: 'A', no_such: 'x' }),
      create(2, { firstname: 'A', hs_additional_emails: ['a@example.com'] }),
      create(3, { firstname: 'A', hubspot_owner_id: 'nobody@example.com' }),
    ]);
    expect(
      [...outcomes.values()].map((outcome) => (outcome.status === 'rejected' ? outcome.rejections[0] : {})),
    ).toMatchObject([
      { code: 'PROPERTY_DOESNT_EXIST', property: 'no_such' },
      { code: 'READ_ONLY_VALUE', property: 'hs_additional_emails' },
      { code: 'UNKNOWN_OWNER', property: 'hubspot_owner_id' },
    ]);
    expect(bench.sandbox.control.calls().filter(isWrite)).toHaveLength(0);
  });
});

describe('creating records when answers get lost', () => {
  it.each(['lost-answer', 'malformed', 'reset-mid-body', 'reset'] as const)(
    'does not send a create again after %s',
    async (kind) => {
      await start();
      bench.sandbox.control.fault({ kind, path: 'batch/create' });
      const outcomes = await pushAll(bench, 'contact', [create(1, { email: 'a@example.com' })]);
      expect(outcomes.get('c1')).toMatchObject({ status: 'unknown' });
      expect(bench.sandbox.control.calls().filter(isWrite)).toHaveLength(1);
    },
  );

  it('does not send a create again after a gateway gave up', async () => {
    await start();
    bench.sandbox.control.fault({ kind: 'status', status: 504, path: 'batch/create' });
    const outcomes = await pushAll(bench, 'contact', [create(1, { email: 'a@example.com' })]);
    expect(outcomes.get('c1')).toMatchObject({ status: 'unknown' });
  });

  it('finds what was made by e-mail, and tells what was not', async () => {
    const { sandbox, ctx } = await start();
    const uncertainSince = new Date(ctx.clock.now()).toISOString();
    sandbox.control.create('contacts', { properties: { email: 'made@example.com' } });
    const outcomes = await pushAll(bench, 'contact', [
      create(1, { email: 'Made@example.com' }, { uncertainSince }),
      create(2, { email: 'notmade@example.com' }, { uncertainSince }),
    ]);
    expect(outcomes.get('c1')).toMatchObject({ status: 'stored', found: true });
    expect(outcomes.get('c2')).toEqual({ key: 'c2', status: 'gone' });
    expect(sandbox.control.records('contacts')).toHaveLength(1);
  });

  it('calls one that was there before a conflict', async () => {
    const { ctx } = await start();
    const [old = ''] = seedContacts(1);
    const uncertainSince = new Date(ctx.clock.now()).toISOString();
    const outcomes = await pushAll(bench, 'contact', [
      create(1, { email: 'old0@example.com' }, { uncertainSince }),
    ]);
    expect(outcomes.get('c1')).toMatchObject({ status: 'conflict', existingId: old });
  });

  it('waits until search must know a record without e-mail, then finds it, each once', async () => {
    const { sandbox, ctx } = await start();
    const began = ctx.clock.now();
    const uncertainSince = new Date(began).toISOString();
    for (let n = 0; n < 2; n += 1)
      sandbox.control.create('contacts', { properties: { firstname: 'Ann', lastname: 'Lee' } });
    const known = sandbox.control.create('contacts', { properties: { firstname: 'Ann', lastname: 'Lee' } });
    bench.known.contact.set(known, 'v');
    const operations = [1, 2, 3].map((n) =>
      create(n, { firstname: 'Ann', lastname: 'Lee' }, { uncertainSince }),
    );
    const early = await pushAll(bench, 'contact', operations);
    for (const outcome of early.values())
      expect(outcome).toMatchObject({ status: 'retry', retryAt: began + 20_000 });
    await ctx.clock.sleep(20_000);
    const late = await pushAll(bench, 'contact', operations);
    expect(
      [...late.values()]
        .map((outcome) => (outcome.status === 'stored' ? (outcome.found ?? false) : outcome.status))
        .sort(),
    ).toEqual(['gone', true, true]);
    const ids = [...late.values()].flatMap((outcome) => (outcome.status === 'stored' ? [outcome.id] : []));
    expect(new Set(ids).size).toBe(2);
    expect(sandbox.control.records('contacts')).toHaveLength(3);
  });

  it('makes none twice where HubSpot keeps the id of the hub, whatever gets lost', async () => {
    const { sandbox } = await start({ settings: { hubIdProperty: 'rapport_id' } });
    for (const object of ['contacts', 'companies'] as const)
      sandbox.control.defineProperty(object, { name: 'rapport_id', hasUniqueValue: true });
    sandbox.control.fault({ kind: 'lost-answer', path: 'batch/upsert' });
    const operations = Array.from({ length: 30 }, (_, n) => create(n, { name: `Company ${String(n)}` }));
    const outcomes = await pushAll(bench, 'company', operations);
    expect([...outcomes.values()].every((outcome) => outcome.status === 'unknown')).toBe(true);
    expect(sandbox.control.records('companies')).toHaveLength(30);
    const [first] = sandbox.control.records('companies');
    sandbox.control.edit('companies', first?.id ?? '', { name: 'Renamed by hand' });
    const again = await pushAll(
      bench,
      'company',
      operations.map((operation) => ({ ...operation, uncertainSince: new Date().toISOString() })),
    );
    expect(
      [...again.values()].every((outcome) => outcome.status === 'stored' && outcome.found === true),
    ).toBe(true);
    expect(sandbox.control.records('companies')).toHaveLength(30);
    expect(sandbox.control.record('companies', first?.id ?? '')?.properties['name']).toBe('Renamed by hand');
  });

  it('does not take a record it made itself for one in the way', async () => {
    const { sandbox } = await start({
      sandbox: { traceIds: false },
      settings: { hubIdProperty: 'rapport_id' },
    });
    for (const object of ['contacts', 'companies'] as const)
      sandbox.control.defineProperty(object, { name: 'rapport_id', hasUniqueValue: true });
    const [old = ''] = seedContacts(1);
    await pushAll(bench, 'contact', [create(1, { email: 'mine@example.com' })]);
    const outcomes = await pushAll(bench, 'contact', [
      create(1, { email: 'mine@example.com' }),
      create(2, { email: 'old0@example.com' }),
    ]);
    expect(outcomes.get('c1')).toMatchObject({ status: 'stored', found: true });
    expect(outcomes.get('c2')).toMatchObject({ status: 'conflict', existingId: old });
  });
});

describe('updating records', () => {
  it('writes in batches, clears with null, and reports what is stored', async () => {
    const { sandbox } = await start();
    const ids = seedContacts(150);
    const [first = '', second = ''] = ids;
    sandbox.control.edit('contacts', first, { jobtitle: 'Old', lifecyclestage: 'customer' });
    const outcomes = await pushAll(bench, 'contact', [
      update(first, { jobtitle: null, lifecyclestage: 'lead' }),
      update(second, { email: ' Other@Example.com', hubspot_owner_id: 'BEN.owner@portal.example' }),
      ...ids.slice(2).map((id) => update(id, { jobtitle: 'New' })),
    ]);
    expect(outcomes.get(first)).toMatchObject({
      status: 'stored',
      values: { jobtitle: null, lifecyclestage: 'customer' },
    });
    expect(outcomes.get(second)).toMatchObject({
      status: 'stored',
      values: { email: 'other@example.com', hubspot_owner_id: 'ben.owner@portal.example' },
    });
    const stored = outcomes.get(second);
    const now = sandbox.control.record('contacts', second)?.updatedAt ?? 0;
    expect(stored).toMatchObject({
      version: new Date(now).toISOString(),
      modifiedAt: new Date(now).toISOString(),
    });
    expect(sandbox.control.calls().filter(isWrite)).toHaveLength(2);
  });

  it.each([true, false])(
    'lets the others through when some are bad or gone (judged one by one: %s)',
    async (traceIds) => {
      const { sandbox } = await start({ sandbox: { traceIds } });
      const ids = seedContacts(20);
      const [bad = '', taken = '', archived = '', one = '', two = ''] = ids;
      sandbox.control.archive('contacts', archived);
      const survivor = sandbox.control.merge('contacts', one, two);
      const outcomes = await pushAll(
        bench,
        'contact',
        ids.map((id) =>
          update(
            id,
            id === bad
              ? { hs_language: 'klingon' }
              : id === taken
                ? { email: 'old5@example.com' }
                : { jobtitle: 'New' },
          ),
        ),
      );
      expect(outcomes.get(bad)).toMatchObject({
        status: 'rejected',
        rejections: [{ code: 'INVALID_OPTION' }],
      });
      expect(outcomes.get(taken)).toMatchObject({
        status: 'conflict',
        existingId: ids[5],
        property: 'email',
      });
      expect(outcomes.get(archived)).toEqual({ key: archived, status: 'gone' });
      expect(outcomes.get(one)).toEqual({ key: one, status: 'gone', mergedInto: survivor });
      expect(outcomes.get(two)).toEqual({ key: two, status: 'gone', mergedInto: survivor });
      expect([...outcomes.values()].filter((outcome) => outcome.status === 'stored')).toHaveLength(15);
    },
  );

  it.each([
    ['lost-answer', { kind: 'lost-answer' }, 'unknown'],
    ['malformed', { kind: 'malformed' }, 'unknown'],
    ['502', { kind: 'status', status: 502 }, 'unknown'],
    ['423', { kind: 'status', status: 423 }, 'retry'],
    ['429', { kind: 'status', status: 429, policyName: 'TEN_SECONDLY_ROLLING' }, 'retry'],
  ] as const)('leaves it to the hub to look before an update goes again: %s', async (_, fault, status) => {
    const { sandbox } = await start();
    const [id = ''] = seedContacts(1);
    sandbox.control.fault({ ...fault, path: 'batch/update' });
    const outcomes = await pushAll(bench, 'contact', [update(id, { jobtitle: 'New' })]);
    expect(outcomes.get(id)).toMatchObject({ status });
    expect(sandbox.control.calls().filter(isWrite)).toHaveLength(1);
  });

  it('says of values that are stored without their links that the write may be applied', async () => {
    const { sandbox } = await start();
    const [acme = ''] = sandbox.control.seed('companies', [{ properties: { name: 'Acme' } }]);
    const [both = '', link = ''] = seedContacts(2);
    sandbox.control.fault({ kind: 'status', status: 403, path: 'companies/batch/create' });
    const outcomes = await pushAll(bench, 'contact', [
      update(both, { jobtitle: 'New', [COMPANY_LINK]: company(acme) }),
      update(link, { [COMPANY_LINK]: company(acme) }),
    ]);
    expect(sandbox.control.record('contacts', both)?.properties['jobtitle']).toBe('New');
    expect(outcomes.get(both)).toMatchObject({ status: 'unknown' });
    expect(outcomes.get(link)).toMatchObject({ status: 'retry' });
  });

  it('changes and takes away the primary company', async () => {
    const { sandbox } = await start();
    const { control } = sandbox;
    const [acme = '', beta = ''] = control.seed('companies', [
      { properties: { name: 'Acme' } },
      { properties: { name: 'Beta' } },
    ]);
    const ids = control.seed(
      'contacts',
      Array.from({ length: 4 }, (_, n) => ({ properties: { firstname: String(n) }, companyId: acme })),
    );
    const [moved = '', freed = '', kept = '', wrong = ''] = ids;
    const outcomes = await pushAll(bench, 'contact', [
      update(moved, { [COMPANY_LINK]: company(beta), jobtitle: 'CEO' }),
      update(freed, { [COMPANY_LINK]: null }),
      update(kept, { [COMPANY_LINK]: company(acme) }),
      update(wrong, { [COMPANY_LINK]: company('99') }),
    ]);
    expect(outcomes.get(moved)).toMatchObject({
      status: 'stored',
      values: { [COMPANY_LINK]: company(beta), jobtitle: 'CEO' },
    });
    expect(outcomes.get(freed)).toMatchObject({ status: 'stored', values: { [COMPANY_LINK]: null } });
    expect(outcomes.get(kept)).toMatchObject({ status: 'stored', values: { [COMPANY_LINK]: company(acme) } });
    expect(outcomes.get(wrong)).toMatchObject({
      status: 'rejected',
      rejections: [{ property: COMPANY_LINK }],
    });
    expect(ids.map((id) => control.record('contacts', id)?.companyId)).toEqual([beta, null, acme, acme]);
  });
});

describe('archiving records', () => {
  it('archives in batches, and takes what is gone already for done', async () => {
    const { sandbox } = await start();
    const ids = seedContacts(120);
    const operations = [...ids, '99'].map((id): PushOperation => ({ kind: 'archive', key: id, id }));
    const outcomes = await pushAll(bench, 'contact', operations);
    expect([...outcomes.values()].every((outcome) => outcome.status === 'stored')).toBe(true);
    expect(sandbox.control.records('contacts').every((record) => record.archived)).toBe(true);
  });
});

describe('a push that goes wrong as a whole', () => {
  it('throws when nothing was sent', async () => {
    await start();
    bench.sandbox.control.revokeTokens();
    await expect(pushAll(bench, 'contact', [create(1, { firstname: 'A' })])).rejects.toMatchObject({
      kind: 'credentials',
    });
  });

  it('throws for want of a scope', async () => {
    await start({
      sandbox: {
        scopes: ['crm.objects.contacts.read', 'crm.schemas.contacts.read', 'crm.objects.owners.read'],
      },
    });
    await expect(pushAll(bench, 'contact', [create(1, { firstname: 'A' })])).rejects.toMatchObject({
      kind: 'permission',
      message: expect.stringContaining('crm.objects.contacts.write') as string,
    });
  });

  it('keeps the outcomes it has when the token dies in the middle', async () => {
    await start();
    const ids = seedContacts(2);
    const [first = ''] = ids;
    bench.sandbox.control.fault({ kind: 'status', status: 401, path: 'batch/create' });
    const outcomes = await pushAll(bench, 'contact', [
      update(first, { jobtitle: 'X' }),
      create(1, { firstname: 'A' }),
    ]);
    expect(outcomes.get(first)).toMatchObject({ status: 'stored' });
    expect(outcomes.get('c1')).toMatchObject({ status: 'retry' });
  });

  it('says of each when to come back after the day is used up', async () => {
    const { sandbox, ctx } = await start();
    sandbox.control.fault({ kind: 'status', status: 429, policyName: 'DAILY', path: 'batch/create' });
    const outcomes = await pushAll(bench, 'contact', [create(1, { firstname: 'A' })]);
    const outcome = outcomes.get('c1');
    expect(outcome).toMatchObject({ status: 'retry', code: 'DAILY_LIMIT' });
    expect(outcome?.status === 'retry' && (outcome.retryAt ?? 0)).toBeGreaterThan(ctx.clock.now());
    expect(sandbox.control.records('contacts')).toHaveLength(0);
  });
});
