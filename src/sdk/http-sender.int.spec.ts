import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { TransportError, type HttpRequest } from './context.js';
import { createHttpSender, type HttpSender } from './http-sender.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe('http sender', () => {
  let sender: HttpSender;
  const servers: Server[] = [];

  beforeEach(() => {
    sender = createHttpSender();
  });

  afterEach(async () => {
    await Promise.all(
      servers.splice(0).map((server) => {
        if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') {
          (server.closeAllConnections as () => void).call(server);
        }
        return new Promise((resolve) => server.close(resolve));
      }),
    );
    await sender.close();
  });

  async function listen(server: Server): Promise<string> {
    servers.push(server);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  const serve = (handler: Handler): Promise<string> => listen(createServer(handler));

  async function failure(request: HttpRequest, signal?: AbortSignal): Promise<TransportError> {
    const error: unknown = await sender.send(request, signal).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TransportError);
    return error as TransportError;
  }

  it('sends method, headers and body as given, and hands back status, lower-case headers and bytes', async () => {
    const base = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(207, { 'X-Seen': request.headers['x-mark'] ?? '', 'Set-Cookie': ['a=1', 'b=2'] });
        response.end(`${request.method ?? ''} ${request.url ?? ''} ${Buffer.concat(chunks).toString()}`);
      });
    });
    const url = `${base}/a?b=c%20d`;
    const answer = await sender.send({ method: 'PATCH', url, headers: { 'X-Mark': 'm' }, body: 'grüße' });
    expect(answer.status).toBe(207);
    expect(answer.headers['x-seen']).toBe('m');
    expect(answer.headers['set-cookie']).toBe('a=1, b=2');
    expect(Buffer.from(answer.body).toString()).toBe('PATCH /a?b=c%20d grüße');
  });

  it('does not follow a redirect', async () => {
    const base = await serve((_request, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await sender.send({ method: 'GET', url: base })).status).toBe(302);
  });

  it('undoes a content coding and drops the headers that told of it', async () => {
    const base = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));
    });
    const answer = await sender.send({ method: 'GET', url: base });
    expect(Buffer.from(answer.body).toString()).toBe('{"a":1}');
    expect(answer.headers['content-encoding']).toBeUndefined();
  });

  it('calls a damaged content coding a reset after sending', async () => {
    const base = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}').subarray(0, 15));
    });
    expect(await failure({ method: 'GET', url: base })).toMatchObject({ code: 'reset', sent: true });
  });

  it('says refused and not sent where nothing listens', async () => {
    const base = await serve(() => undefined);
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    expect(await failure({ method: 'POST', url: base })).toMatchObject({ code: 'refused', sent: false });
  });

  it('says unreachable and not sent for a name that does not exist and for what is no URL', async () => {
    expect(await failure({ method: 'GET', url: 'http://nowhere.invalid/' })).toMatchObject({
      code: 'unreachable',
      sent: false,
    });
    for (const url of ['not a url', 'ftp://127.0.0.1/']) {
      expect(await failure({ method: 'GET', url })).toMatchObject({ code: 'unreachable', sent: false });
    }
  });

  it('says reset and sent when the connection breaks before an answer', async () => {
    const base = await serve((request) => request.socket.resetAndDestroy());
    expect(await failure({ method: 'POST', url: base, body: '{}' })).toMatchObject({
      code: 'reset',
      sent: true,
    });
  });

  it('says reset and sent when the body is cut off in the middle', async () => {
    const base = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":', () => request.socket.destroy());
    });
    expect(await failure({ method: 'GET', url: base })).toMatchObject({ code: 'reset', sent: true });
  });

  it('says reset and sent when a chunked body ends without its end', async () => {
    const base = await serve((request, response) => {
      response.write('half', () => request.socket.end());
    });
    expect(await failure({ method: 'GET', url: base })).toMatchObject({ code: 'reset', sent: true });
  });

  it('gives up at the deadline, also in the middle of a body', async () => {
    const silent = await serve(() => undefined);
    const request = { method: 'GET', timeoutMs: 50 };
    expect(await failure({ ...request, url: silent })).toMatchObject({ code: 'timeout', sent: true });
    const slow = await serve((_request, response) => {
      response.writeHead(200).write('{');
    });
    expect(await failure({ ...request, url: slow })).toMatchObject({ code: 'timeout', sent: true });
  });

  it('stops when the signal aborts, and sends nothing when it already has', async () => {
    let seen = 0;
    const stop = new AbortController();
    const base = await serve(() => {
      seen += 1;
      stop.abort();
    });
    expect(await failure({ method: 'GET', url: base }, stop.signal)).toMatchObject({
      code: 'aborted',
      sent: true,
    });
    expect(await failure({ method: 'GET', url: base }, stop.signal)).toMatchObject({
      code: 'aborted',
      sent: false,
    });
    expect(seen).toBe(1);
  });

  it('refuses an answer larger than it may be', async () => {
    await sender.close();
    sender = createHttpSender({ maxBodyBytes: 10 });
    const base = await serve((_request, response) => response.end('x'.repeat(11)));
    expect(await failure({ method: 'GET', url: base })).toMatchObject({ code: 'reset', sent: true });
  });

  it('calls an answer that is not HTTP a reset after sending', async () => {
    const base = await listen(
      createTcpServer((socket) => socket.end('SSH-2.0-x\r\n', () => socket.destroy())),
    );
    expect(await failure({ method: 'GET', url: base })).toMatchObject({ code: 'reset', sent: true });
  });

  it('names neither path, query nor body in its messages', async () => {
    const base = await serve((request) => request.socket.destroy());
    const url = `${base}/people/anna@example.com?token=secret`;
    const error = await failure({ method: 'POST', url, body: 'secret' });
    expect(error.message).toContain(`POST to ${base}`);
    expect(error.message).not.toMatch(/anna|secret|token/);
  });

  it('still works after a connection kept alive was closed by the server', async () => {
    let closed = Promise.resolve();
    const base = await serve((request, response) => {
      closed = new Promise((resolve) =>
        request.socket.once('close', () => {
          resolve();
        }),
      );
      response.end('ok', () => setImmediate(() => request.socket.destroy()));
    });
    for (let round = 0; round < 5; round += 1) {
      expect((await sender.send({ method: 'GET', url: base })).status).toBe(200);
      await closed;
    }
  });
});
