import { SANDBOX_CLIENT_SECRET } from '../../connectors/hubspot/sandbox/index.js';
import { editHubSpot, editSalesforce, inBoth, propertiesOf, rowOf } from './support/people.js';
import { worlds } from './support/world.js';

describe('an edit in HubSpot between the look at a record and the write to it', () => {
  const { open } = worlds();

  it('is written over, shows in the history of HubSpot, and wins as the later one', async () => {
    const world = await open();
    const { sf, hs } = inBoth(world, { hubspot: { jobtitle: 'Intern' }, salesforce: { Title: 'Intern' } });
    await world.sync();
    const { control } = world.hubspot;
    control.subscribe({ targetUrl: world.webhookUrl, clientSecret: SANDBOX_CLIENT_SECRET });
    const looks = (): number =>
      control.calls().filter(({ path }) => path.endsWith('/contacts/batch/read')).length;
    const before = looks();
    // Answered late, with what stood there before the edit.
    control.fault({ kind: 'slow', path: '/contacts/batch/read', ms: 1_500 });
    editSalesforce(world, sf, { Title: 'Clerk' });
    await world.begin({ only: ['salesforce'] });
    await world.until('the hub has looked', () => looks() > before);
    editHubSpot(world, hs, { jobtitle: 'Chief' });
    await world.until('the hub has written', () => propertiesOf(world, hs)['jobtitle'] === 'Clerk');
    await world.until('the edit is back', () => propertiesOf(world, hs)['jobtitle'] === 'Chief');
    await world.settled();
    expect(rowOf(world, sf)['Title']).toBe('Chief');
    control.catchUp();
    expect((await world.sync()).writes).toEqual([]);
  }, 60_000);
});
