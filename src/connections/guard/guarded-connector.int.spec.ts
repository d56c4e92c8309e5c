import { z } from 'zod';
import { ConnectorError, type Connector, type PullPage } from '../../sdk/index.js';
import { createTestContext } from '../../sdk/testing/index.js';
import { guardConnector } from './guarded-connector.js';

const PAGE: PullPage<unknown> = { records: [], tombstones: [], cursor: 1, readAt: 1 };

const good: Connector = {
  sdk: 1,
  name: 'good',
  title: 'Good',
  settings: z.unknown(),
  credentials: z.unknown(),
  cursor: z.unknown(),
  objects: () => [],
  check: () => Promise.resolve([]),
  discover: () => Promise.resolve([]),
  pull: async function* () {
    await Promise.resolve();
    yield PAGE;
  },
  read: () => Promise.resolve({ records: [], tombstones: [], readAt: 1 }),
  push: () => Promise.resolve([]),
};

const request = { object: 'person', properties: [], cursor: null };
const context = (signal?: AbortSignal) =>
  createTestContext({ settings: {}, credentials: {}, clock: 'real', ...(signal && { signal }) });

function guarded(change: Partial<Connector>): Connector {
  return guardConnector({ ...good, ...change }, 'rapport-odd', { idleMs: 40 });
}

async function pulled(connector: Connector, signal?: AbortSignal): Promise<readonly PullPage<unknown>[]> {
  const pages: PullPage<unknown>[] = [];
  for await (const page of connector.pull(context(signal), request)) pages.push(page);
  return pages;
}

async function errorOf(work: Promise<unknown>): Promise<ConnectorError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectorError)) throw new Error('it threw no ConnectorError');
  return error;
}

describe('a guarded connector', () => {
  it('answers as the connector does', async () => {
    expect(await pulled(guarded({}))).toEqual([PAGE]);
    expect(await guarded({}).check(context())).toEqual([]);
    expect('webhook' in guarded({})).toBe(false);
  });

  it.each<[unknown]>([
    ['a string'],
    [null],
    [undefined],
    [{ toString: null }],
    [new TypeError('x is undefined')],
  ])(
    'turns what it throws into a failure of its own connection that names the package: %s',
    async (thrown) => {
      const fail = (): never => {
        throw thrown as Error;
      };
      const connector = guarded({ check: fail, push: async () => fail(), pull: fail });
      for (const work of [
        connector.check(context()),
        connector.push?.(context(), { object: 'person', operations: [], properties: [] }),
        pulled(connector),
      ]) {
        const { kind, code, message, remedy } = await errorOf(Promise.resolve(work));
        expect([kind, code]).toEqual(['system', 'CONNECTOR_FAILED']);
        expect(message).toContain('rapport-odd');
        expect(remedy).toContain('rapport-odd');
      }
    },
  );

  it.each(['read', 'pull'] as const)(
    'does not blame the connector when the database of the hub is away, but for what it does by itself: %s',
    async (verb) => {
      const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      const lost = {
        ...context(),
        known: { versions: () => Promise.reject(away), ids: () => Promise.resolve([]) },
      };
      const run = async (ask: (ctx: typeof lost) => Promise<unknown>): Promise<unknown> => {
        const connector = guarded({
          read: async (ctx) => {
            await ask(ctx as typeof lost);
            return { records: [], tombstones: [], readAt: 1 };
          },
          pull: async function* (ctx) {
            await ask(ctx as typeof lost);
            yield PAGE;
          },
        });
        if (verb === 'read') return connector.read?.(lost, { object: 'person', ids: [], properties: [] });
        return connector.pull(lost, request)[Symbol.asyncIterator]().next();
      };
      await expect(run((ctx) => ctx.known.versions())).rejects.toBe(away);
      await expect(run(() => Promise.reject(away))).rejects.toMatchObject({ code: 'CONNECTOR_FAILED' });
    },
  );

  it('leaves its errors of the contract as they are', async () => {
    const error = new ConnectorError({ kind: 'throttled', code: 'SLOW', message: 'Wait.', remedy: 'Wait.' });
    expect(await errorOf(guarded({ check: () => Promise.reject(error) }).check(context()))).toBe(error);
  });

  it('ends a call that never comes back, and the page that never comes', async () => {
    const never = new Promise<never>(() => undefined);
    const stuck = async function* (): AsyncGenerator<PullPage<unknown>> {
      yield PAGE;
      await never;
    };
    expect((await errorOf(guarded({ check: () => never }).check(context()))).code).toBe('CONNECTOR_HANGS');
    expect((await errorOf(pulled(guarded({ pull: stuck })))).code).toBe('CONNECTOR_HANGS');
  });

  it('gives a call all the time that its waits and calls take', async () => {
    const slow = guarded({
      check: async (ctx) => {
        await ctx.clock.sleep(200);
        return [];
      },
    });
    expect(await slow.check(context())).toEqual([]);
  });

  it.each<[string, Partial<Connector>]>([
    ['a page that is no page', { pull: () => one({ records: 'none' }) }],
    [
      'a record without an id',
      { pull: () => one({ ...PAGE, records: [{ id: '', values: {}, modifiedAt: '2026-01-01' }] }) },
    ],
    [
      'a record with a time that is none',
      { pull: () => one({ ...PAGE, records: [{ id: '1', values: {}, modifiedAt: 'now' }] }) },
    ],
    ['no page at all', { pull: () => one(undefined) }],
    ['nothing to iterate', { pull: () => undefined as never }],
  ])('takes no answer of another shape: %s', async (_title, change) => {
    const { code, detail } = await errorOf(pulled(guarded(change)));
    expect(['CONNECTOR_ANSWER', 'CONNECTOR_FAILED']).toContain(code);
    expect(detail).not.toBe('');
  });

  it('takes no declaration and no outcomes of another shape', async () => {
    expect(() => guarded({ objects: () => [{ object: 'x' }] as never }).objects({})).toThrow(ConnectorError);
    const connector = guarded({ push: () => Promise.resolve([{ key: 'k', status: 'fine' }] as never) });
    const pushed = connector.push?.(context(), { object: 'person', operations: [], properties: [] });
    expect((await errorOf(Promise.resolve(pushed))).code).toBe('CONNECTOR_ANSWER');
  });
});

async function* one(page: unknown): AsyncGenerator<never> {
  await Promise.resolve();
  yield page as never;
}
