import { ConnectionsService } from '../../src/connections/connections.service.js';
import { editHubSpot, inBoth, propertiesOf, rowOf } from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds, type World } from './support/world.js';

const MINUTE = 60_000;

async function offsetOf(world: World, name: string): Promise<number> {
  return (await world.get(ConnectionsService).directory()).named(name)?.clockOffsetMs ?? 0;
}

describe('systems whose clocks are minutes apart', () => {
  const { open } = worlds();

  /** HubSpot's clock is seven minutes ahead, that of Salesforce five behind; both know Ada by now. */
  async function apart(): Promise<{ world: World; sf: string; hs: string }> {
    const world = await open();
    world.hubspot.control.advance(7 * MINUTE);
    world.salesforce.control.advance(-5 * MINUTE);
    const { sf, hs } = inBoth(world, {
      salesforce: { Title: 'CEO' },
      hubspot: { jobtitle: 'CEO' },
      ago: { salesforce: 3600, hubspot: 3600 },
    });
    await world.sync();
    await world.sync();
    return { world, sf, hs };
  }

  /** An edit so many seconds ago, stamped by the system's own clock. */
  function bySalesforce(world: World, id: string, title: string, secondsAgo: number): void {
    const at = Math.ceil((Date.now() - secondsAgo * 1000 - 5 * MINUTE) / 1000) * 1000;
    world.salesforce.control.edit(id, { Title: title }, { at: new Date(at).toISOString() });
  }
  function byHubSpot(world: World, id: string, title: string, secondsAgo: number): void {
    editHubSpot(world, id, { jobtitle: title }, secondsAgo - (7 * MINUTE) / 1000);
  }

  it('are measured to the second, and told', async () => {
    const { world } = await apart();
    expect(Math.abs((await offsetOf(world, 'hubspot')) - 7 * MINUTE)).toBeLessThan(1100);
    expect(Math.abs((await offsetOf(world, 'salesforce')) + 5 * MINUTE)).toBeLessThan(1100);
  }, 120_000);

  it('let the truly later edit win, whoever made it', async () => {
    const { world, sf, hs } = await apart();
    byHubSpot(world, hs, 'Earlier in HubSpot', 40);
    bySalesforce(world, sf, 'Later in Salesforce', 20);
    await world.sync();
    expect(propertiesOf(world, hs)['jobtitle']).toBe('Later in Salesforce');
    bySalesforce(world, sf, 'Earlier in Salesforce', 12);
    byHubSpot(world, hs, 'Later in HubSpot', 6);
    await world.sync();
    expect(rowOf(world, sf)['Title']).toBe('Later in HubSpot');
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    expect((await world.sync()).writes).toEqual([]);
  }, 120_000);
});
