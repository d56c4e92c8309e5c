import { callsOf, type CallsView } from '../../src/connections/call-view.js';
import { ConnectionsService } from '../../src/connections/connections.service.js';
import { RunsService } from '../../src/runs/runs.service.js';
import type { RunReport } from '../../src/runs/run-report.js';
import { DAY_MS } from '../../src/sdk/index.js';
import { ApprovalService } from '../../src/sync/approval.service.js';
import { editHubSpot, inBoth, inHubSpot, inSalesforce, records, rowOf } from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds, type World } from './support/world.js';

/** A portal that allows few calls a day, and any number at a time. */
const portal = (daily: number) => ({ limits: { daily, burst: 100_000, searchPerSecond: 100_000 } });

function people(count: number): Record<string, string>[] {
  return Array.from({ length: count }, (_, index) => ({
    email: `person${String(index)}@many.example`,
    lastname: `Person ${String(index)}`,
  }));
}

async function reportOf(world: World, runId: string): Promise<RunReport> {
  const runs = world.get(RunsService);
  await runs.settle();
  const report = await runs.find(runId);
  if (report === null) throw new Error('The run is gone.');
  return report;
}

async function callsTo(world: World, name: string): Promise<CallsView> {
  const connection = (await world.get(ConnectionsService).directory()).named(name);
  if (connection === undefined) throw new Error(`There is no ${name}.`);
  const view = (await callsOf(world.database.prisma, [connection], Date.now())).get(connection.id);
  if (view === undefined) throw new Error(`Nothing is known of ${name}.`);
  return view;
}

/** The next day: HubSpot counts from nothing, and what waited for it may go on. */
async function tomorrow(world: World): Promise<void> {
  await world.later(DAY_MS);
  world.hubspot.control.newDay();
}

