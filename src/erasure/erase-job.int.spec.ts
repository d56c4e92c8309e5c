import { randomBytes } from 'node:crypto';
import { createTestHub, type TestHub } from '../../test/helpers/hub.js';
import { resealAll } from '../cli/reseal.repository.js';
import { execute, sql } from '../platform/database/index.js';
import { keysFromText, Vault } from '../platform/secrets/index.js';
import type { EraseOperation, EraseOutcome } from '../sdk/index.js';
import { EraseJob } from './erase.job.js';
import type { ErasureView } from './erasure-list.repository.js';
import { ErasureService } from './erasure.service.js';

const OLD_KEY = Buffer.alloc(32, 7).toString('base64');

describe('records of erased people in a system', () => {
  let hub: TestHub;
  /** Of each call to erase, which records. */
  let asked: string[][];
  let fault: (operation: EraseOperation) => Error | undefined;

  beforeEach(async () => {
    asked = [];
    fault = () => undefined;
    hub = await createTestHub(['crm'], {
      erase: async (_, { operations }) => {
        asked.push(operations.map(({ id }) => id));
        for (const operation of operations) {
          const error = fault(operation);
          if (error !== undefined) throw error;
        }
        return Promise.resolve(operations.map(({ key }): EraseOutcome => ({ key, status: 'erased' })));
      },
    });
    await hub.see(
      'crm',
      'customer',
      ['P1', 'P2', 'P3', 'P4'].map((id) => ({
        id,
        values: { email: `${id}@x.example`, givenName: id },
        at: '2026-01-01T00:00:00Z',
      })),
    );
  });
  afterEach(() => hub.drop());

  const service = (): ErasureService => new ErasureService(hub.database, hub.connections, hub.vault);

  async function eraseAll(): Promise<void> {
    for (const id of ['P1', 'P2', 'P3', 'P4'])
      await service().erase({ id: await hub.goldenOf('crm', id), by: 'Olga' });
  }

  /** The job, with all waits over. */
  async function work(vault: Vault = hub.vault): Promise<readonly ErasureView[]> {
    await execute(hub.database.prisma, sql`update erasure_task set due_at = now()`);
    const connectionId = (await hub.connections.directory()).named('crm')?.id ?? '';
    const { signal } = new AbortController();
    const job = new EraseJob(hub.database, hub.connections, vault);
    await job.run({ connectionId }, { signal, stopping: signal, attempt: 1 } as never);
    return service().list();
  }

  const pending = (views: readonly ErasureView[]): readonly ErasureView[] =>
    views.filter(({ state }) => state === 'pending');

  it('are erased but for the one that breaks the connector, which is seen to wait and is tried alone', async () => {
    fault = ({ id }) => (id === 'P2' ? new TypeError('x is undefined') : undefined);
    await eraseAll();
    expect(pending(await work())).toHaveLength(4);
    const [left, ...others] = pending(await work());
    expect(others).toEqual([]);
    expect(left?.receipts).toMatchObject([{ problem: { code: 'CONNECTOR_FAILED' }, outcome: null }]);
    expect((await hub.connections.directory()).named('crm')?.state).toBe('active');
    fault = () => undefined;
    expect(pending(await work())).toEqual([]);
    expect(asked.at(-1)).toEqual(['P2']);
  });

  it('that wait are erased after the keys were rotated and the old one is gone', async () => {
    await eraseAll();
    const key = randomBytes(32).toString('base64');
    const both = new Vault(keysFromText(`${key},${OLD_KEY}`));
    const resealed = await hub.database.transaction((tx) => resealAll(tx, both));
    expect(resealed).toBeGreaterThanOrEqual(4);
    expect(pending(await work(new Vault(keysFromText(key))))).toEqual([]);
    expect(asked.flat().sort()).toEqual(['P1', 'P2', 'P3', 'P4']);
  });

  it('that cannot be opened, for their key was taken away, are seen to wait and say what to do', async () => {
    await eraseAll();
    const views = pending(await work(new Vault(keysFromText(randomBytes(32).toString('base64')))));
    expect(views).toHaveLength(4);
    expect(views[0]?.receipts[0]?.problem).toMatchObject({
      code: 'TARGET_SEALED',
      remedy: expect.stringContaining('RAPPORT_ENCRYPTION_KEY') as string,
    });
    expect(pending(await work())).toEqual([]);
  });
});
