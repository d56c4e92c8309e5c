import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { packageRoot } from '../platform/package-root.js';
import { Metrics } from '../platform/telemetry/index.js';
import { SyncMetrics } from './sync-metrics.js';

interface AlertRules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

describe('metrics of the sync engine', () => {
  let test: TestDatabase;
  let metrics: Metrics;
  let sync: SyncMetrics;

  beforeAll(async () => {
    test = await createTestDatabase();
    metrics = new Metrics();
    sync = new SyncMetrics(test.database, metrics);
  });
  afterAll(async () => {
    await test.drop();
  });

  async function valueOf(line: string): Promise<number | undefined> {
    await sync.refresh();
    const found = (await metrics.text()).split('\n').find((one) => one.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.slice(line.length));
  }

  it('tell how long the oldest change has waited, and since when a connection was not read', async () => {
    const { prisma } = test.database;
    const id = randomUUID();
    const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
    await prisma.connection.create({
      data: { id, name: 'crm', connector: 'csv', settings: {}, sync: {}, mapping: {}, position: 1 },
    });
    expect(await valueOf('rapport_oldest_waiting_seconds{connection="crm"}')).toBe(0);
    expect(await valueOf('rapport_seconds_since_read{connection="crm"}')).toBeUndefined();

    const intent = { connectionId: id, object: 'contact', entity: 'customer', kind: 'update' };
    await prisma.pushIntent.createMany({
      data: [
        { ...intent, goldenId: randomUUID(), target: 'record:1', dueAt: ago(20) },
        { ...intent, goldenId: randomUUID(), target: 'record:2', dueAt: ago(-60) },
      ],
    });
    const event = { connectionId: id, object: 'contact', externalId: '1', kind: 'changed' };
    await prisma.inboxEvent.createMany({
      data: [
        { ...event, dedupeKey: '1', receivedAt: ago(90), doneAt: ago(89) },
        { ...event, dedupeKey: '2', receivedAt: ago(30) },
      ],
    });
    await prisma.syncCursor.create({
      data: {
        connectionId: id,
        object: 'contact',
        entity: 'customer',
        mappingHash: '',
        startedAt: ago(60),
        completeAt: ago(60),
      },
    });
    const waited = await valueOf('rapport_oldest_waiting_seconds{connection="crm"}');
    expect(Math.round((waited ?? 0) / 60)).toBe(30);
    const read = await valueOf('rapport_seconds_since_read{connection="crm"}');
    expect(Math.round((read ?? 0) / 60)).toBe(60);
  });

  it('are there for every alert rule', async () => {
    const { groups } = parse(readFileSync(join(packageRoot(), 'docs', 'alerts.yaml'), 'utf8')) as AlertRules;
    const rules = groups.flatMap((group) => group.rules);
    expect(rules).toHaveLength(3);
    const text = await metrics.text();
    for (const { expr } of rules) {
      const names = expr.match(/rapport_\w+/g) ?? [];
      expect(names).not.toEqual([]);
      for (const name of names) expect(text).toContain(`# TYPE ${name} gauge`);
    }
  });
});
