import { UndoService, type Undone } from '../../src/sync/undo.service.js';
import { RunsService } from '../../src/runs/runs.service.js';
import {
  DAY,
  editHubSpot,
  editSalesforce,
  inBoth,
  inHubSpot,
  propertiesOf,
  records,
  rowOf,
  rows,
} from './support/people.js';
import { around, dealProperties, DEALS, onlyDeal, opportunity } from './support/deals.js';
import { worlds, type World } from './support/world.js';

const TEST_MS = 90_000;

/** Whose title in HubSpot is the newer one. */
const DIFFERING = {
  salesforce: { Title: 'Clerk', Phone: '+1 212 555 0100' },
  hubspot: { jobtitle: 'Chief', phone: '+1 212 555 0199' },
  ago: { salesforce: 9 * DAY, hubspot: DAY },
};

async function undo(world: World, runId: string, dryRun = false): Promise<Undone> {
  const undone = await world.get(UndoService).undo(runId, { by: 'Grace', dryRun });
  await world.settled();
  await world.get(RunsService).settle();
  return undone;
}

describe('undoing a run', () => {
  const { open } = worlds();

  it(
    'writes back what was there, and stays so',
    async () => {
      const world = await open();
      const { sf, hs } = inBoth(world, DIFFERING);
      const { report } = await world.sync();
      expect(rowOf(world, sf)).toMatchObject({ Title: 'Chief' });

      expect(await undo(world, report.id, true)).toMatchObject({ runId: null, reverted: 1, notUndone: 0 });
      expect(rowOf(world, sf)).toMatchObject({ Title: 'Chief' });
      const undone = await undo(world, report.id);

      expect(undone).toMatchObject({ undoes: report.id, reverted: 1, archived: 0, notUndone: 0 });
      expect(rowOf(world, sf)).toMatchObject({ Title: 'Clerk', Phone: '+1 212 555 0100' });
      expect(propertiesOf(world, hs)).toMatchObject({ jobtitle: 'Chief' });
      expect(await world.ask.golden(sf, 'jobTitle')).toBe('Chief');
      expect((await world.sync()).writes).toEqual([]);
      expect((await world.sync({ full: true })).writes).toEqual([]);
      expect(new Set((await world.ask.issues()).map((issue) => issue.code))).toEqual(new Set(['HELD_BACK']));
      const run = await world.get(RunsService).find(undone.runId ?? '');
      expect(run).toMatchObject({ trigger: 'undo', state: 'settled' });

      editHubSpot(world, hs, { jobtitle: 'Boss' });
      await world.sync();
      expect(rowOf(world, sf)).toMatchObject({ Title: 'Boss', Phone: '+1 212 555 0100' });
    },
    TEST_MS,
  );

  it('can itself be undone', async () => {
    const world = await open();
    const { sf } = inBoth(world, DIFFERING);
    const { report } = await world.sync();
    const undone = await undo(world, report.id);
    expect(rowOf(world, sf)).toMatchObject({ Title: 'Clerk' });
    await undo(world, undone.runId ?? '');
    expect(rowOf(world, sf)).toMatchObject({ Title: 'Chief' });
    expect(await world.ask.issues()).toEqual([]);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('leaves what somebody changed since, and lists it', async () => {
    const world = await open();
    const { sf } = inBoth(world, DIFFERING);
    const { report } = await world.sync();
    editSalesforce(world, sf, { Title: 'Boss' });
    await world.sync();
    const undone = await undo(world, report.id);
    expect(undone).toMatchObject({ reverted: 1, notUndone: 1 });
    expect(undone.listed).toMatchObject([
      { connection: 'salesforce', field: 'jobTitle', obstacle: 'changed' },
    ]);
    expect(rowOf(world, sf)).toMatchObject({ Title: 'Boss', Phone: '+1 212 555 0100' });
  });

  it('archives what it made, and does not make it again', async () => {
    const world = await open({ salesforce: { customer: { onDelete: 'archive' } } });
    const [hs = ''] = inHubSpot(world, [{ email: 'ada@byron.example', firstname: 'Ada', lastname: 'Byron' }]);
    const { report } = await world.sync();
    expect(rows(world)).toHaveLength(1);
    expect(await undo(world, report.id)).toMatchObject({ reverted: 0, archived: 1, notUndone: 0 });
    expect(rows(world)).toEqual([]);
    editHubSpot(world, hs, { jobtitle: 'Chief' });
    await world.sync();
    expect((await world.sync({ full: true })).writes).toEqual([]);
    expect(rows(world)).toEqual([]);
    expect(records(world)).toHaveLength(1);
  });

  it('says how to bring back what the run archived, for the systems have no call for it', async () => {
    const world = await open({
      salesforce: { customer: { onDelete: 'archive' } },
      hubspot: { customer: { onDelete: 'archive' } },
    });
    const [ada, bob] = [
      inBoth(world),
      inBoth(world, { email: 'bob@two.example', first: 'Bob', last: 'Two' }),
    ];
    await world.sync();
    world.hubspot.control.archive('contacts', ada.hs);
    world.salesforce.control.remove(bob.sf);
    const { report } = await world.sync();
    expect([rows(world), records(world)].map((left) => left.length)).toEqual([0, 0]);
    const { listed, reverted, notUndone } = await undo(world, report.id);
    expect([reverted, notUndone]).toEqual([0, 2]);
    expect([...listed].sort((a, b) => b.connection.localeCompare(a.connection))).toMatchObject([
      {
        connection: 'salesforce',
        externalId: ada.sf,
        obstacle: 'archived',
        url: expect.stringContaining(ada.sf) as string,
        byHand: expect.stringContaining('Recycle Bin') as string,
      },
      {
        connection: 'hubspot',
        externalId: bob.hs,
        obstacle: 'archived',
        byHand: expect.stringContaining('Restore records') as string,
      },
    ]);
    world.salesforce.control.undelete(ada.sf);
    await world.sync();
    expect((await world.ask.behind(ada.sf)).records.map(({ state }) => state)).toContain('live');
  });

  it('of deals and accounts writes back, and archives, as it does of customers', async () => {
    const world = await open(DEALS);
    const { sf, hs } = await around(world);
    const deal = opportunity(world, { AccountId: sf.acme }, [sf.ada]);
    const made = await world.sync();
    const hubSpotId = onlyDeal(world);
    editSalesforce(world, deal, { StageName: 'Closed Won', Amount: 2000 });
    editSalesforce(world, sf.acme, { Website: 'https://new.acme.example' });
    const changed = await world.sync();
    expect(dealProperties(world, hubSpotId)).toMatchObject({ amount: '2000', dealstage: 'closedwon' });

    expect(await undo(world, changed.report.id)).toMatchObject({ reverted: 2, notUndone: 0 });
    expect(dealProperties(world, hubSpotId)).toMatchObject({
      amount: '1000.1',
      dealstage: 'qualifiedtobuy',
    });
    expect(propertiesOf(world, hs.acme, 'companies')['website']).toBe('https://acme.example');
    expect(rowOf(world, deal)).toMatchObject({ StageName: 'Closed Won', Amount: 2000 });
    expect((await world.sync({ full: true })).writes).toEqual([]);

    await undo(world, made.report.id);
    expect((await world.sync({ full: true })).writes).toEqual([]);
    expect(rows(world, 'Opportunity')).toHaveLength(1);
  });

  it('is refused for a run that is not there', async () => {
    const world = await open();
    await expect(undo(world, 'nonsense')).rejects.toMatchObject({ kind: 'unknown' });
  });
});
