import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestClock } from '../../sdk/testing/index.js';
import { createHttpSender, createMeteredHttp, type HttpSender, type MeteredCall } from './index.js';

describe('metered http', () => {
  let server: Server;
  let sender: HttpSender;
  let url: string;
  let date: string | undefined;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/reset') {
        request.socket.destroy();
        return;
      }
      if (date !== undefined) response.setHeader('date', date);
      response.statusCode = request.url === '/busy' ? 429 : 200;
      response.end('{}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    sender = createHttpSender();
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await sender.close();
  });

  it('tells of each call made: bucket, status or none, and time taken', async () => {
    const http = createMeteredHttp({ limits: [], clock: createTestClock(), sender });
    const calls: MeteredCall[] = [];
    const client = http.client({ signal: new AbortController().signal, onCall: (call) => calls.push(call) });
    await client.send({ method: 'GET', url });
    await client.send({ method: 'POST', url: `${url}/busy`, bucket: 'search' });
    await expect(client.send({ method: 'GET', url: `${url}/reset` })).rejects.toThrow();
    expect(calls).toEqual([
      { bucket: 'default', status: 200, ms: 0 },
      { bucket: 'search', status: 429, ms: 0 },
      { bucket: 'default', status: null, ms: 0 },
    ]);
  });

  it('holds all runs of a connection to one limit and one pause', async () => {
    const clock = createTestClock({ now: 0 });
    const http = createMeteredHttp({ limits: [{ bucket: 'default', calls: 2, perMs: 1000 }], clock, sender });
    const first = http.client({ signal: new AbortController().signal });
    const second = http.client({ signal: new AbortController().signal });
    await first.send({ method: 'GET', url });
    await second.send({ method: 'GET', url });
    await first.send({ method: 'GET', url });
    expect(clock.now()).toBe(1000);
    first.pause('default', 90_000);
    await second.send({ method: 'GET', url });
    expect(clock.now()).toBe(90_000);
  });

  it('stops one run by its signal, with nothing sent, and leaves the others alone', async () => {
    const stop = new AbortController();
    const http = createMeteredHttp({ limits: [], clock: createTestClock(), sender });
    stop.abort();
    await expect(http.client({ signal: stop.signal }).send({ method: 'GET', url })).rejects.toMatchObject({
      code: 'aborted',
      sent: false,
    });
    const other = http.client({ signal: new AbortController().signal });
    expect((await other.send({ method: 'GET', url })).status).toBe(200);
  });

  it('measures how far the clock of the system is ahead', async () => {
    const clock = createTestClock({ now: Date.UTC(2026, 10, 22, 12) });
    const http = createMeteredHttp({ limits: [], clock, sender });
    const client = http.client({ signal: new AbortController().signal });
    expect(http.offsetMs()).toBe(0);
    for (let round = 0; round < 20; round += 1) {
      clock.advance(130);
      date = new Date(clock.now() + 60_000).toUTCString();
      await client.send({ method: 'GET', url });
    }
    expect(Math.abs(http.offsetMs() - 60_000)).toBeLessThan(50);
  });
});
