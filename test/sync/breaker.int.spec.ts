import { EditService } from '../../src/customers/edit.service.js';
import { RunsService } from '../../src/runs/runs.service.js';
import { ApprovalService, type HeldWrites } from '../../src/sync/approval.service.js';
import { editHubSpot, inBoth, inHubSpot, propertiesOf, records, rowOf, rows } from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds, type World } from './support/world.js';

const LIMITS = { percent: 30, atLeast: 3 };
const PEOPLE = [0, 1, 2, 3, 4, 5, 6, 7];

function person(world: World, index: number): { readonly sf: string; readonly hs: string } {
  return inBoth(world, {
    email: `person${String(index)}@people.example`,
    first: 'Person',
    last: `Number${'abcdefgh'[index] ?? ''}`,
    salesforce: { Title: 'Clerk' },
    hubspot: { jobtitle: 'Clerk' },
  });
}

async function heldOf(world: World): Promise<readonly HeldWrites[]> {
  return world.get(ApprovalService).held();
}

async function onlyHeld(world: World): Promise<HeldWrites> {
  const [one, ...more] = await heldOf(world);
  if (one === undefined || more.length > 0) throw new Error(`${String(more.length)} more are held.`);
  return one;
}

async function codes(world: World): Promise<readonly string[]> {
  return (await world.ask.issues()).map((issue) => issue.code);
}

describe('the first writes to a system that holds records', () => {
  const { open } = worlds();

  it('wait until somebody has seen what would happen, and go when they are approved', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world, {
      salesforce: { Title: 'Chief' },
      hubspot: { jobtitle: 'Clerk' },
      ago: { salesforce: 60, hubspot: 9_000 },
    });

    const { report, writes } = await world.sync({ approve: false });

    expect(writes).toEqual([]);
    expect(report).toMatchObject({ state: 'held', finishedAt: null });
    expect(await codes(world)).toEqual(['RUN_HELD']);
    const held = await onlyHeld(world);
    expect(held).toMatchObject({ runId: report.id, connection: 'hubspot', reason: 'first', state: 'held' });
    expect(held.writes).toEqual([{ object: 'contact', kind: 'update', count: 1 }]);
    expect(held.samples).toMatchObject([
      {
        operation: 'update',
        externalId: hs,
        title: 'Ada Byron',
        fields: [
          { field: 'jobTitle', from: 'Clerk', to: 'Chief', rule: 'most-recent', winner: 'salesforce' },
        ],
      },
    ]);

    await world.get(ApprovalService).approve(report.id, 'Grace');
    await world.settled();

    expect(propertiesOf(world, hs)['jobtitle']).toBe('Chief');
    await world.get(RunsService).settle();
    const after = await world.get(RunsService).find(report.id);
    expect(after).toMatchObject({ state: 'settled', gates: [{ state: 'approved', decidedBy: 'Grace' }] });
    expect(after?.gates[0]?.decidedAt).toBeInstanceOf(Date);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    editHubSpot(world, hs, { jobtitle: 'Boss' });
    expect((await world.sync({ approve: false })).report.state).toBe('settled');
    expect(rowOf(world, sf)['Title']).toBe('Boss');
  });

  it('are not asked for where a system holds nothing', async () => {
    const world = await open();
    inHubSpot(world, [{ email: 'ada@byron.example', firstname: 'Ada', lastname: 'Byron' }]);
    expect((await world.sync({ approve: false })).report.state).toBe('settled');
    expect(rows(world)).toHaveLength(1);
  });

  it('are asked for again when a connection becomes writable', async () => {
    const world = await open({ salesforce: { customer: { direction: 'pull', create: false } } });
    const { sf, hs } = inBoth(world, { hubspot: { jobtitle: 'Chief' } });
    await world.sync();
    await world.apply({ salesforce: { customer: { direction: 'both' } } });
    editHubSpot(world, hs, { jobtitle: 'Boss' });
    const { writes } = await world.sync({ approve: false });
    expect(writes).toEqual([]);
    expect(await onlyHeld(world)).toMatchObject({ connection: 'salesforce', reason: 'first' });
    expect(rowOf(world, sf)['Title']).toBeNull();
  });
});

