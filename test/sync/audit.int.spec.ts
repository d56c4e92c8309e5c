import { AuditsService } from '../../src/drift/audits.service.js';
import { erase as eraseInSalesforce } from '../../connectors/salesforce/write/erase.js';
import { connect } from '../../connectors/salesforce/testing.js';
import {
  DAY,
  editHubSpot,
  editSalesforce,
  inBoth,
  inSalesforce,
  propertiesOf,
  records,
  rowOf,
  rows,
} from './support/people.js';
import { worlds, type World } from './support/world.js';

type Audit = Awaited<ReturnType<AuditsService['find']>>;

describe('an audit', () => {
  const { open } = worlds();

  async function audited(world: World, repair = false): Promise<Audit> {
    const audits = world.get(AuditsService);
    const { auditId } = await audits.start({ repair, by: 'Olga' });
    await world.until('the audit is done', async () => (await audits.find(auditId)).state === 'done');
    return audits.find(auditId);
  }

  const reasons = ({ findings }: Audit): string[] =>
    findings.map(({ connection, reason, fields }) => [connection, reason, ...fields].join(' ')).sort();

  /** Ada, Bob and Cy in both, all agreeing. */
  async function agreeing(): Promise<{ world: World; ada: Ids; bob: Ids; cy: Ids }> {
    const world = await open();
    const ada = inBoth(world);
    const bob = inBoth(world, { email: 'bob@two.example', first: 'Bob', last: 'Two' });
    const cy = inBoth(world, { email: 'cy@three.example', first: 'Cy', last: 'Three' });
    await world.sync();
    return { world, ada, bob, cy };
  }
  type Ids = ReturnType<typeof inBoth>;

  const state = async ({ database }: World): Promise<unknown> => [
    await database.prisma.sourceRecord.findMany({ orderBy: { id: 'asc' } }),
    await database.prisma.golden.findMany({ orderBy: { id: 'asc' } }),
    await database.prisma.syncCursor.findMany(),
    await database.prisma.pushIntent.count(),
    await database.prisma.inboxEvent.count(),
    await database.prisma.resolveTask.count(),
  ];

  it('of systems that agree finds all of it identical, and changes nothing', async () => {
    const { world } = await agreeing();
    const before = await state(world);
    const mark = world.mark();
    const audit = await audited(world);
    expect(audit).toMatchObject({ share: 1, findings: [] });
    const contacts = audit.parts.filter((part) => part.object === 'contact');
    expect(contacts).toMatchObject([
      { connection: 'salesforce', read: 3, linked: 3, identical: 3, missed: false, problem: null },
      { connection: 'hubspot', read: 3, linked: 3, identical: 3, missed: false, problem: null },
    ]);
    expect(await state(world)).toEqual(before);
    expect(world.writesSince(mark)).toEqual([]);
  }, 120_000);

  it('finds what cursors missed, and only when told to has it healed', async () => {
    const { world, ada, bob, cy } = await agreeing();
    editSalesforce(world, ada.sf, { Title: 'Missed' }, 9 * DAY);
    inSalesforce(world, [{ LastName: 'Never seen', Email: 'new@four.example' }], { ago: 9 * DAY });
    await eraseInSalesforce(connect(world.salesforce), {
      object: 'contact',
      operations: [{ key: 'bob', id: bob.sf }],
    });
    await world.sync();
    expect(rowOf(world, ada.sf)['Title']).toBe('Missed');
    expect(propertiesOf(world, ada.hs)['jobtitle']).toBeUndefined();
    const before = await state(world);
    const told = await audited(world);
    expect(reasons(told)).toEqual([
      'salesforce missed-change jobTitle',
      'salesforce missed-deletion',
      'salesforce missing-record',
    ]);
    expect(told.parts.filter((part) => part.missed).map((part) => part.connection)).toEqual(['salesforce']);
    expect(told.share).toBeCloseTo(4 / 6);
    expect(await state(world)).toEqual(before);

    await audited(world, true);
    await world.settled();
    await world.until('the title is in HubSpot', () => propertiesOf(world, ada.hs)['jobtitle'] === 'Missed');
    await world.until('the new one is in HubSpot', () => records(world).length === 4);
    await world.settled();
    expect(await audited(world)).toMatchObject({ share: 1, findings: [] });
    expect((await world.ask.behind(bob.sf)).records.map((record) => record.state)).toContain('deleted');
    expect(rows(world)).toHaveLength(3);
    expect(rowOf(world, cy.sf)['LastName']).toBe('Three');
  }, 120_000);

  it('tells apart what the next read brings, what waits, and what was refused', async () => {
    const { world, ada, bob } = await agreeing();
    editHubSpot(world, ada.hs, { jobtitle: 'Later' });
    world.salesforce.control.fault({
      kind: 'record',
      code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      text: 'Refused title',
      times: 99,
    });
    editHubSpot(world, bob.hs, { jobtitle: 'Refused title' });
    await world.sync();
    editHubSpot(world, ada.hs, { jobtitle: 'Later still' });
    expect(reasons(await audited(world))).toEqual([
      'hubspot not-read-yet jobTitle',
      'salesforce open-issue jobTitle',
    ]);
  }, 120_000);

  it('of a system that cannot be read says so, and goes on with the others', async () => {
    const { world } = await agreeing();
    world.hubspot.control.revokeTokens();
    const audit = await audited(world);
    expect(audit.parts.find((part) => part.connection === 'hubspot')?.problem).toMatchObject({
      remedy: expect.any(String) as string,
    });
    expect(audit.parts.find((part) => part.connection === 'salesforce')).toMatchObject({ problem: null });
  }, 120_000);

  it('that is due starts once, whichever process looks', async () => {
    const { world } = await agreeing();
    const audits = world.get(AuditsService);
    const started = await Promise.all(
      [1, 2, 3].map(() => audits.startDue('audit:2026-01-04T03:17:00Z', false)),
    );
    expect(started.filter((one) => one !== null)).toHaveLength(1);
    await world.until('it is done', async () => (await audits.latest())?.state === 'done');
  }, 120_000);
});
