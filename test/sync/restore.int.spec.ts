import {
  editHubSpot,
  editSalesforce,
  inBoth,
  inHubSpot,
  propertiesOf,
  records,
  rowOf,
  rows,
} from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds } from './support/world.js';

describe('a hub restored from a backup', () => {
  const { open } = worlds();

  it('makes nobody twice whom it had made after the backup', async () => {
    const world = await open();
    inBoth(world);
    await world.sync();
    await world.backUp();
    inHubSpot(world, [{ firstname: 'Ben', lastname: 'Cole', email: 'ben@two.example', company: 'Two' }]);
    inHubSpot(world, [{ firstname: 'Without', lastname: 'Mail', phone: '+1 415 555 2671' }]);
    await world.sync();
    expect([rows(world).length, records(world).length]).toEqual([3, 3]);

    await world.restore();
    await world.sync({ full: true });

    expect([rows(world).length, records(world).length]).toEqual([3, 3]);
    expect(await world.ask.howMany('customer')).toBe(3);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    expect((await world.sync({ full: true })).writes).toEqual([]);
  });

  it('keeps what people wrote since, whether it had been synced already or not', async () => {
    const world = await open();
    const ada = inBoth(world, { ago: { salesforce: 9_000, hubspot: 9_000 } });
    const ben = inBoth(world, { email: 'ben@two.example', ago: { salesforce: 9_000, hubspot: 9_000 } });
    const eve = inBoth(world, { email: 'eve@both.example', ago: { salesforce: 9_000, hubspot: 9_000 } });
    await world.sync();
    await world.backUp();
    // Synced after the backup: the hub wrote it to HubSpot, and forgets that it did.
    editSalesforce(world, ada.sf, { Title: 'Countess' }, 60);
    // Synced, then changed by a person in the tool that the hub had written to.
    editSalesforce(world, ben.sf, { Title: 'Buyer' }, 60);
    await world.sync();
    editHubSpot(world, ben.hs, { jobtitle: 'Head of Buying' });

    await world.restore(() => {
      editHubSpot(world, eve.hs, { jobtitle: 'Doctor' });
      editSalesforce(world, eve.sf, { Phone: '+1 415 555 2671' });
    });
    await world.sync({ full: true });

    const titles = [ada, ben, eve].map(({ sf, hs }) => [
      rowOf(world, sf)['Title'],
      propertiesOf(world, hs)['jobtitle'],
    ]);
    expect(titles).toEqual([
      ['Countess', 'Countess'],
      ['Head of Buying', 'Head of Buying'],
      ['Doctor', 'Doctor'],
    ]);
    expect(propertiesOf(world, eve.hs)['phone']).toBe('+1 415 555 2671');
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    expect((await world.sync()).writes).toEqual([]);
  });

  it('goes on from its old cursors just as well', async () => {
    const world = await open();
    const ada = inBoth(world);
    await world.sync();
    await world.backUp();
    editSalesforce(world, ada.sf, { Title: 'Countess' });
    await world.sync();
    world.hubspot.control.archive('contacts', ada.hs);
    await world.sync();

    await world.restore();
    await world.sync();

    expect(rowOf(world, ada.sf)['Title']).toBe('Countess');
    expect([rows(world).length, records(world).length]).toEqual([1, 0]);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    expect((await world.sync()).writes).toEqual([]);
  });
});