describe('a run that would change more of a system than its limit', () => {
  const { open } = worlds();

  async function peopled(
    onDelete: 'keep' | 'archive' = 'keep',
  ): Promise<{ world: World; people: readonly { sf: string; hs: string }[] }> {
    const world = await open({
      salesforce: { customer: { breaker: LIMITS } },
      hubspot: { customer: { breaker: LIMITS, onDelete } },
    });
    const people = PEOPLE.map((index) => person(world, index));
    await world.sync();
    return { world, people };
  }

  async function changeMany(world: World, people: readonly { hs: string }[]): Promise<HeldWrites> {
    for (const { hs } of people.slice(0, 4)) editHubSpot(world, hs, { jobtitle: 'Intern' });
    const { writes } = await world.sync({ approve: false });
    expect(writes).toEqual([]);
    return onlyHeld(world);
  }

  it('stops before its first write, while single edits of people go on', async () => {
    const { world, people } = await peopled();
    const held = await changeMany(world, people);
    expect(held).toMatchObject({ connection: 'salesforce', reason: 'many', records: { customer: 8 } });
    expect(held.writes).toEqual([{ object: 'contact', kind: 'update', count: 4 }]);

    const other = people[6];
    if (other === undefined) throw new Error('Nobody.');
    const { id } = await world.ask.behind(other.sf);
    await world.get(EditService).edit({ id, values: { jobTitle: 'Boss' }, by: 'Ada' });
    await world.settled();

    expect(rowOf(world, other.sf)['Title']).toBe('Boss');
    expect(people.slice(0, 4).map(({ sf }) => rowOf(world, sf)['Title'])).toEqual(Array(4).fill('Clerk'));
  });

  it('goes on when it is approved', async () => {
    const { world, people } = await peopled();
    const { runId } = await changeMany(world, people);
    await world.get(ApprovalService).approve(runId, 'Grace');
    await world.settled();
    expect(people.slice(0, 4).map(({ sf }) => rowOf(world, sf)['Title'])).toEqual(Array(4).fill('Intern'));
    expect(await codes(world)).toEqual([]);
    await expect(world.get(ApprovalService).approve(runId, 'Grace')).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('Grace') as string,
    });
  });

  it('writes nothing when it is rejected, does not come back, and says so until it is approved after all', async () => {
    const { world, people } = await peopled();
    const { runId } = await changeMany(world, people);
    await world.get(ApprovalService).reject(runId, 'Grace');

    expect(await world.get(RunsService).find(runId)).toMatchObject({ state: 'rejected' });
    for (const full of [false, true]) {
      const again = await world.sync({ full, approve: false });
      expect(again.writes).toEqual([]);
      expect(again.report.state).toBe('settled');
    }
    expect(await heldOf(world)).toEqual([]);
    expect(await codes(world)).toEqual(['RUN_REJECTED']);

    await world.get(ApprovalService).approve(runId, 'Grace');
    await world.settled();
    expect(people.slice(0, 4).map(({ sf }) => rowOf(world, sf)['Title'])).toEqual(Array(4).fill('Intern'));
    expect(await codes(world)).toEqual([]);
  });

  it('is forgotten after a rejection as far as its cause is corrected', async () => {
    const { world, people } = await peopled();
    const { runId } = await changeMany(world, people);
    await world.get(ApprovalService).reject(runId, 'Grace');
    for (const { hs } of people.slice(0, 4)) editHubSpot(world, hs, { jobtitle: 'Clerk' });
    expect((await world.sync({ approve: false })).writes).toEqual([]);
    expect(await codes(world)).toEqual([]);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  });

  it('may be told yes beforehand', async () => {
    const { world, people } = await peopled();
    for (const { hs } of people.slice(0, 4)) editHubSpot(world, hs, { jobtitle: 'Intern' });
    const { report } = await world.sync({ approve: true });
    expect(report.state).toBe('settled');
    expect(people.slice(0, 4).map(({ sf }) => rowOf(world, sf)['Title'])).toEqual(Array(4).fill('Intern'));
  });

  it('does not follow a mass deletion unasked', async () => {
    const { world, people } = await peopled('archive');
    for (const { hs } of people.slice(0, 4)) world.hubspot.control.archive('contacts', hs);
    expect((await world.sync({ approve: false })).writes).toEqual([]);
    const held = await onlyHeld(world);
    expect(held.writes).toEqual([{ object: 'contact', kind: 'archive', count: 4 }]);
    expect(rows(world)).toHaveLength(8);
    await world.get(ApprovalService).approve(held.runId, 'Grace');
    await world.settled();
    expect(rows(world)).toHaveLength(4);
  });

  it('is stopped, too, when the change trickles in within an hour', async () => {
    const { world, people } = await peopled();
    for (const { sf } of people.slice(0, 5)) {
      const { id } = await world.ask.behind(sf);
      await world.get(EditService).edit({ id, values: { jobTitle: 'Intern' }, by: 'a script' });
      await world.settled();
    }
    const written = people.filter(({ sf }) => rowOf(world, sf)['Title'] === 'Intern');
    expect(written).toHaveLength(2);
    const held = await heldOf(world);
    expect(held.map(({ connection }) => connection).sort()).toEqual(['hubspot', 'salesforce']);
    for (const { runId } of held) await world.get(ApprovalService).approve(runId, 'Grace');
    await world.settled();
    expect(people.filter(({ sf }) => rowOf(world, sf)['Title'] === 'Intern')).toHaveLength(5);
    expect(records(world).filter(({ properties }) => properties['jobtitle'] === 'Intern')).toHaveLength(5);
  });

  it('is never stopped where the breaker is off', async () => {
    const { world, people } = await peopled();
    await world.apply({ salesforce: { customer: { breaker: false } } });
    for (const { hs } of people) editHubSpot(world, hs, { jobtitle: 'Intern' });
    expect((await world.sync({ approve: false })).report.state).toBe('settled');
    expect(people.map(({ sf }) => rowOf(world, sf)['Title'])).toEqual(Array(8).fill('Intern'));
  });
});
