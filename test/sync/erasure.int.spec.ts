import { SANDBOX_CLIENT_SECRET } from '../../connectors/hubspot/sandbox/index.js';
import { EditService } from '../../src/customers/edit.service.js';
import { ErasureService } from '../../src/erasure/erasure.service.js';
import type { ErasureView } from '../../src/erasure/erasure-list.repository.js';
import { MergeService } from '../../src/identity/merge.service.js';
import {
  editHubSpot,
  editSalesforce,
  inBoth,
  inHubSpot,
  inSalesforce,
  records,
  rows,
} from './support/people.js';
import { tracesOf } from './support/traces.js';
import { worlds, type World, type WorldOptions } from './support/world.js';

/** Texts that nothing else in the hub holds. */
const ADA = {
  email: 'ada@byron-erasure.example',
  first: 'Adalia',
  last: 'Byronova',
  salesforce: { Title: 'Countess of Lovelace', Phone: '+1 415 555 2671' },
  hubspot: { jobtitle: 'Analyst of Engines', mobilephone: '+49 30 901820' },
};
const VALUES = [
  'byron-erasure',
  'Adalia',
  'Byronova',
  'Lovelace',
  'Engines',
  '5552671',
  '901820',
  'Enchantress',
];

/** A machine that has much else to do takes long. */
const LIMIT_MS = 300_000;

