import { createTestHub, type TestHub } from '../../test/helpers/hub.js';
import type { Database, Transaction } from '../platform/database/index.js';
import type { SourceRecord } from '../sdk/index.js';
import { PullService } from './pull.service.js';
import { ResolveService } from './resolve.service.js';

/** Of what goes on in a page, transaction control aside. */
const MOST = 10;

describe('the statements of a pulled page', () => {
  let hub: TestHub;
  beforeEach(async () => {
    hub = await createTestHub();
  });
  afterEach(() => hub.drop());

  /** Pulls one page of `crm`; the statements of the transaction that stores it. */
  async function statementsOf(records: readonly SourceRecord[]): Promise<number> {
    const counts: number[] = [];
    const counting = Object.assign(Object.create(hub.database) as Database, {
      transaction: <T>(work: (tx: Transaction) => Promise<T>) =>
        hub.database.transaction((tx) => {
          const at = counts.push(0) - 1;
          const count = (): void => {
            counts[at] = (counts[at] ?? 0) + 1;
          };
          return work({
            $queryRaw: (statement) => {
              count();
              return tx.$queryRaw(statement);
            },
            $executeRaw: (statement) => {
              count();
              return tx.$executeRaw(statement);
            },
          });
        }),
    });
    const connection = (await hub.connections.directory()).named('crm');
    const setup = connection?.objects.find((one) => one.object === 'contact');
    if (connection === undefined || setup === undefined) throw new Error('no crm');
    const session = await hub.connections.open(connection, new AbortController().signal);
    const pull = async function* () {
      await Promise.resolve();
      yield { records, tombstones: [], cursor: 1, readAt: Date.now() };
    };
    await new PullService(counting, new ResolveService(counting, hub.connections)).pullObject(
      { ...session, connection: { ...connection, connector: { ...connection.connector, pull } } },
      setup,
      { runId: null, full: false, resume: false, until: () => false },
    );
    // One transaction begins the reading, the next one stores the page.
    return counts[1] ?? Infinity;
  }

  const people = (count: number, title: string, modifiedAt: string): SourceRecord[] =>
    Array.from({ length: count }, (_, n) => ({
      id: `C${String(n)}`,
      values: { givenName: `N${String(n)}`, email: `n${String(n)}@x.example`, jobTitle: title },
      modifiedAt,
    }));

  it('are at most ten, and no more for many records than for few', async () => {
    const few = await statementsOf(people(3, 'Buyer', '2026-01-01T00:00:00Z'));
    const many = await statementsOf(people(300, 'Buyer', '2026-01-01T00:00:00Z').slice(3));
    expect(few).toBeLessThanOrEqual(MOST);
    expect(many).toBe(few);
  });

  it('are fewer where nothing changed', async () => {
    const seen = people(30, 'Buyer', '2026-01-01T00:00:00Z');
    const first = await statementsOf(seen);
    expect(await statementsOf(seen)).toBeLessThan(first);
  });

  it('are bounded where all changed', async () => {
    await statementsOf(people(3, 'Buyer', '2026-01-01T00:00:00Z'));
    const few = await statementsOf(people(3, 'CTO', '2026-01-02T00:00:00Z'));
    await statementsOf(people(30, 'CTO', '2026-01-02T00:00:00Z'));
    const many = await statementsOf(people(30, 'Founder', '2026-01-03T00:00:00Z'));
    expect(many).toBe(few);
    expect(many).toBeLessThanOrEqual(MOST);
  });
});
