import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from '../../src/sdk/index.js';
import { idsOf, TestHub, type SettingsInput } from './testing.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const SMALL = 'id,first\n1,Anna\n2,Ben\n';
/** More than one piece. */
const LARGE =
  'id,first\n' +
  Array.from({ length: 20_000 }, (_, index) => `${String(index)},${'x'.repeat(500)}\n`).join('');

describe('reading a file from the web', () => {
  let server: Server;
  let base: string;
  let handler: Handler;

  beforeAll(async () => {
    server = createServer((request, response) => {
      handler(request, response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const hub = (change: Partial<SettingsInput> = {}, credentials?: { token: string }): TestHub =>
    new TestHub(
      {
        url: `${base}/people.csv`,
        object: 'customer',
        idColumn: 'id',
        columns: { first: 'givenName' },
        ...change,
      },
      credentials === undefined ? {} : { credentials },
    );

  /** A plain web server: ranges, tags, conditions. */
  function serving(
    content: () => { readonly text: string; readonly etag?: string; readonly modified?: string },
  ): Handler {
    return (request, response) => {
      const { text, etag, modified } = content();
      const bytes = Buffer.from(text);
      if (etag !== undefined) response.setHeader('etag', etag);
      if (modified !== undefined) response.setHeader('last-modified', modified);
      const isSame = etag !== undefined && request.headers['if-none-match'] === etag;
      if (isSame || (modified !== undefined && request.headers['if-modified-since'] === modified)) {
        response.writeHead(304).end();
        return;
      }
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      const guard = request.headers['if-range'];
      if (from === undefined || (guard !== undefined && guard !== etag && guard !== modified)) {
        response.end(bytes);
        return;
      }
      const start = Number(from);
      if (start >= bytes.length) {
        response.writeHead(416, { 'content-range': `bytes */${String(bytes.length)}` }).end();
        return;
      }
      const end = Math.min(Number(to), bytes.length - 1);
      response.writeHead(206, {
        'content-range': `bytes ${String(start)}-${String(end)}/${String(bytes.length)}`,
      });
      response.end(bytes.subarray(start, end + 1));
    };
  }

  async function failure(of: TestHub): Promise<ConnectorError> {
    const error: unknown = await of.pull().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConnectorError);
    return error as ConnectorError;
  }

  it('takes the time of the file from the server', async () => {
    handler = serving(() => ({ text: SMALL, modified: 'Thu, 01 Jan 2026 10:00:00 GMT' }));
    const { records } = await hub().pull();
    expect(records).toMatchObject([
      { id: '1', modifiedAt: '2026-01-01T10:00:00.000Z' },
      { id: '2', values: { first: 'Ben' } },
    ]);
  });

  it.each([{ etag: '"v1"' }, { etag: 'W/"v1"' }, { modified: 'Thu, 01 Jan 2026 10:00:00 GMT' }])(
    'does not load a file again that the server says is the same, by %j',
    async (mark) => {
      handler = serving(() => ({ text: SMALL, ...mark }));
      const people = hub();
      await people.pull();
      expect((await people.pull()).pages).toBe(0);
      expect(people.context.calls.map((call) => call.response?.status)).toEqual([206, 304]);
    },
  );

  it('brings no page for a file that is the same though the server does not say so', async () => {
    handler = (_request, response) => response.end(SMALL);
    const people = hub();
    await people.pull();
    expect((await people.pull()).pages).toBe(0);
  });

  it('loads a large file piece by piece', async () => {
    handler = serving(() => ({ text: LARGE, etag: '"v1"' }));
    const people = hub();
    expect((await people.pull()).records).toHaveLength(20_000);
    expect(people.context.calls.map((call) => call.response?.status)).toEqual([206, 206]);
  });

  it('puts no pieces of two versions together', async () => {
    let version = 1;
    const serve = serving(() => ({ text: version === 1 ? LARGE : SMALL, etag: `"v${String(version)}"` }));
    handler = (request, response) => {
      serve(request, response);
      version = 2;
    };
    expect(idsOf((await hub().pull()).records)).toEqual(['1', '2']);
  });

  it('asks for the whole where pieces have no mark of their version', async () => {
    handler = serving(() => ({ text: LARGE }));
    const people = hub();
    expect((await people.pull()).records).toHaveLength(20_000);
    expect(people.context.calls.map((call) => call.response?.status)).toEqual([206, 200]);
  });

  it('deletes nothing because the file became empty', async () => {
    let text = SMALL;
    handler = serving(() => ({ text }));
    const people = hub();
    await people.pull();
    text = '';
    expect(await failure(people)).toMatchObject({ code: 'FILE_EMPTY' });
    expect(people.stored.size).toBe(2);
  });

  it('follows redirects, and gives credentials to no other server', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end(SMALL);
    });
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const elsewhere = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}/x.csv`;
    handler = (request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: request.url === '/people.csv' ? '/moved.csv' : elsewhere }).end();
    };
    expect((await hub({}, { token: 'secret' }).pull()).records).toHaveLength(2);
    expect(seen).toEqual(['Bearer secret', 'Bearer secret', undefined]);
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  });

  it.each([
    [401, {}, 'credentials'],
    [403, {}, 'permission'],
    [404, {}, 'configuration'],
    [429, { 'retry-after': '7' }, 'throttled'],
    [500, {}, 'transient'],
    [503, {}, 'transient'],
    [503, { 'retry-after': '7' }, 'throttled'],
    [302, { location: '/people.csv' }, 'system'],
    [302, { location: 'ftp://127.0.0.1/' }, 'system'],
    [302, {}, 'configuration'],
    [206, {}, 'system'],
  ])('takes an answer %i %j for a failure of kind %s', async (status, headers, kind) => {
    handler = (_request, response) => response.writeHead(status, headers).end('<html>');
    const error = await failure(hub());
    expect(error.kind).toBe(kind);
    if (kind === 'throttled') expect(Math.abs((error.retryAt ?? 0) - Date.now() - 7000)).toBeLessThan(2000);
  });

  it('takes a broken connection for a passing failure', async () => {
    handler = (request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('id,first\n', () => request.socket.destroy());
    };
    expect(await failure(hub())).toMatchObject({ kind: 'transient', code: 'HTTP_RESET' });
  });
});
