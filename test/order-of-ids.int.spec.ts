/** Ids are given out as text, and text puts 10 before 9: lists and pages must go by the number all the same. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listActions, recordAction } from '../src/access/audit.repository.js';
import { historyOf } from '../src/customers/history.js';
import { heldRecords } from '../src/drift/page.repository.js';
import { packageRoot } from '../src/platform/package-root.js';
import { addIntents, allIntents } from '../src/sync/outbox.repository.js';
import { recordsOfGolden } from '../src/sync/resolve.repository.js';
import { createTestDatabase, type TestDatabase } from './helpers/database.js';

const COUNT = 25;
const PAGE = 4;
const UP = Array.from({ length: COUNT }, (_, index) => String(index + 1));
const DOWN = UP.toReversed();
const OBJECT = 'contact';

/** All pages of a list, as who asks for one after the other sees them. */
async function collect<Item>(
  start: string | null,
  page: (after: string | null) => Promise<readonly Item[]>,
  idOf: (item: Item) => string,
): Promise<string[]> {
  const ids: string[] = [];
  let after = start;
  for (let pages = 0; pages < COUNT; pages += 1) {
    const items = await page(after);
    const last = items.at(-1);
    if (last === undefined) break;
    ids.push(...items.map(idOf));
    after = idOf(last);
  }
  return ids;
}

describe('pages by id', () => {
  let test: TestDatabase;
  const connectionId = randomUUID();
  const goldenId = randomUUID();

  beforeAll(async () => {
    test = await createTestDatabase();
    const { prisma } = test.database;
    await prisma.golden.create({ data: { id: goldenId, entity: 'customer', fields: {}, provenance: {} } });
    for (const id of UP) {
      await prisma.sourceRecord.create({
        data: { connectionId, object: OBJECT, entity: 'customer', externalId: id, goldenId, fields: {} },
      });
      await prisma.goldenChange.create({ data: { goldenId, version: Number(id), changes: [] } });
      await test.database.transaction(async (tx) => {
        await recordAction(tx, { by: 'Grace', action: 'export person', subject: null, details: {} });
        const target = { connectionId, object: OBJECT, entity: 'customer', goldenId, recordId: id } as const;
        await addIntents(tx, [{ ...target, target: `record:${id}`, kind: 'update', runId: null }]);
      });
    }
  });
  afterAll(async () => {
    await test.drop();
  });

  it('show every entry of the audit log once, newest first', async () => {
    const { prisma } = test.database;
    const page = (before: string | null) => listActions(prisma, { before, limit: PAGE });
    expect(await collect(null, page, ({ id }) => id)).toEqual(DOWN);
  });

  it('show every change of a customer once, newest first', async () => {
    const versions: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await historyOf(test.database, goldenId, { limit: PAGE, cursor });
      versions.push(...page.items.map(({ version }) => version));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(versions).toEqual(DOWN.map(Number));
  });

  it('give an audit every record once', async () => {
    const { prisma } = test.database;
    const before = new Date(Date.now() + 60_000);
    const page = (after: string | null) =>
      heldRecords(prisma, { connectionId, object: OBJECT }, { after: after ?? '0', before, limit: PAGE });
    expect(await collect(null, page, ({ externalId }) => externalId)).toEqual(UP);
  });

  it('give a dry run every write once', async () => {
    await test.database.transaction(async (tx) => {
      const page = (after: string | null) =>
        allIntents(tx, connectionId, { after: after ?? '0', limit: PAGE });
      expect(await collect(null, page, ({ id }) => id)).toEqual(UP);
    });
  });

  it('let the oldest record speak for a customer', async () => {
    const { prisma } = test.database;
    await prisma.sourceRecord.deleteMany({ where: { externalId: { in: UP.slice(0, 8) } } });
    await test.database.transaction(async (tx) => {
      expect((await recordsOfGolden(tx, [goldenId])).get(goldenId)).toBe('9');
    });
  });
});

it('no statement orders by a bare id that it gives out as text', () => {
  const source = join(packageRoot(), 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('generated'),
  );
  const statements = files.flatMap((file) =>
    [...readFileSync(join(source, file), 'utf8').matchAll(/sql`([^`]*)`/g)].map(([text]) => ({ file, text })),
  );
  // Ids of connections, customers and erasures are UUIDs, which text puts in the same order.
  const wrong = statements.filter(
    ({ text }) =>
      /(?:\bid::text as "?id\b|_COLUMNS\})/.test(text) &&
      /order by (?:[^)`]*, )?id(?: desc)?(?: limit| for |\s*$|`)/.test(text) &&
      !/from (?:connection|merge|taken|due)\b/.test(text),
  );
  expect(wrong).toEqual([]);
});
