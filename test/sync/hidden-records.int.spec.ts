/** A permission that was taken away: most records are there no more, and the system has no word on them. */
import { erase } from '../../connectors/salesforce/write/erase.js';
import { connect } from '../../connectors/salesforce/testing.js';
import { AuditsService } from '../../src/drift/audits.service.js';
import { editHubSpot, inBoth, rows } from './support/people.js';
import { worlds, type World } from './support/world.js';

const LIMIT_MS = 120_000;
const CUSTOMER = { breaker: { percent: 20, atLeast: 3 } };

describe('records that a system suddenly does not show', () => {
  const { open } = worlds();

  /** Twelve people in both; Salesforce shows one of them. */
  async function hidden(): Promise<{ world: World; hs: readonly string[] }> {
    const world = await open({ salesforce: { customer: CUSTOMER } });
    const people = Array.from({ length: 12 }, (_, index) =>
      inBoth(world, { email: `p${String(index)}@many.example`, last: `Many${'abcdefghijkl'[index] ?? ''}` }),
    );
    await world.sync();
    await erase(connect(world.salesforce), {
      object: 'contact',
      operations: people.slice(1).map(({ sf }) => ({ key: sf, id: sf })),
    });
    expect(rows(world)).toHaveLength(1);
    return { world, hs: people.map((person) => person.hs) };
  }

  const gone = async ({ database }: World): Promise<number> =>
    database.prisma.sourceRecord.count({ where: { deletedAt: { not: null } } });

  const codes = async (world: World): Promise<readonly string[]> =>
    (await world.ask.issues()).map(({ code }) => code);

  async function repaired(world: World): Promise<Awaited<ReturnType<AuditsService['find']>>> {
    const audits = world.get(AuditsService);
    const { auditId } = await audits.start({ repair: true, by: 'Olga' });
    await world.until('the audit is done', async () => (await audits.find(auditId)).state === 'done');
    await world.settled();
    return audits.find(auditId);
  }

  it(
    'are told of after a full read, and followed only by an audit that somebody lets do so',
    async () => {
      const { world } = await hidden();
      const { report } = await world.sync({ full: true, approve: false });
      expect(report.state).toBe('settled');
      const [issue, ...others] = await world.ask.issues();
      expect(others).toEqual([]);
      expect(issue).toMatchObject({ code: 'READS_TOO_FEW', connection: 'salesforce', object: 'contact' });
      expect(issue?.message).toContain('brought 1 contact records; the hub knows 12');
      expect(await gone(world)).toBe(0);
      await world.sync({ approve: false });
      expect(await codes(world)).toEqual(['READS_TOO_FEW']);

      const refused = await repaired(world);
      expect(refused.parts.filter(({ problem }) => problem !== null)).toMatchObject([
        { connection: 'salesforce', object: 'contact', problem: { code: 'RECORDS_VANISHED' } },
      ]);
      expect(await gone(world)).toBe(0);

      await world.apply({ salesforce: { customer: { breaker: false } } });
      await repaired(world);
      expect(await gone(world)).toBe(11);
      await world.apply({ salesforce: { customer: CUSTOMER } });
      await world.sync({ full: true, approve: false });
      expect(await codes(world)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'are not taken for gone when they are about to be written',
    async () => {
      const { world, hs } = await hidden();
      for (const id of hs) editHubSpot(world, id, { jobtitle: 'Boss' });
      await world.sync();
      expect(await gone(world)).toBe(0);
      expect(await codes(world)).toContain('RECORDS_VANISHED');
      expect(await world.database.prisma.pushIntent.count()).toBeGreaterThanOrEqual(11);
    },
    LIMIT_MS,
  );
});
