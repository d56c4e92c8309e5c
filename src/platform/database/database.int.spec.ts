import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../../test/helpers/database.js';
import { createPool } from './pool.js';
import { execute, firstRow, json, migrate, rows, sql } from './index.js';

describe('the database', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
  });

  afterAll(async () => {
    await test.drop();
  });

  it('takes a page of rows as one parameter', async () => {
    const items = [
      { id: '9007199254740993', name: "O'Brien" },
      { id: '2', name: null },
    ];
    const found = await rows<{ id: bigint; name: string | null }>(
      test.database.prisma,
      sql`select item.id, item.name from jsonb_to_recordset(${json(items)}) as item(id bigint, name text) order by id desc`,
    );
    expect(found).toEqual([
      { id: 9007199254740993n, name: "O'Brien" },
      { id: 2n, name: null },
    ]);
  });

  it('stores text that PostgreSQL itself would refuse', async () => {
    const value = { name: 'a\u0000b', emoji: 'x\ud83d', escaped: '\\u0000' };
    const found = await firstRow<{ value: unknown }>(
      test.database.prisma,
      sql`select ${json(value)} as value`,
    );
    expect(found).toEqual({ value: { name: 'ab', emoji: 'x\ufffd', escaped: '\\u0000' } });
  });

  it('keeps nothing of a transaction that fails', async () => {
    const attempt = test.database.transaction(async (tx) => {
      await execute(tx, sql`insert into resolve_task (kind, id) values ('record', '1')`);
      throw new Error('stop');
    });
    await expect(attempt).rejects.toThrow('stop');
    await expect(test.database.prisma.resolveTask.count()).resolves.toBe(0);
  });

  it('is the same for the model API and for SQL', async () => {
    await test.database.prisma.resolveTask.create({ data: { kind: 'golden', id: '7' } });
    const found = await firstRow(test.database.prisma, sql`select kind, id from resolve_task`);
    expect(found).toEqual({ kind: 'golden', id: '7' });
  });
});

describe('migrating', () => {
  it('happens once however many processes start together, and costs one query afterwards', async () => {
    const empty = await createEmptyDatabase();
    const pools = Array.from({ length: 4 }, () =>
      createPool({ url: empty.url, connections: 4, name: 'test' }),
    );
    try {
      const applied = await Promise.all(pools.map((pool) => migrate(pool)));
      expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
      for (const pool of pools) await expect(migrate(pool)).resolves.toEqual([]);
    } finally {
      await Promise.all(pools.map((pool) => pool.end()));
      await empty.drop();
    }
  });

  it('refuses a database that a newer release has migrated', async () => {
    const test = await createTestDatabase();
    try {
      await test.database.pool.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', '', '99990101_later', now())`,
      );
      await expect(migrate(test.database.pool)).rejects.toThrow(
        'already migrated by a newer release (99990101_later)',
      );
    } finally {
      await test.drop();
    }
  });

  it('refuses a database whose last migration did not finish', async () => {
    const test = await createTestDatabase();
    try {
      await test.database.pool.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', '', '20270101_half')`,
      );
      await expect(migrate(test.database.pool)).rejects.toThrow('20270101_half was begun and did not finish');
    } finally {
      await test.drop();
    }
  });
});
