/** HTTP: sessions, and the faults that are switched on. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { answer, type ApiAnswer } from './api.js';
import type { Feed } from './feed.js';
import { Refusal, type Store } from './store.js';

export const API_KEY = 'sandbox-key';

export interface Fault {
  /**
   * `throttle`: 429, come again in 30 s. `lost`: carried out, and no answer. `cut`: carried out, and half the answer comes.
   * `refuse`: the connection breaks before anything is done.
   */
  readonly kind: 'throttle' | 'lost' | 'cut' | 'refuse';
  readonly calls: 'read' | 'write';
}

export class SandboxServer {
  readonly server: Server;
  private readonly faults: Fault[] = [];
  private session = 1;
  private revoked = false;

  constructor(
    private readonly store: Store,
    private readonly feed: Feed,
  ) {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
  }

  /** Strikes the next call of its kind. */
  fault(fault: Fault): void {
    this.faults.push(fault);
  }

  expire(): void {
    this.session += 1;
  }

  /** Breaks all connections. */
  cut(): void {
    this.server.closeAllConnections();
  }

  revoke(): void {
    this.revoked = true;
    this.session += 1;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const body =
      method === 'GET' || method === 'DELETE' ? {} : ((await json(request)) as Record<string, unknown>);
    if (url.pathname === '/session') {
      const isKnown = !this.revoked && body['apiKey'] === API_KEY;
      send(response, isKnown ? { status: 200, body: { token: this.token } } : { status: 401, body: {} });
      return;
    }
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      send(response, { status: 401, body: {} });
      return;
    }
    if (url.pathname === '/events') {
      send(response, await this.heard(url.searchParams));
      return;
    }
    const calls = method === 'GET' || url.pathname.endsWith('/read') ? 'read' : 'write';
    const struck = this.faults.findIndex((fault) => fault.calls === calls);
    const fault = struck === -1 ? undefined : this.faults.splice(struck, 1)[0];
    if (fault?.kind === 'throttle') {
      response.setHeader('retry-after', '30');
      send(response, { status: 429, body: {} });
      return;
    }
    if (fault?.kind === 'refuse') {
      request.socket.destroy();
      return;
    }
    const client = request.headers['x-client']?.toString() ?? null;
    const answered = answerTo(() => this.store.as(client, () => answer(this.store, { method, url, body })));
    if (fault?.kind === 'lost') request.socket.destroy();
    else send(response, answered, fault?.kind === 'cut');
  }

  private async heard(query: URLSearchParams): Promise<ApiAnswer> {
    const after = query.has('after') ? Number(query.get('after')) : undefined;
    const wait = Number(query.get('wait') ?? 0);
    if (wait > 0 && this.feed.since(after)?.events.length === 0) await this.feed.wait(wait);
    const found = this.feed.since(after);
    return found === undefined ? { status: 410, body: {} } : { status: 200, body: found };
  }

  private get token(): string {
    return `session-${String(this.session)}`;
  }
}

function answerTo(work: () => ApiAnswer): ApiAnswer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body };
    throw error;
  }
}

function send(response: ServerResponse, { status, body }: ApiAnswer, cut = false): void {
  const text = JSON.stringify(body);
  const sent = Buffer.from(cut ? text.slice(0, text.length / 2) : text);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': sent.length });
  response.end(sent);
}
