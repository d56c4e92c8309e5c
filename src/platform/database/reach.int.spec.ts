import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createTestDatabase, type TestDatabase } from '../../../test/helpers/database.js';
import { createPool } from './pool.js';
import { checkReach } from './reach.js';

async function check(url: string): Promise<string> {
  const pool = createPool({ url, connections: 1, name: 'test' });
  try {
    await checkReach(pool, url);
    return 'fine';
  } catch (error) {
    return String(error);
  } finally {
    await pool.end();
  }
}

describe('a wrong DATABASE_URL', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
  });

  afterAll(async () => {
    await test.drop();
  });

  it('is told from a right one', async () => {
    await expect(check(test.url)).resolves.toBe('fine');
  });

  it('says which part of it is wrong, and keeps the password to itself', async () => {
    const url = new URL(test.url);
    url.password = 'not-the-password';
    const refused = await check(url.href);
    expect(refused).toMatch(/refuses the password.*Correct user and password/);
    expect(refused).not.toContain('not-the-password');
    const other = new URL(test.url);
    other.pathname = '/nowhere';
    await expect(check(other.href)).resolves.toMatch(/there is no such database.*createdb/);
  });

  it('says when nothing listens there', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const url = `postgresql://u:p@127.0.0.1:${String(port)}/rapport`;
    await expect(check(url)).resolves.toMatch(/nothing listens there.*Start PostgreSQL/);
  });
});
