import { SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET } from '../../connectors/hubspot/sandbox/index.js';
import { ConnectionsService } from '../../src/connections/connections.service.js';
import type { JsonObject } from '../../src/sdk/index.js';
import { inHubSpot, inSalesforce, records, rows } from './support/people.js';
import { NOTHING } from './support/questions.js';
import { worlds, type World } from './support/world.js';

function people(from: number, to: number): { FirstName: string; LastName: string; Email: string }[] {
  return Array.from({ length: to - from }, (_, index) => ({
    FirstName: 'Ada',
    LastName: `Byron ${String(from + index)}`,
    Email: `ada${String(from + index)}@byron.example`,
  }));
}

describe('a token that dies in the middle of a run', () => {
  const { open } = worlds();
  const granted = (world: World): JsonObject => ({
    clientId: SANDBOX_CLIENT_ID,
    clientSecret: SANDBOX_CLIENT_SECRET,
    refreshToken: world.hubspot.control.install(),
  });
  const stateOf = async (world: World, name: string): Promise<string | undefined> =>
    (await world.get(ConnectionsService).directory()).named(name)?.state;

  it('stops that connection and says what to do; the other goes on; a new credential mends everything', async () => {
    const world = await open();
    await world.apply({ hubspot: { credentials: granted(world) } });
    inSalesforce(world, people(0, 250));
    inHubSpot(world, [{ firstname: 'Ben', lastname: 'Cole', email: 'ben@cole.example' }]);
    // The first batch goes through, then the grant is gone.
    world.hubspot.control.fault({ kind: 'status', status: 401, path: '/batch/create', skip: 1, times: 1000 });

    const first = await world.sync();
    expect(first.report.parts.map((part) => part.state)).toEqual(['pulled', 'pulled']);
    expect(await stateOf(world, 'hubspot')).toBe('failed');
    expect(await stateOf(world, 'salesforce')).toBe('active');
    expect(rows(world).map((row) => row['Email'])).toContain('ben@cole.example');
    const made = records(world).length;
    expect(made).toBeGreaterThan(1);
    expect(made).toBeLessThan(251);
    const connection = (await world.ask.issues()).filter((issue) => issue.operation === 'connection');
    expect(connection).toMatchObject([{ connection: 'hubspot', severity: 'error' }]);
    expect(connection[0]?.remedy).toMatch(/token|credential|app/i);

    world.hubspot.control.clearFaults();
    world.hubspot.control.revokeTokens();
    inSalesforce(world, people(250, 260));
    const second = await world.sync();
    expect(second.report.parts.map(({ connection: name, state }) => [name, state])).toEqual([
      ['salesforce', 'pulled'],
      ['hubspot', 'failed'],
    ]);
    expect(await world.ask.howMany('customer')).toBe(261);
    expect(records(world)).toHaveLength(made);

    await world.apply({ hubspot: { credentials: granted(world) } });
    await world.sync();
    expect(records(world)).toHaveLength(261);
    expect(new Set(records(world).map((record) => record.properties['email'])).size).toBe(261);
    expect(await world.ask.issues()).toEqual([]);
    expect(await stateOf(world, 'hubspot')).toBe('active');
    expect(await world.ask.unsynced()).toEqual(NOTHING);
    expect((await world.sync()).writes).toEqual([]);
  }, 60_000);

  it('is renewed by itself where only the session has expired', async () => {
    const world = await open();
    inSalesforce(world, people(0, 5));
    await world.sync();
    world.salesforce.control.expireSessions();
    inHubSpot(world, [{ firstname: 'Ben', lastname: 'Cole', email: 'ben@cole.example' }]);
    await world.sync();
    expect(rows(world)).toHaveLength(6);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  });
});

describe('an answer that breaks off', () => {
  const { open } = worlds();

  it('loses no record of the page: reading goes on from the last stored one', async () => {
    const world = await open();
    inSalesforce(world, people(0, 40));
    inHubSpot(
      world,
      Array.from({ length: 240 }, (_, index) => ({
        lastname: `Cole ${String(index)}`,
        email: `ben${String(index)}@cole.example`,
      })),
    );
    world.salesforce.control.fault({ kind: 'resetMidBody', path: '/query', times: 2 });
    world.salesforce.control.fault({ kind: 'malformed', path: '/query', after: 3 });
    world.hubspot.control.fault({ kind: 'reset-mid-body', path: '/objects/contacts', skip: 1, times: 2 });
    world.hubspot.control.fault({ kind: 'reset', path: '/objects/companies' });

    await world.sync();
    const queries = world.salesforce.control.requests().filter(({ path }) => path.includes('/query'));
    // Each of the three answers that broke off was asked for once more.
    expect(queries.length - new Set(queries.map(({ path }) => path)).size).toBeGreaterThanOrEqual(3);
    expect(rows(world)).toHaveLength(280);
    expect(records(world)).toHaveLength(280);
    expect(await world.ask.howMany('customer')).toBe(280);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  }, 60_000);

  it('of a system that is down for a moment is asked for again', async () => {
    const world = await open();
    inSalesforce(world, people(0, 3));
    world.salesforce.control.fault({ kind: 'maintenance', times: 3 });
    world.hubspot.control.fault({ kind: 'status', status: 503, times: 2 });
    await world.sync();
    expect(records(world)).toHaveLength(3);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  }, 60_000);
});

describe('a system that does not come back', () => {
  const { open } = worlds();

  it('is given up for this run, so that the run ends and says why', async () => {
    const world = await open();
    inSalesforce(world, people(0, 3));
    world.hubspot.control.fault({ kind: 'reset', times: 1000 });
    const { report } = await world.sync();
    expect(report.parts.map(({ connection, state }) => [connection, state])).toEqual([
      ['salesforce', 'pulled'],
      ['hubspot', 'failed'],
    ]);
    expect(await world.ask.howMany('customer')).toBe(3);
    world.hubspot.control.clearFaults();
    await world.sync();
    expect(records(world)).toHaveLength(3);
    expect(await world.ask.unsynced()).toEqual(NOTHING);
  }, 180_000);
});
