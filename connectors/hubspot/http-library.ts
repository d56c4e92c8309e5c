/**
 * Puts the hub's HTTP under HubSpot's client. Its generated APIs take an `HttpLibrary`; each package of them has
 * classes of its own that TypeScript tells apart, hence one small function for each.
 */
import * as associations from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import * as objects from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import * as owners from '@hubspot/api-client/lib/codegen/crm/owners/index.js';
import * as properties from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import * as oauth from '@hubspot/api-client/lib/codegen/oauth/index.js';
import type { HubSpotContext } from './config.js';
import { send } from './transport.js';

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

async function relay(ctx: HubSpotContext, request: ClientRequest): Promise<Relayed> {
  const body = request.getBody();
  const form = body instanceof URLSearchParams;
  const response = await send(ctx, {
    method: request.getHttpMethod(),
    url: request.getUrl(),
    headers: form
      ? { ...request.getHeaders(), 'Content-Type': 'application/x-www-form-urlencoded' }
      : request.getHeaders(),
    ...(typeof body === 'string' ? { body } : form ? { body: body.toString() } : {}),
  });
  const bytes = Buffer.from(response.body);
  return {
    status: response.status,
    headers: { ...response.headers },
    body: { text: () => Promise.resolve(bytes.toString('utf8')), binary: () => Promise.resolve(bytes) },
  };
}

export function objectsLibrary(ctx: HubSpotContext): objects.HttpLibrary {
  return objects.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request);
      return new objects.ResponseContext(status, headers, body);
    },
  });
}

export function associationsLibrary(ctx: HubSpotContext): associations.HttpLibrary {
  return associations.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request);
      return new associations.ResponseContext(status, headers, body);
    },
  });
}

export function propertiesLibrary(ctx: HubSpotContext): properties.HttpLibrary {
  return properties.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request);
      return new properties.ResponseContext(status, headers, body);
    },
  });
}

export function ownersLibrary(ctx: HubSpotContext): owners.HttpLibrary {
  return owners.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request);
      return new owners.ResponseContext(status, headers, body);
    },
  });
}

export function oauthLibrary(ctx: HubSpotContext): oauth.HttpLibrary {
  return oauth.wrapHttpLibrary({
    send: async (request) => {
      const { status, headers, body } = await relay(ctx, request);
      return new oauth.ResponseContext(status, headers, body);
    },
  });
}
