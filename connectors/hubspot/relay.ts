/** One request of HubSpot's generated client over the hub's HTTP. */
import type { HubSpotContext } from './config.js';
import { send, type TokenSource } from './transport.js';

/** What all their request classes have in common. */
interface ClientRequest {
  getUrl(): string;
  getHttpMethod(): string;
  getHeaders(): Readonly<Record<string, string>>;
  getBody(): unknown;
}

interface Relayed {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: { text(): Promise<string>; binary(): Promise<Buffer> };
}

/** Without a source of tokens the request goes as it is: it is the one that asks for a token. */
export async function relay(
  ctx: HubSpotContext,
  request: ClientRequest,
  tokens?: TokenSource,
): Promise<Relayed> {
  const body = request.getBody();
  const form = body instanceof URLSearchParams;
  const call = {
    method: request.getHttpMethod(),
    url: request.getUrl(),
    headers: form
      ? { ...request.getHeaders(), 'Content-Type': 'application/x-www-form-urlencoded' }
      : request.getHeaders(),
    ...(typeof body === 'string' ? { body } : form ? { body: body.toString() } : {}),
  };
  const response = await send(ctx, call, tokens);
  const bytes = Buffer.from(response.body);
  return {
    status: response.status,
    headers: { ...response.headers },
    body: { text: () => Promise.resolve(bytes.toString('utf8')), binary: () => Promise.resolve(bytes) },
  };
}
