import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askAddress } from './public-address.js';

describe('the public address, asked', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hub`;
  }

  const READY = { status: 'ok', info: { database: { status: 'up' } }, error: {}, details: {} };

  it('is the hub’s when its own health answers below it', async () => {
    const url = await serve((request, response) => {
      response
        .writeHead(request.url === '/hub/health/ready' ? 200 : 404, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(READY));
    });
    expect(await askAddress(url)).toEqual({ kind: 'ready' });
  });

  it('tells why a hub there cannot work', async () => {
    const error = { database: { status: 'down', message: 'The database does not answer.' } };
    const url = await serve((_, response) => {
      response.writeHead(503).end(JSON.stringify({ ...READY, status: 'error', error }));
    });
    expect(await askAddress(url)).toEqual({ kind: 'unready', why: 'The database does not answer.' });
  });

  it.each([200, 302, 502])('knows a stranger that answers %d', async (status) => {
    const url = await serve((_, response) => {
      response.writeHead(status, { Location: 'https://elsewhere.example' }).end('<html></html>');
    });
    expect(await askAddress(url)).toEqual({ kind: 'stranger', status });
  });

  it('says by a code why nothing is heard', async () => {
    const url = await serve(() => undefined);
    servers.splice(0).forEach((server) => server.close());
    expect(await askAddress(url)).toEqual({ kind: 'silent', code: 'ECONNREFUSED' });
  });
});