describe('erasing a person', () => {
  const { open } = worlds();

  /** Ada in both systems, with a history, and somebody else who stays. */
  async function known(
    options: WorldOptions = {},
  ): Promise<{ world: World; id: string; ids: readonly string[] }> {
    const world = await open(options);
    inBoth(world, { email: 'bob@stays.example', first: 'Bob', last: 'Stays' });
    const { sf, hs } = inBoth(world, ADA);
    await world.sync();
    editSalesforce(world, sf, { Title: 'Enchantress of Numbers' });
    await world.sync();
    const { id } = await world.ask.behind(sf);
    return { world, id, ids: [sf, hs] };
  }

  const erase = async (world: World, id: string): Promise<ErasureView> =>
    world.get(ErasureService).erase({ id, by: 'Olga' });

  const over = async (world: World, erasureId: string): Promise<ErasureView> => {
    await world.until('the erasure is over', async () => {
      const { state } = await world.get(ErasureService).find(erasureId);
      return state === 'done';
    });
    return world.get(ErasureService).find(erasureId);
  };

  it(
    'leaves nothing of them in any table, nor in the systems, and gives receipts',
    async () => {
      const { world, id, ids } = await known();
      await world.get(EditService).edit({ id, values: { jobTitle: 'Enchantress' }, by: 'Olga' });
      await world.settled();
      expect(await tracesOf(world.database, VALUES)).not.toEqual([]);
      const { id: erasureId } = await erase(world, id);
      expect(await tracesOf(world.database, VALUES)).toEqual([]);
      const done = await over(world, erasureId);
      expect(done.receipts.map(({ connection, action, outcome }) => [connection, action, outcome])).toEqual([
        ['salesforce', 'delete', 'erased'],
        ['hubspot', 'delete', 'erased'],
      ]);
      expect(rows(world).map((row) => row['LastName'])).toEqual(['Stays']);
      expect(world.salesforce.control.record(ids[0] ?? '')).toBeUndefined();
      expect(records(world).map((record) => record.properties['lastname'])).toEqual(['Stays']);
      // A cursor may rest on the last record it read, until the next one is read.
      const traces = (await tracesOf(world.database, [...VALUES, ...ids])).filter(
        (trace) => !trace.startsWith('sync_cursor'),
      );
      expect(traces).toEqual([]);
      await expect(erase(world, id)).rejects.toMatchObject({ kind: 'unknown' });
    },
    LIMIT_MS,
  );

  it(
    'keeps them out, by record, e-mail or phone with name, counts it, and lets others in',
    async () => {
      const { world, id } = await known({ salesforce: { customer: { onErase: 'keep' } } });
      await over(world, (await erase(world, id)).id);
      expect(rows(world)).toHaveLength(2);
      inHubSpot(world, [
        { email: 'ADA@Byron-Erasure.example', lastname: 'Byronova' },
        { firstname: 'Adalia', lastname: 'King', mobilephone: '0049 30 901820' },
        { firstname: 'Carl', lastname: 'Colleague', mobilephone: '+49 30 901820' },
      ]);
      await world.sync({ full: true });
      expect(
        await tracesOf(
          world.database,
          VALUES.filter((value) => value !== '901820'),
        ),
      ).toEqual([]);
      expect(await world.ask.howMany('customer')).toBe(2);
      const [suppression] = await world.get(ErasureService).suppressions();
      expect(suppression?.hits).toBeGreaterThanOrEqual(3);
      expect((await world.sync()).writes).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'lets them in again once somebody who knows them says so',
    async () => {
      const { world, id } = await known({ salesforce: { customer: { onErase: 'keep' } } });
      await over(world, (await erase(world, id)).id);
      const service = world.get(ErasureService);
      await expect(service.lift({ identifier: 'eve@else.example', by: 'Olga' })).rejects.toMatchObject({
        kind: 'unknown',
      });
      await service.lift({ identifier: ' Ada@byron-erasure.example', by: 'Olga' });
      await world.sync({ full: true });
      expect(await world.ask.howMany('customer')).toBe(2);
      expect(await service.suppressions()).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'goes on where a system is out of reach, and is seen to wait until then',
    async () => {
      const { world, id } = await known();
      world.hubspot.control.fault({ kind: 'status', status: 400, path: 'gdpr-delete', times: 1 });
      const { id: erasureId } = await erase(world, id);
      const service = world.get(ErasureService);
      await world.until('the attempt is known', async () => {
        const { receipts } = await service.find(erasureId);
        return receipts.some((receipt) => receipt.problem !== null);
      });
      expect(await service.summary()).toMatchObject({ pending: 1 });
      expect(await tracesOf(world.database, VALUES)).toEqual([]);
      await world.restart();
      await world.get(ErasureService).retry();
      const done = await over(world, erasureId);
      expect(done.receipts.map((receipt) => receipt.outcome)).toEqual(['erased', 'erased']);
    },
    LIMIT_MS,
  );

  it(
    'archives, or leaves alone, as each connection says',
    async () => {
      const { world, id, ids } = await known({
        salesforce: { customer: { onErase: 'archive' } },
        hubspot: { customer: { direction: 'pull', create: false } },
      });
      const done = await over(world, (await erase(world, id)).id);
      expect(done.receipts).toMatchObject([
        { connection: 'salesforce', outcome: 'archived' },
        { connection: 'hubspot', outcome: 'kept', note: expect.stringContaining('only read') as string },
      ]);
      expect(world.salesforce.control.record(ids[0] ?? '')).toMatchObject({ IsDeleted: true });
      expect(records(world)).toHaveLength(2);
    },
    LIMIT_MS,
  );

  it(
    'takes their values out of the history of whom they were merged with for a while',
    async () => {
      const { world, id } = await known();
      const [other = ''] = inSalesforce(world, [
        { LastName: 'Other', Email: 'other@stays.example', Title: 'Other title' },
      ]);
      await world.sync();
      const merges = world.get(MergeService);
      const { survivorId } = await merges.merge(id, (await world.ask.behind(other)).id, 'Olga');
      await world.settled();
      await merges.unmerge({ id: survivorId, by: 'Olga' });
      await world.settled();
      await world.sync();
      expect(await tracesOf(world.database, VALUES)).not.toEqual([]);
      const ada = (await world.ask.howMany('customer')) === 3 ? await behindAda(world) : '';
      await over(world, (await erase(world, ada)).id);
      expect(await tracesOf(world.database, VALUES)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'finds and erases what a create without an answer has made',
    async () => {
      const world = await open();
      const [sf = ''] = inSalesforce(world, [{ Email: ADA.email, FirstName: ADA.first, LastName: ADA.last }]);
      world.hubspot.control.fault({ kind: 'lost-answer', path: '/contacts/batch/create' });
      await world.begin();
      await world.until('the answer is lost', async () => {
        const intents = await world.database.prisma.pushIntent.findMany();
        return records(world).length === 1 && intents.some((intent) => intent.sentAt !== null);
      });
      const { id } = await world.ask.behind(sf);
      const { id: erasureId } = await erase(world, id);
      world.hubspot.control.catchUp();
      await world.get(ErasureService).retry();
      const done = await over(world, erasureId);
      expect(done.receipts.map((receipt) => receipt.outcome)).toEqual(['erased', 'erased']);
      expect(records(world)).toEqual([]);
      expect(await tracesOf(world.database, VALUES)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'told by HubSpot, is done everywhere where the connection says so, and else asked about',
    async () => {
      const { world, id, ids } = await known();
      world.hubspot.control.subscribe({ targetUrl: world.webhookUrl, clientSecret: SANDBOX_CLIENT_SECRET });
      world.hubspot.control.erase('contacts', ids[1] ?? '');
      await world.until('somebody is asked', async () =>
        (await world.ask.issues()).some(
          (issue) => issue.code === 'ERASED_IN_SYSTEM' && issue.customerId === id,
        ),
      );
      expect(rows(world)).toHaveLength(2);

      const other = await known({ hubspot: { customer: { onErased: 'erase' } } });
      other.world.hubspot.control.subscribe({
        targetUrl: other.world.webhookUrl,
        clientSecret: SANDBOX_CLIENT_SECRET,
      });
      other.world.hubspot.control.erase('contacts', other.ids[1] ?? '');
      await other.world.until('Salesforce has nobody of that name', () => rows(other.world).length === 1);
      const [erasure] = await other.world.get(ErasureService).list();
      expect(erasure).toMatchObject({ trigger: 'webhook', by: 'hubspot', customerId: other.id });
      await other.world.settled();
      expect(await tracesOf(other.world.database, VALUES)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'refuses accounts, and plans without changing anything',
    async () => {
      const { world, id, ids } = await known();
      inSalesforce(world, [{ Name: 'Engines Ltd' }], { type: 'Account' });
      await world.sync();
      const account = await world.database.prisma.golden.findFirstOrThrow({ where: { entity: 'account' } });
      await expect(erase(world, account.id)).rejects.toMatchObject({ kind: 'invalid' });
      const plan = await world.get(ErasureService).plan(id);
      expect(plan.records.map(({ connection, action }) => [connection, action])).toEqual([
        ['salesforce', 'delete'],
        ['hubspot', 'delete'],
      ]);
      expect(await world.get(ErasureService).list()).toEqual([]);
      editHubSpot(world, ids[1] ?? '', { jobtitle: 'Still here' });
      await world.sync();
      expect(rows(world).map((row) => row['Title'])).toContain('Still here');
    },
    LIMIT_MS,
  );

  async function behindAda(world: World): Promise<string> {
    const record = await world.database.prisma.identifier.findFirstOrThrow({
      where: { kind: 'email', value: ADA.email },
    });
    const { goldenId } = await world.database.prisma.sourceRecord.findFirstOrThrow({
      where: { id: record.recordId },
    });
    return goldenId ?? '';
  }
});
