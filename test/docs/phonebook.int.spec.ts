import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestContext } from '../../src/sdk/testing/index.js';
import phonebook from './phonebook.js';

const ANN = { id: '1', change: 7, changedAt: '2026-05-01T10:00:00Z', name: 'Lee', mail: null, tel: '0123' };

describe('phone book', () => {
  let server: Server;
  let answer: { status: number; body: unknown };
  let baseUrl: string;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(answer.status, { 'retry-after': '30' }).end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const context = () => createTestContext({ settings: { baseUrl }, credentials: { token: 't' } });
  const update = {
    kind: 'update',
    key: 'k',
    id: '1',
    hubId: 'h',
    values: { tel: 'x' },
    previous: {},
  } as const;

  it('pulls what changed, with the cursor to go on from', async () => {
    answer = {
      status: 200,
      body: { entries: [ANN, { ...ANN, id: '2', change: 9, deleted: true }], more: false },
    };
    const ctx = context();
    const request = { object: 'person', properties: ['name', 'mail', 'tel'], cursor: { after: 3 } };
    const pages = [];
    for await (const page of phonebook.pull(ctx, request)) pages.push(page);
    expect(pages).toHaveLength(1);
    expect(pages[0]?.records).toMatchObject([
      { id: '1', version: '7', values: { name: 'Lee', tel: '0123' } },
    ]);
    expect(pages[0]?.tombstones).toEqual([{ id: '2', deletedAt: ANN.changedAt }]);
    expect(pages[0]?.cursor).toEqual({ after: 9 });
    expect(ctx.calls.map((call) => call.request.url)).toEqual([`${baseUrl}/entries?after=3&limit=100`]);
  });

  it('says which property was refused, and lets the other records go on', async () => {
    answer = { status: 422, body: { property: 'tel', reason: 'no digits' } };
    const push = { object: 'person', properties: [], operations: [update] };
    expect(await phonebook.push?.(context(), push)).toMatchObject([
      { key: 'k', status: 'rejected', rejections: [{ property: 'tel', detail: 'no digits' }] },
    ]);
  });

  it('throws only while nothing was sent', async () => {
    answer = { status: 429, body: {} };
    const ctx = context();
    const push = phonebook.push?.(ctx, { object: 'person', properties: [], operations: [update] });
    await expect(push).rejects.toMatchObject({ kind: 'throttled', retryAt: ctx.clock.now() + 30_000 });
  });
});
