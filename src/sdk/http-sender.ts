/**
 * The one place that puts bytes on the wire. The hub's metered client and the test context are both built on it.
 * One request, one answer: no retries, no redirects, no cookies, no logging.
 */
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { promisify } from 'node:util';
import { Agent, type Dispatcher } from 'undici';
import { TransportError, type HttpRequest, type HttpResponse } from './context.js';

export const DEFAULT_TIMEOUT_MS = 60_000;

/** No page of any system comes near it; an answer without end must not take the process down. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

export interface HttpSender {
  /** Rejects with {@link TransportError} only. Messages name method and origin, never path, query or body. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
  /** Closes idle connections and waits for those at work. */
  close(): Promise<void>;
}

export interface HttpSenderOptions {
  /** Connections to one origin at once; what goes beyond waits. No limit unless told. */
  readonly connections?: number;
  readonly maxBodyBytes?: number;
}

/** Makes a sender with a connection pool of its own. */
export function createHttpSender(options: HttpSenderOptions = {}): HttpSender {
  // The deadline of each request is kept below, so undici's own are switched off.
  const agent = new Agent({
    pipelining: 1,
    connections: options.connections ?? null,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 0 },
  });
  const maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
  return {
    send: async (request, signal) => {
      const raw = await new Exchange(agent, request, maxBodyBytes).run(signal);
      return decoded(raw, request);
    },
    close: () => agent.close(),
  };
}

/** One request on its way. `sent` turns true when the first byte may have left. */
class Exchange {
  private readonly chunks: Buffer[] = [];
  private readonly done = Promise.withResolvers<HttpResponse>();
  private controller: Dispatcher.DispatchController | undefined;
  private sent = false;
  private settled = false;
  private size = 0;
  private status = 0;
  private headers: Readonly<Record<string, string>> = {};

  constructor(
    private readonly agent: Agent,
    private readonly request: HttpRequest,
    private readonly maxBodyBytes: number,
  ) {}

  async run(signal: AbortSignal | undefined): Promise<HttpResponse> {
    const limit = this.request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const timer = setTimeout(() => {
      this.fail('timeout', `no complete answer within ${String(limit)} ms`);
    }, limit);
    const onAbort = (): void => {
      this.fail('aborted', 'stopped before an answer came', signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal?.aborted === true) onAbort();
      else this.dispatch();
      return await this.done.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private dispatch(): void {
    const url = URL.parse(this.request.url);
    if (url === null || !/^https?:$/.test(url.protocol)) {
      this.fail('unreachable', 'the address is not an http or https URL');
      return;
    }
    const { method, headers, body } = this.request;
    const options = {
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: { ...headers },
      body: body ?? null,
    };
    try {
      this.agent.dispatch(options, {
        onRequestStart: (controller) => {
          this.controller = controller;
          if (this.settled) controller.abort(new Error('given up before it was sent'));
          else this.sent = true;
        },
        onResponseStart: (_controller, status, responseHeaders) => {
          // An interim answer (1xx) is followed by the real one.
          this.status = status;
          this.headers = flat(responseHeaders);
        },
        onResponseData: (_controller, chunk) => {
          this.take(chunk);
        },
        onResponseEnd: () => {
          this.finish();
        },
        onResponseError: (_controller, error) => {
          this.broken(error);
        },
      });
    } catch (error) {
      this.broken(error);
    }
  }

  private take(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.maxBodyBytes) {
      this.fail('reset', `the answer is larger than ${String(this.maxBodyBytes)} bytes`);
      return;
    }
    this.chunks.push(chunk);
  }

  private finish(): void {
    this.settled = true;
    this.done.resolve({
      status: this.status,
      headers: this.headers,
      body: Buffer.concat(this.chunks, this.size),
    });
  }

  private broken(error: unknown): void {
    const code = codeOf(error);
    if (code === 'ECONNREFUSED') this.fail('refused', 'nothing answers there (connection refused)', error);
    else if (this.sent)
      this.fail('reset', `the connection broke before the answer was complete (${code})`, error);
    else this.fail('unreachable', `no connection could be made (${code})`, error);
  }

  /** Settles once; later news of the same exchange is dropped. */
  private fail(code: TransportError['code'], what: string, cause?: unknown): void {
    if (this.settled) return;
    this.settled = true;
    this.done.reject(transportError(this.request, { code, sent: this.sent, what, cause }));
    this.controller?.abort(new Error(what));
  }
}

function transportError(
  request: HttpRequest,
  failure: { code: TransportError['code']; sent: boolean; what: string; cause?: unknown },
): TransportError {
  const { code, sent, what, cause } = failure;
  const origin = URL.parse(request.url)?.origin ?? 'an unreadable address';
  return new TransportError({ code, sent, message: `${request.method} to ${origin}: ${what}`, cause });
}

/** undici wraps several addresses' failures in one error; the first one's code says enough. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0)
    return codeOf(error.errors[0]);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown';
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return result;
}

const DECODERS: Readonly<Record<string, (body: Uint8Array, maxOutputLength: number) => Promise<Buffer>>> = {
  gzip: (body, maxOutputLength) => promisify(gunzip)(body, { maxOutputLength }),
  'x-gzip': (body, maxOutputLength) => promisify(gunzip)(body, { maxOutputLength }),
  deflate: (body, maxOutputLength) => promisify(inflate)(body, { maxOutputLength }),
  br: (body, maxOutputLength) => promisify(brotliDecompress)(body, { maxOutputLength }),
};

/** Undoes content codings, so that nobody above needs to; the headers that told of them go too. */
async function decoded(response: HttpResponse, request: HttpRequest): Promise<HttpResponse> {
  const coding = response.headers['content-encoding']?.trim().toLowerCase();
  const decode = coding === undefined ? undefined : DECODERS[coding];
  if (decode === undefined || response.body.length === 0) return response;
  try {
    const body = await decode(response.body, MAX_BODY_BYTES);
    const { 'content-encoding': _coding, 'content-length': _length, ...headers } = response.headers;
    return { status: response.status, headers, body };
  } catch (cause) {
    const what = 'the answer was cut off or damaged on the way (content coding)';
    throw transportError(request, { code: 'reset', sent: true, what, cause });
  }
}
