import { createTestHub, type TestHub } from '../../test/helpers/hub.js';
import { storeReceipts } from '../sync/outbox.repository.js';
import { CustomersService } from './customers.service.js';
import { EditService } from './edit.service.js';

const ANNA = {
  givenName: 'Anna',
  familyName: 'Müller',
  email: 'anna@mueller.example',
  'address.country': 'DE',
};

describe('customers', () => {
  let hub: TestHub;
  let customers: CustomersService;
  let edits: EditService;
  let id: string;

  beforeAll(async () => {
    hub = await createTestHub();
    customers = new CustomersService(hub.database, hub.connections, hub.rules);
    edits = new EditService(hub.database);
    await hub.see('crm', 'account', [
      { id: 'A1', values: { name: 'Müller & Söhne', domain: 'mueller.example' }, at: '2026-01-01T00:00:00Z' },
    ]);
    await hub.see('crm', 'customer', [
      {
        id: 'C1',
        values: {
          ...ANNA,
          phone: '030 1234567',
          jobTitle: 'Engineer',
          'social.linkedin': '@AnnaM',
          account: { ref: { object: 'company', id: 'A1' } },
        },
        at: '2026-01-01T00:00:00Z',
        url: 'https://crm.example/C1',
      },
      {
        id: 'C2',
        values: { givenName: 'Bruno', familyName: 'O’Brien', email: 'bruno@brien.example' },
        at: '2026-01-01T00:00:00Z',
      },
    ]);
    await hub.see('mail', 'customer', [
      {
        id: 'M1',
        values: { ...ANNA, phone: '+49 30 1234567', jobTitle: 'Director' },
        at: '2026-01-03T00:00:00Z',
      },
    ]);
    id = await hub.goldenOf('crm', 'C1');
  });

  afterAll(() => hub.drop());

  const found = async (query: string, entity: 'customer' | 'account' = 'customer'): Promise<string[]> =>
    (await customers.search({ entity, query, limit: 50 })).items.map((item) => item.title);

  it.each([
    ['an e-mail in any case', 'ANNA@mueller.example'],
    ['a phone number as it was written', '030 1234567'],
    ['a phone number with country code', '+49301234567'],
    ['a phone number with the international prefix', '0049 (30) 123-4567'],
    ['a handle', 'https://www.linkedin.com/in/annam'],
    ['an id in a system', 'M1'],
    ['beginnings of names', 'ann mül'],
    ['names without accents', 'muller'],
  ])('are found by %s', async (_, query) => {
    expect(await found(query)).toEqual(['Anna Müller']);
  });

  it('are found by their id', async () => {
    expect(await found(id)).toEqual(['Anna Müller']);
  });

  it('are found by a name with an apostrophe of any kind', async () => {
    expect(await found("o'brien")).toEqual(['Bruno O’Brien']);
  });

  it('are not found by what begins no word', async () => {
    expect(await found('nna')).toEqual([]);
    expect(await found('!!')).toEqual([]);
  });

  it('are apart from accounts, which are found by domain', async () => {
    expect(await found('mueller.example', 'account')).toEqual(['Müller & Söhne']);
    expect(await found('söhne', 'account')).toEqual(['Müller & Söhne']);
  });

  it('come in pages by title', async () => {
    const first = await customers.search({ entity: 'customer', limit: 1 });
    expect(first.items.map((item) => item.title)).toEqual(['Anna Müller']);
    const second = await customers.search({ entity: 'customer', limit: 1, cursor: first.next ?? '' });
    expect(second.items.map((item) => item.title)).toEqual(['Bruno O’Brien']);
    expect(second.next).toBeNull();
  });

  it('refuse a cursor that is not theirs', async () => {
    await expect(customers.search({ entity: 'customer', limit: 1, cursor: 'WzFd' })).rejects.toMatchObject({
      kind: 'invalid',
      field: 'cursor',
    });
  });

  it('tell where each value comes from, and how good its time is', async () => {
    const detail = await customers.find({ id });
    const jobTitle = detail.fields.find((field) => field.field === 'jobTitle');
    expect(jobTitle).toMatchObject({
      value: 'Director',
      provenance: {
        connection: 'mail',
        externalId: 'M1',
        at: '2026-01-03T00:00:00.000Z',
        rule: 'most-recent',
        origin: 'first',
        timeNote: expect.stringContaining('only an upper bound') as string,
      },
    });
    expect(detail.fields.find((field) => field.field === 'account')).toMatchObject({
      refersTo: 'Müller & Söhne',
    });
  });

  it('show what each system holds and where it differs', async () => {
    const detail = await customers.find({ id });
    const crm = detail.records.find((record) => record.externalId === 'C1');
    expect(crm).toMatchObject({ connection: 'crm', url: 'https://crm.example/C1', state: 'live' });
    // Without its country the number reads as another one.
    expect(crm?.differences).toEqual(['jobTitle', 'phone']);
    expect(crm?.fields.find((field) => field.field === 'account')).toMatchObject({ agrees: true });
    const mail = detail.records.find((record) => record.externalId === 'M1');
    expect(mail?.differences).toEqual(['account', 'social.linkedin']);
    expect(detail.duplicates).toEqual([]);
  });

  it('explain why a value won and another lost', async () => {
    const told = await customers.explain({ id, field: 'jobTitle' });
    expect(told).toMatchObject({ value: 'Director', pending: false, undecided: false });
    expect(told.claims.map((claim) => [claim.connection, claim.standing])).toEqual([
      ['mail', 'winner'],
      ['crm', 'lost'],
    ]);
    expect(told.claims[1]?.reason).toBe(
      'crm said so on 2026-01-01 00:00:00 UTC at the latest: 2 days earlier; the most recent wins. The time of crm and of mail is only an upper bound, from first contact.',
    );
  });

  it('explain a reference by what it points at', async () => {
    const told = await customers.explain({ id, field: 'account' });
    expect(told.value).toBe(await hub.goldenOf('crm', 'A1'));
    expect(told.claims).toMatchObject([{ standing: 'winner', connection: 'crm' }]);
  });

  it('suggest the field that was meant', async () => {
    await expect(customers.explain({ id, field: 'jobtitel' })).rejects.toMatchObject({
      field: 'jobtitel',
      remedy: expect.stringContaining('"jobTitle"') as string,
    });
  });

  it('tell their history with the writes that each change caused', async () => {
    await hub.see('crm', 'customer', [
      { id: 'C1', values: { jobTitle: 'Chair' }, at: '2026-02-01T00:00:00Z' },
    ]);
    const { version } = await customers.find({ id });
    const connection = await hub.database.prisma.connection.findUniqueOrThrow({ where: { name: 'mail' } });
    const receipt = (goldenVersion: number, sent: string) => ({
      goldenId: id,
      recordId: null,
      connectionId: connection.id,
      object: 'contact',
      externalId: 'M1',
      operation: 'update' as const,
      fields: { jobTitle: { before: 'Director', sent, stored: sent } },
      goldenVersion,
      runId: null,
    });
    await hub.database.transaction((tx) => storeReceipts(tx, [receipt(version, 'Chair')]));
    await hub.see('crm', 'customer', [
      { id: 'C1', values: { jobTitle: 'President' }, at: '2026-02-02T00:00:00Z' },
    ]);
    await hub.database.transaction((tx) => storeReceipts(tx, [receipt(version + 1, 'President')]));

    const history = await customers.history({ id, limit: 2 });
    expect(
      history.items.map((entry) =>
        entry.changes.map(({ field, old, new: now, receipts }) => [
          field,
          old,
          now,
          receipts.map((one) => one.sent),
        ]),
      ),
    ).toEqual([
      [['jobTitle', 'Chair', 'President', ['President']]],
      [['jobTitle', 'Director', 'Chair', ['Chair']]],
    ]);
    const earlier = await customers.history({ id, limit: 50, cursor: history.next ?? '' });
    expect(earlier.items.length).toBeGreaterThan(0);
    expect(earlier.items.flatMap((entry) => entry.changes.flatMap((change) => change.receipts))).toEqual([]);
  });

  it('take a person’s edit as a claim of the hub, and its withdrawal', async () => {
    await edits.edit({ id, values: { jobTitle: 'Founder' }, by: 'ops' });
    await hub.settle();
    const told = await customers.explain({ id, field: 'jobTitle' });
    expect(told).toMatchObject({
      value: 'Founder',
      claims: [{ standing: 'winner', connection: 'hub', by: 'ops' }, {}, {}],
    });
    await edits.withdraw({ id, field: 'jobTitle' });
    await hub.settle();
    expect((await customers.explain({ id, field: 'jobTitle' })).value).toBe('President');
    await expect(edits.withdraw({ id, field: 'jobTitle' })).rejects.toMatchObject({ kind: 'unknown' });
  });

  it('are cleared by an edit to null', async () => {
    await edits.edit({ id, values: { 'social.linkedin': null }, by: 'ops' });
    await hub.settle();
    const told = await customers.explain({ id, field: 'social.linkedin' });
    expect(told).toMatchObject({ value: null, summary: expect.stringContaining('cleared it') as string });
  });

  it('point at an account by its id here', async () => {
    await hub.see('mail', 'account', [
      { id: 'A9', values: { name: 'Other Ltd', domain: 'other.example' }, at: '2026-01-01T00:00:00Z' },
    ]);
    const other = await hub.goldenOf('mail', 'A9');
    await edits.edit({ id, values: { account: other }, by: 'ops' });
    await hub.settle();
    const detail = await customers.find({ id });
    expect(detail.fields.find((field) => field.field === 'account')).toMatchObject({ refersTo: 'Other Ltd' });
    await expect(edits.edit({ id, values: { account: id }, by: 'ops' })).rejects.toMatchObject({
      field: 'account',
    });
  });

  it('are recognised by what a person entered', async () => {
    await edits.edit({ id, values: { email: 'anna.private@mail.example' }, by: 'ops' });
    await hub.settle();
    expect(await found('anna.private@mail.example')).toEqual(['Anna Müller']);
  });

  it.each([
    ['size', { size: 'many' }],
    ['jobTitel', { jobTitel: 'x' }],
    ['xref.crm', { 'xref.crm': '1' }],
  ])('refuse an edit of %s that cannot be', async (field, values) => {
    const entity = field === 'size' ? 'account' : 'customer';
    const target = entity === 'account' ? await hub.goldenOf('crm', 'A1') : id;
    await expect(edits.edit({ id: target, values, by: 'ops' })).rejects.toMatchObject({
      kind: 'invalid',
      field,
    });
  });

  it('are told apart from ids that are nobody’s', async () => {
    await expect(customers.find({ id: '00000000-0000-7000-8000-000000000000' })).rejects.toMatchObject({
      kind: 'unknown',
    });
    await expect(customers.find({ id, entity: 'account' })).rejects.toMatchObject({ kind: 'unknown' });
    await expect(customers.find({ id: 'x' })).rejects.toMatchObject({ kind: 'unknown' });
  });
});
