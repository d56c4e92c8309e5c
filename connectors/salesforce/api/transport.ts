/** jsforce's way to the network, led through the hub's metered client: no retries, no redirects of its own. */
import { PassThrough } from 'node:stream';
import { Transport } from 'jsforce/lib/transport.js';
import type {
  HttpRequest as JsforceRequest,
  HttpResponse as JsforceResponse,
} from 'jsforce/lib/types/index.js';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import type { HttpRequest, HttpResponse } from '../../../src/sdk/index.js';

export type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** Writes of 200 records with triggers behind them may take a while. */
const TIMEOUT_MS = 120_000;

export class HubTransport extends Transport {
  constructor(private readonly send: Send) {
    super();
  }

  override httpRequest(request: JsforceRequest): StreamPromise<JsforceResponse> {
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise: this.exchange(request) }));
  }

  private async exchange(request: JsforceRequest): Promise<JsforceResponse> {
    const response = await this.send({
      method: request.method,
      url: request.url,
      headers: { ...withoutLength(request.headers), 'accept-encoding': 'gzip' },
      ...(typeof request.body === 'string' ? { body: request.body } : {}),
      timeoutMs: TIMEOUT_MS,
    });
    return {
      statusCode: response.status,
      headers: { ...response.headers },
      body: new TextDecoder().decode(response.body),
    };
  }
}

/** The sender counts for itself; a second, differing length would be refused. */
function withoutLength(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length'),
  );
}
