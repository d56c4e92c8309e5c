import fc from 'fast-check';
import { createTestHub, type TestHub } from '../../test/helpers/hub.js';
import { CustomersService } from '../customers/customers.service.js';
import { EditService } from '../customers/edit.service.js';
import { execute, rows, sql } from '../platform/database/index.js';
import { CandidatesService } from './candidates.service.js';
import { MergeService } from './merge.service.js';

const AT = '2026-01-01T00:00:00Z';

/** What exists of customers and links, without what a merge and its undoing may leave: versions and times of rows. */
async function picture(hub: TestHub): Promise<unknown> {
  const golden = await rows(
    hub.database.prisma,
    sql`select id::text as id, fields, provenance, title, search, merged_into::text as into from golden order by id`,
  );
  const links = await rows(
    hub.database.prisma,
    sql`select id::text as id, golden_id::text as golden, link_rule, linked_at, fields from source_record order by id`,
  );
  return { golden, links };
}

describe('merging', () => {
  let hub: TestHub;
  let merges: MergeService;
  let customers: CustomersService;
  let edits: EditService;

  beforeEach(async () => {
    hub = await createTestHub();
    merges = new MergeService(hub.database);
    customers = new CustomersService(hub.database, hub.connections, hub.rules);
    edits = new EditService(hub.database);
  });

  afterEach(() => hub.drop());

  const person = async (
    connection: string,
    id: string,
    values: Record<string, string>,
    at = AT,
  ): Promise<string> => {
    await hub.see(connection, 'customer', [{ id, values, at }]);
    return hub.goldenOf(connection, id);
  };

  it('makes one customer of two; the older id stays and the other becomes its alias', async () => {
    const a = await person('crm', 'C1', { givenName: 'Anna', email: 'anna@x.example' });
    const b = await person('mail', 'M1', { givenName: 'Ann', email: 'ann@y.example', phone: '+49301234567' });
    const merged = await merges.merge(b, a, 'ops');
    await hub.settle();
    expect(merged).toMatchObject({ survivorId: a, mergedId: b });
    const detail = await customers.find({ id: b });
    expect(detail).toMatchObject({ id: a, aliases: [b], merges: [{ mergedId: b, by: 'ops' }] });
    expect(detail.records.map((record) => record.externalId)).toEqual(['C1', 'M1']);
    expect(detail.fields.map((field) => field.field)).toContain('phone');
  });

  it('refuses to merge one with itself, two of different kinds, and what is not there', async () => {
    const a = await person('crm', 'C1', { email: 'anna@x.example' });
    const b = await person('mail', 'M1', { email: 'ann@y.example' });
    await hub.see('crm', 'account', [{ id: 'A1', values: { name: 'Acme' }, at: AT }]);
    const account = await hub.goldenOf('crm', 'A1');
    await expect(merges.merge(a, account, 'ops')).rejects.toMatchObject({ kind: 'conflict' });
    await expect(merges.merge(a, '00000000-0000-7000-8000-000000000000', 'ops')).rejects.toMatchObject({
      kind: 'unknown',
      field: 'b',
    });
    await merges.merge(a, b, 'ops');
    await expect(merges.merge(a, b, 'ops')).rejects.toMatchObject({ kind: 'conflict', field: 'b' });
    await expect(merges.unmerge({ id: account, by: 'ops' })).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('is undone exactly, whatever was edited before', async () => {
    const field = fc.constantFrom('givenName', 'jobTitle', 'email', 'phone', 'tags', 'custom.tier');
    const value = fc.constantFrom('a', 'b', 'anna@x.example', '+49301234567', 'A', null);
    const edit = fc.record({ who: fc.nat(5), field, value, by: fc.constantFrom('system', 'person') });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 6 }), fc.nat(2), async (list, nested) => {
        await execute(
          hub.database.prisma,
          sql`truncate source_record, identifier, golden, golden_change, resolve_task,
          push_intent, merge, match_decision, match_candidate, sync_issue`,
        );
        const ids = ['C1', 'C2', 'C3'];
        const mails = ['M1', 'M2', 'M3'];
        for (const [index, id] of ids.entries()) {
          const own = { email: `p${String(index)}@x.example`, familyName: `Name${String(index)}` };
          await hub.see('crm', 'customer', [{ id, values: own, at: AT }]);
          await hub.see('mail', 'customer', [{ id: mails[index] ?? '', values: own, at: AT }]);
        }
        for (const [index, { who, field: name, value: text, by }] of list.entries()) {
          const connection = who < 3 ? 'crm' : 'mail';
          const record = (who < 3 ? ids : mails)[who % 3] ?? '';
          const at = new Date(Date.parse(AT) + (index + 1) * 60_000).toISOString();
          const given = name === 'tags' && text !== null ? [text] : text;
          if (by === 'system') {
            await hub.see(connection, 'customer', [{ id: record, values: { [name]: given }, at }]);
          } else if (name !== 'email' && name !== 'phone') {
            await edits.edit({
              id: await hub.goldenOf(connection, record),
              values: { [name]: given },
              by: 'ops',
            });
            await hub.settle();
          }
        }
        const golden = await Promise.all(ids.map((id) => hub.goldenOf('crm', id)));
        const distinct = [...new Set(golden)];
        const [a, b, c] = distinct;
        if (a === undefined || b === undefined) return;
        const before = await picture(hub);
        await merges.merge(a, b, 'ops');
        if (nested > 0 && c !== undefined) await merges.merge(b, c, 'ops');
        await hub.settle();
        const undone = nested === 2 ? [b, c] : [c, b];
        for (const id of undone) {
          if (id === undefined || (id === c && nested === 0)) continue;
          await merges.unmerge({ id, by: 'ops' });
          await hub.settle();
        }
        expect(await picture(hub)).toEqual(before);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('leaves a later merge in force when an earlier one is undone', async () => {
    const a = await person('crm', 'C1', { email: 'a@x.example' });
    const b = await person('crm', 'C2', { email: 'b@x.example' });
    const c = await person('crm', 'C3', { email: 'c@x.example' });
    await merges.merge(b, c, 'ops');
    await merges.merge(a, b, 'ops');
    const undone = await merges.unmerge({ id: c, by: 'ops' });
    await hub.settle();
    expect(undone).toMatchObject({ survivorId: a, revivedId: c });
    expect(await hub.goldenOf('crm', 'C2')).toBe(a);
    expect(await hub.goldenOf('crm', 'C3')).toBe(c);
    expect((await customers.find({ id: b })).id).toBe(a);
    await merges.unmerge({ id: a, by: 'ops' });
    await hub.settle();
    expect(await hub.goldenOf('crm', 'C2')).toBe(b);
  });

  it('stays undone when the rules look again', async () => {
    const a = await person('crm', 'C1', { email: 'a@x.example', familyName: 'Ash' });
    const b = await person('mail', 'M1', { email: 'b@x.example', familyName: 'Ash' });
    await merges.merge(a, b, 'ops');
    await hub.settle();
    await merges.unmerge({ id: b, by: 'ops' });
    await hub.settle();
    await hub.see('mail', 'customer', [
      { id: 'M1', values: { email: 'a@x.example' }, at: '2026-02-01T00:00:00Z' },
    ]);
    expect(await hub.goldenOf('mail', 'M1')).toBe(b);
    expect(await hub.goldenOf('crm', 'C1')).toBe(a);
  });

  it('places anew what rules linked while it lasted, and leaves what the hub made', async () => {
    const a = await person('crm', 'C1', { email: 'a@x.example', familyName: 'Ash' });
    const b = await person('crm', 'C2', { email: 'b@x.example', familyName: 'Birch' });
    await merges.merge(a, b, 'ops');
    await hub.settle();
    await hub.see('mail', 'customer', [
      { id: 'M2', values: { email: 'b@x.example', familyName: 'Birch' }, at: AT },
      { id: 'M9', values: { email: 'z@x.example' }, at: AT },
    ]);
    await execute(
      hub.database.prisma,
      sql`update source_record set golden_id = ${a}::uuid, link_rule = 'made by the hub', linked_at = now() where external_id = 'M9'`,
    );
    expect(await hub.goldenOf('mail', 'M2')).toBe(a);
    const undone = await merges.unmerge({ id: b, by: 'ops' });
    await hub.settle();
    expect(undone.replaced).toEqual([await hub.recordOf('mail', 'M2')]);
    expect(await hub.goldenOf('mail', 'M2')).toBe(b);
    expect(await hub.goldenOf('mail', 'M9')).toBe(a);
  });

  it('lets references follow, both ways', async () => {
    for (const id of ['A1', 'A2']) {
      await hub.see('crm', 'account', [{ id, values: { name: `Account ${id}` }, at: AT }]);
    }
    const [a, b] = [await hub.goldenOf('crm', 'A1'), await hub.goldenOf('crm', 'A2')];
    await hub.see('crm', 'customer', [
      {
        id: 'C1',
        values: { email: 'a@x.example', account: { ref: { object: 'company', id: 'A2' } } },
        at: AT,
      },
    ]);
    const id = await hub.goldenOf('crm', 'C1');
    const account = async (): Promise<unknown> =>
      (await customers.find({ id })).fields.find((field) => field.field === 'account')?.value;
    await merges.merge(a, b, 'ops');
    await hub.settle();
    expect(await account()).toBe(a);
    await merges.unmerge({ id: b, by: 'ops' });
    await hub.settle();
    expect(await account()).toBe(b);
  });
});

describe('match candidates', () => {
  let hub: TestHub;
  let candidates: CandidatesService;
  let a: string;
  let b: string;

  beforeEach(async () => {
    hub = await createTestHub();
    candidates = new CandidatesService(hub.database, new MergeService(hub.database));
    await hub.see('crm', 'customer', [
      { id: 'C1', values: { givenName: 'Anna', familyName: 'Ash', email: 'a@x.example' }, at: AT },
    ]);
    await hub.see('mail', 'customer', [
      { id: 'M1', values: { givenName: 'Bert', familyName: 'Birch', email: 'b@x.example' }, at: AT },
    ]);
    [a, b] = [await hub.recordOf('crm', 'C1'), await hub.recordOf('mail', 'M1')];
    await execute(
      hub.database.prisma,
      sql`insert into match_candidate (record_a, record_b, entity, rule, reason)
       values (${a}::bigint, ${b}::bigint, 'customer', 'test', 'A test says so.')`,
    );
  });

  afterEach(() => hub.drop());

  it('show both records with what they can be told by', async () => {
    const page = await candidates.list({ limit: 10 });
    expect(page.items).toMatchObject([
      {
        reason: 'A test says so.',
        a: {
          connection: 'crm',
          externalId: 'C1',
          customerTitle: 'Anna Ash',
          values: { email: 'a@x.example' },
        },
        b: { connection: 'mail', externalId: 'M1', values: { familyName: 'Birch' } },
      },
    ]);
  });

  it('become one customer when a person says same', async () => {
    const said = await candidates.decide({ a: b, b: a, verdict: 'same', by: 'ops' });
    await hub.settle();
    expect(said.survivorId).toBe(await hub.goldenOf('crm', 'C1'));
    expect(await hub.goldenOf('mail', 'M1')).toBe(said.survivorId);
    expect((await candidates.list({ limit: 10 })).items).toEqual([]);
  });

  it('are gone for good when a person says not same', async () => {
    await candidates.decide({ a, b, verdict: 'notSame', by: 'ops' });
    await hub.settle();
    await hub.see('mail', 'customer', [
      { id: 'M1', values: { email: 'a@x.example' }, at: '2026-02-01T00:00:00Z' },
    ]);
    expect((await candidates.list({ limit: 10 })).items).toEqual([]);
    expect(await hub.goldenOf('mail', 'M1')).not.toBe(await hub.goldenOf('crm', 'C1'));
  });

  it('are parted again when a person changes their mind', async () => {
    await candidates.decide({ a, b, verdict: 'same', by: 'ops' });
    await hub.settle();
    await candidates.decide({ a, b, verdict: 'notSame', by: 'ops' });
    await hub.settle();
    expect(await hub.goldenOf('mail', 'M1')).not.toBe(await hub.goldenOf('crm', 'C1'));
  });

  it('refuse a record that is not there, and one with itself', async () => {
    await expect(candidates.decide({ a, b: '999', verdict: 'same', by: 'ops' })).rejects.toMatchObject({
      kind: 'unknown',
      field: 'b',
    });
    await expect(candidates.decide({ a, b: a, verdict: 'same', by: 'ops' })).rejects.toMatchObject({
      field: 'b',
    });
  });
});
