import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MergeService } from '../../src/identity/merge.service.js';
import { packageRoot } from '../../src/platform/package-root.js';
import { editHubSpot, editSalesforce, propertiesOf, records, rowOf, rows } from '../sync/support/people.js';
import { NOTHING } from '../sync/support/questions.js';
import { worlds, type World } from '../sync/support/world.js';
import { createOldDatabase, readOldRelease, type OldRelease } from './old-release.js';

const VERSIONS = readdirSync(join(packageRoot(), 'test', 'upgrade'))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''));

describe.each(VERSIONS)('a database of release %s', (version) => {
  const { open } = worlds();
  const old = readOldRelease(version);

  /** The hub of today with that release's database, between systems that stand as they stood then. */
  async function upgraded(): Promise<World> {
    const world = await open({
      database: await createOldDatabase(old),
      encryptionKey: old.encryptionKey,
    });
    stand(world, old);
    return world;
  }

  it('is taken over: the same customers, and nothing to write', async () => {
    const world = await upgraded();
    const customers = (old.tables['golden'] ?? []).filter(
      (row) => row['entity'] === 'customer' && row['merged_into'] === null,
    );
    expect(await world.ask.howMany('customer')).toBe(customers.length);
    for (const { id, fields } of customers) {
      const found = await world.database.prisma.golden.findUniqueOrThrow({ where: { id: String(id) } });
      expect(found.fields).toEqual(fields);
    }
    expect((await world.sync()).writes).toEqual([]);
    expect((await world.sync({ full: true })).writes).toEqual([]);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    expect(await world.ask.howMany('customer')).toBe(customers.length);
  });

  it('still knows what each system had said, and goes on from there', async () => {
    const world = await upgraded();
    const [ada] = rows(world).filter((row) => row['LastName'] === 'Byron');
    const [adaThere] = records(world).filter((record) => record.properties['lastname'] === 'Byron');
    const [sf, hs] = [String(ada?.['Id']), adaThere?.id ?? ''];
    const said = (await world.ask.history(sf, 'jobTitle')).map((line) => line.new);
    expect(said).toEqual(expect.arrayContaining(['Countess', 'Enchantress of Numbers']));

    editHubSpot(world, hs, { jobtitle: 'Analyst' });
    editSalesforce(world, sf, { MailingCity: 'London' });
    await world.sync();

    expect(rowOf(world, sf)['Title']).toBe('Analyst');
    expect(propertiesOf(world, hs)['city']).toBe('London');
    expect((await world.sync()).writes).toEqual([]);
  });

  it('undoes a merge that the old release had made', async () => {
    const world = await upgraded();
    const before = await world.ask.howMany('customer');
    const [merge] = old.tables['merge'] ?? [];
    await world.get(MergeService).unmerge({ id: String(merge?.['survivor_id']), by: 'admin' });
    await world.settled();
    expect(await world.ask.howMany('customer')).toBe(before + 1);
    expect((await world.sync()).writes).toEqual([]);
  });
});

/** Sandboxes give ids out in order, so records loaded in order have the ids they had. */
function stand(world: World, { salesforce, hubspot }: OldRelease): void {
  const inOrder = (['Account', 'Contact'] as const)
    .flatMap((type) => salesforce[type].map(({ Id = '', ...row }) => ({ type, Id, row })))
    .sort((a, b) => (a.Id.slice(3) < b.Id.slice(3) ? -1 : 1));
  for (const { type, Id, row } of inOrder) expect(world.salesforce.control.load(type, [row])).toEqual([Id]);
  for (const object of ['companies', 'contacts'] as const) {
    const ids = world.hubspot.control.seed(
      object,
      hubspot[object].map(({ properties, createdAt, updatedAt, companyId }) => ({
        properties,
        createdAt,
        updatedAt,
        ...(companyId !== null && { companyId }),
      })),
    );
    expect(ids).toEqual(hubspot[object].map(({ id }) => id));
  }
}
