import { editHubSpot, inHubSpot, inSalesforce, records, rows } from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds } from './support/world.js';

const MANY = 40;

describe('a sync of very many', () => {
  const { open } = worlds();

  it('reads and writes Salesforce by bulk jobs, to the same end', async () => {
    const world = await open({
      salesforce: { settings: { bulkReadAbove: 10, bulkWriteAbove: 10, externalIdField: 'Rapport_Id__c' } },
    });
    const people = Array.from({ length: MANY }, (_, index) => String(index));
    inSalesforce(
      world,
      people.map((n) => ({ LastName: `Sales ${n}`, Email: `s${n}@one.example`, Title: 'Buyer' })),
    );
    const ids = inHubSpot(
      world,
      people.map((n) => ({ lastname: `Hub ${n}`, email: `h${n}@two.example` })),
    );
    world.salesforce.control.bulk({ looks: 2 });

    await world.sync();

    expect([rows(world).length, records(world).length]).toEqual([2 * MANY, 2 * MANY]);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    const jobs = (): number =>
      world.salesforce.control
        .requests()
        .filter(({ method, path }) => method === 'POST' && path.includes('/jobs/')).length;
    expect(jobs()).toBeGreaterThanOrEqual(2);
    expect((await world.sync({ full: true })).writes).toEqual([]);

    const before = jobs();
    for (const id of ids) editHubSpot(world, id, { jobtitle: 'Analyst' });
    await world.sync();
    expect(rows(world).filter((row) => row['Title'] === 'Analyst')).toHaveLength(MANY);
    expect(jobs()).toBe(before + 1);
    expect((await world.sync()).writes).toEqual([]);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  });
});
