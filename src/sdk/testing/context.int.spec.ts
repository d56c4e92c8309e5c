import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestClock } from './clock.js';
import { createTestContext } from './context.js';

describe('test context', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('sends for real and keeps a record of each call, answered or not', async () => {
    const context = createTestContext({ settings: {}, credentials: {} });
    await context.http.send({ method: 'GET', url });
    await expect(context.http.send({ method: 'GET', url: 'no url' })).rejects.toThrow();
    expect(context.calls.map((call) => [call.request.url, call.response?.status])).toEqual([
      [url, 200],
      ['no url', undefined],
    ]);
  });

  it('waits out a pause on the clock of the test, without costing time', async () => {
    const clock = createTestClock({ now: 1000 });
    const context = createTestContext({ settings: {}, credentials: {}, clock });
    context.http.pause('default', 61_000);
    await context.http.send({ method: 'GET', url });
    expect(clock.now()).toBe(61_000);
    expect(context.pauses).toEqual([{ bucket: 'default', until: 61_000 }]);
  });

  it('shows saved credentials, log lines and known records', async () => {
    const contact = new Map([
      ['b', 'v1'],
      ['a', null],
      ['c', 'v2'],
    ]);
    const context = createTestContext({ settings: {}, credentials: 'old', known: { contact } });
    await context.saveCredentials('new');
    context.log.warn('slow', { ms: 5 });
    expect(context.saved).toEqual(['new']);
    expect(context.lines).toEqual([{ level: 'warn', message: 'slow', fields: { ms: 5 } }]);
    expect(await context.known.versions('contact', ['a', 'b', 'x'])).toEqual(new Map([['b', 'v1']]));
    expect(await context.known.ids('contact', null, 2)).toEqual(['a', 'b']);
    expect(await context.known.ids('contact', 'b', 2)).toEqual(['c']);
  });
});
