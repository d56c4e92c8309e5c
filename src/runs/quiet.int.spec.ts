import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { execute, json, sql } from '../platform/database/index.js';
import { insertRun, isQuiet, settleRuns } from './run.repository.js';

let testDatabase: TestDatabase;
const connectionId = randomUUID();

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await run(sql`insert into connection (id, name, connector, settings, sync, mapping, position, updated_at)
    values (${connectionId}::uuid, 'crm', 'crm', ${json({})}, ${json({})}, ${json({})}, 0, now())`);
});

afterAll(async () => {
  await testDatabase.drop();
});

afterEach(async () => {
  for (const table of [sql`push_intent`, sql`resolve_task`, sql`inbox_event`, sql`sync_cursor`, sql`run`]) {
    await run(sql`delete from ${table}`);
  }
});

async function run(statement: ReturnType<typeof sql>): Promise<void> {
  await execute(testDatabase.database.prisma, statement);
}

async function intent(kind: 'create' | 'update', dueIn: string, runId: string | null = null): Promise<void> {
  await run(sql`insert into push_intent (connection_id, object, entity, golden_id, target, kind, due_at, run_id)
    values (${connectionId}::uuid, 'contact', 'customer', ${randomUUID()}::uuid, ${randomUUID()}, ${kind},
            now() + ${dueIn}::interval, ${runId}::uuid)`);
}

async function readOnce(): Promise<void> {
  await run(sql`insert into sync_cursor (connection_id, object, entity, mapping_hash, started_at, complete_at)
    values (${connectionId}::uuid, 'contact', 'customer', 'hash', now(), now())`);
}

async function quiet(): Promise<boolean> {
  return isQuiet(testDatabase.database.prisma, [connectionId]);
}

it('is quiet when nothing waits', async () => {
  expect(await quiet()).toBe(true);
});

it('is not quiet while a write is due within a minute, and is while it waits for later', async () => {
  await intent('update', '1 hour');
  expect(await quiet()).toBe(true);
  await intent('update', '30 seconds');
  expect(await quiet()).toBe(false);
});

it('is not quiet while something waits to be resolved, or a webhook event to be followed', async () => {
  await run(sql`insert into resolve_task (kind, id) values ('golden', ${randomUUID()})`);
  expect(await quiet()).toBe(false);
  await run(sql`delete from resolve_task`);
  await run(sql`insert into inbox_event (connection_id, dedupe_key, object, external_id, kind)
    values (${connectionId}::uuid, 'event', 'contact', '1', 'changed')`);
  expect(await quiet()).toBe(false);
});

it('does not wait for a create in a system that was never read, and a run settles without it', async () => {
  const runId = randomUUID();
  await testDatabase.database.transaction((tx) =>
    insertRun(tx, { id: runId, trigger: 'manual', full: false, scheduleKey: null, connectionIds: [] }),
  );
  await intent('create', '0', runId);
  expect(await quiet()).toBe(true);
  await readOnce();
  expect(await quiet()).toBe(false);
  expect(await testDatabase.database.transaction((tx) => settleRuns(tx))).toEqual([]);
  await run(sql`delete from sync_cursor`);
  expect(await testDatabase.database.transaction((tx) => settleRuns(tx))).toEqual([runId]);
});
