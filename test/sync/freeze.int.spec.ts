import { FrozenFieldService } from '../../src/customers/frozen-field.service.js';
import { editHubSpot, editSalesforce, inBoth, propertiesOf, rowOf } from './support/people.js';
import { worlds, type World } from './support/world.js';

const TEST_MS = 90_000;
const BASE = { salesforce: { Title: 'X' }, hubspot: { jobtitle: 'X' } };

/** Each system's automation sets its own value again when the other one's arrives. */
async function fight(world: World, { sf, hs }: { sf: string; hs: string }, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) editHubSpot(world, hs, { jobtitle: 'Y' });
    else editSalesforce(world, sf, { Title: 'X' });
    await world.sync();
  }
}

describe('a field that two systems swing between', () => {
  const { open } = worlds();

  it(
    'is frozen after the third swing, and pushed again when somebody decides',
    async () => {
      const world = await open();
      const people = inBoth(world, BASE);
      const { sf, hs } = people;
      await world.sync();
      await fight(world, people, 3);
      expect((await world.ask.issues()).map((issue) => issue.code)).toEqual([]);
      editSalesforce(world, sf, { Title: 'X' });
      const { writes } = await world.sync();

      expect(writes).toEqual([]);
      expect(propertiesOf(world, hs)['jobtitle']).toBe('Y');
      const [issue] = await world.ask.issues();
      expect(issue).toMatchObject({ code: 'FIELD_FROZEN', connection: 'hub', field: 'jobTitle' });
      expect(issue?.detail).toMatch(/salesforce; .*hubspot/);
      editSalesforce(world, sf, { Title: 'Z', Phone: '+1 212 555 0123' });
      await world.sync();
      expect(propertiesOf(world, hs)).toMatchObject({ jobtitle: 'Y', phone: '+1 212 555 0123' });
      expect((await world.sync({ full: true })).writes).toEqual([]);

      const decision = { issueId: issue?.id ?? '', connection: 'hubspot', by: 'Grace' };
      await world.get(FrozenFieldService).decide(decision);
      await world.settled();
      expect(rowOf(world, sf)['Title']).toBe('Y');
      expect(propertiesOf(world, hs)['jobtitle']).toBe('Y');
      expect(await world.ask.issues()).toEqual([]);
      await expect(world.get(FrozenFieldService).decide(decision)).rejects.toMatchObject({ kind: 'unknown' });
    },
    TEST_MS,
  );
});