describe('a share of the calls a day', () => {
  const { open } = worlds();

  it('is kept to: a read waits in the middle, says until when, and goes on the next day, while others go on', async () => {
    const world = await open({
      portal: portal(40),
      limits: { hubspot: { dailyCallsPercent: 50 } },
      hubspot: { customer: { direction: 'pull' }, account: { direction: 'none' } },
      salesforce: { customer: { direction: 'pull' } },
    });
    inHubSpot(world, people(1500));
    inSalesforce(world, [{ LastName: 'Elsewhere', Email: 'elsewhere@other.example' }]);
    const { runId } = await world.begin();

    await world.until('the read waits', async () => (await reportOf(world, runId)).waits.length > 0);
    const report = await reportOf(world, runId);
    expect(report.state).toBe('running');
    expect(report.waits).toMatchObject([{ connection: 'hubspot', work: 'pull' }]);
    expect(report.waits[0]?.until.getTime()).toBeGreaterThan(Date.now());
    const [part] = report.parts.filter(({ connection }) => connection === 'hubspot');
    expect(part).toMatchObject({ state: 'pulling', progress: { waiting: { code: 'DAILY_SHARE_USED' } } });
    const read = report.counts.find(({ connection }) => connection === 'hubspot')?.read ?? 0;
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(1500);
    expect(world.hubspot.control.used()).toBeLessThanOrEqual(20);
    expect(await callsTo(world, 'hubspot')).toMatchObject({
      limit: 40,
      percent: 50,
      share: 20,
      used: world.hubspot.control.used(),
      others: 0,
      waiting: [{ work: 'pull' }],
    });
    expect(await world.ask.issues()).toMatchObject([
      { connection: 'hubspot', code: 'DAILY_SHARE_USED', severity: 'notice' },
    ]);
    await world.until('the other is read', async () =>
      (await reportOf(world, runId)).parts.some(
        ({ connection, state }) => connection === 'salesforce' && state === 'pulled',
      ),
    );

    // The wait outlives the process.
    await world.restart();
    for (let day = 0; day < 10 && (await reportOf(world, runId)).state === 'running'; day += 1) {
      await tomorrow(world);
      await world.until('the read goes on, and waits again or is done', async () => {
        const now = await reportOf(world, runId);
        return now.state !== 'running' || now.waits.length > 0;
      });
      expect(world.hubspot.control.used()).toBeLessThanOrEqual(20);
    }
    expect((await reportOf(world, runId)).state).toBe('settled');
    expect(await world.ask.howMany('customer')).toBe(1501);
    expect(await world.ask.issues()).toEqual([]);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  }, 180_000);

  it('is shared by reads and writes that nobody waits for: neither waits for the end of the other', async () => {
    const world = await open({
      portal: portal(400),
      limits: { hubspot: { dailyCallsPercent: 90 } },
      hubspot: { account: { direction: 'none' } },
      salesforce: { account: { direction: 'none' } },
    });
    const both = people(3000);
    inHubSpot(world, both);
    const ids = inSalesforce(
      world,
      both.map(({ email, lastname }) => ({ LastName: lastname, Email: email })),
    );
    await world.sync();
    await tomorrow(world);
    await world.apply({ limits: { hubspot: { dailyCallsPercent: 12 } } });
    for (const id of ids) world.salesforce.control.edit(id, { Title: 'Boss' });
    const writing = await world.begin({ full: true, only: ['salesforce'], approve: false });
    await world.until('the writes wait for a yes', async () => {
      return (await reportOf(world, writing.runId)).state === 'held';
    });
    const reading = await world.begin({ full: true, only: ['hubspot'], approve: false });
    await world.get(ApprovalService).approve(writing.runId, 'Grace');
    await world.until('both wait for tomorrow', async () => {
      const { waiting } = await callsTo(world, 'hubspot');
      return waiting.length === 2;
    });
    const { counts } = await reportOf(world, reading.runId);
    const read = counts.find(({ connection }) => connection === 'hubspot')?.read;
    const written = records(world).filter(({ properties }) => properties['jobtitle'] === 'Boss').length;
    expect(read).toBeGreaterThan(300);
    expect(read).toBeLessThan(3000);
    expect(written).toBeGreaterThan(300);
    expect(written).toBeLessThan(3000);
  }, 300_000);

  it('is smaller when other programs have used more than they are left', async () => {
    const world = await open({
      portal: portal(100),
      limits: { hubspot: { dailyCallsPercent: 50 } },
      salesforce: 'absent',
    });
    inHubSpot(world, people(3000));
    world.hubspot.control.useByOthers(80);
    const { runId } = await world.begin();
    await world.until('the read waits', async () => (await reportOf(world, runId)).waits.length > 0);
    const view = await callsTo(world, 'hubspot');
    expect(view.others).toBe(80);
    // A twentieth is left to others whatever they have used.
    expect(view.used).toBeLessThanOrEqual(15);
    expect(view.used).toBeGreaterThan(5);
    expect(world.hubspot.control.used()).toBe(80 + view.used);
  }, 180_000);

  it('goes to what somebody waits for before it goes to back-fill', async () => {
    const world = await open({ org: { apiLimit: 1000 }, limits: { salesforce: { dailyCallsPercent: 50 } } });
    const { sf, hs } = inBoth(world, { salesforce: { Title: 'CEO' }, hubspot: { jobtitle: 'CEO' } });
    await world.sync();
    // What is left is less than what is kept for webhooks and edits.
    world.salesforce.control.use(920);

    const { runId } = await world.begin({ full: true, only: ['salesforce'] });
    await world.until('back-fill waits', async () => (await reportOf(world, runId)).waits.length > 0);
    editHubSpot(world, hs, { jobtitle: 'CTO' });
    await world.begin({ only: ['hubspot'] });
    await world.until('the edit is in Salesforce', () => rowOf(world, sf)['Title'] === 'CTO');

    expect((await reportOf(world, runId)).waits).toMatchObject([{ connection: 'salesforce', work: 'pull' }]);
    const { left, until } = await callsTo(world, 'salesforce');
    expect(left.backfill).toBe(0);
    expect(left.urgent).toBeGreaterThan(0);
    expect(until).toMatchObject({ urgent: null });
    expect(until.backfill).not.toBeNull();
    world.salesforce.control.use(0);
    await world.later(DAY_MS);
    await world.until(
      'the full read is done',
      async () => (await reportOf(world, runId)).state === 'settled',
    );
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  }, 180_000);

  it('may be made larger while work waits: it goes on at once', async () => {
    const world = await open({
      portal: portal(200),
      limits: { hubspot: { dailyCallsPercent: 5 } },
      salesforce: 'absent',
    });
    inHubSpot(world, people(1000));
    const { runId } = await world.begin();
    await world.until('the read waits', async () => (await reportOf(world, runId)).waits.length > 0);
    await world.apply({ limits: { hubspot: { dailyCallsPercent: 90 } } });
    await world.until('it is done', async () => (await reportOf(world, runId)).state === 'settled');
    expect(await world.ask.howMany('customer')).toBe(1000);
    expect(await world.ask.issues()).toEqual([]);
  }, 180_000);
});

describe('a vendor that takes no more calls today', () => {
  const { open } = worlds();
  const refusal = { kind: 'status', status: 429, policyName: 'DAILY', times: 100_000 } as const;

  it('is waited for by writes, which go by themselves the next day, in the run that caused them', async () => {
    const world = await open();
    inSalesforce(world, [
      { LastName: 'One', Email: 'one@few.example' },
      { LastName: 'Two', Email: 'two@few.example' },
    ]);
    world.hubspot.control.fault({ ...refusal, path: '/batch/create' });
    const { runId } = await world.begin();
    await world.until('writes wait', async () =>
      (await reportOf(world, runId)).waits.some(({ work }) => work === 'push'),
    );
    expect(records(world)).toEqual([]);
    const refused = world.hubspot.control.calls().length;

    world.hubspot.control.clearFaults();
    await tomorrow(world);
    await world.until('the run has settled', async () => (await reportOf(world, runId)).state === 'settled');
    expect(records(world)).toHaveLength(2);
    expect(world.hubspot.control.calls().length).toBeGreaterThan(refused);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  }, 180_000);

  it('is asked again when a person starts a sync', async () => {
    const world = await open();
    inSalesforce(world, [{ LastName: 'One', Email: 'one@few.example' }]);
    world.hubspot.control.fault({ ...refusal, path: '/batch/create' });
    const { runId } = await world.begin();
    await world.until('writes wait', async () =>
      (await reportOf(world, runId)).waits.some(({ work }) => work === 'push'),
    );
    world.hubspot.control.clearFaults();
    await world.sync();
    expect(records(world)).toHaveLength(1);
    expect((await reportOf(world, runId)).state).toBe('settled');
  }, 180_000);
});
