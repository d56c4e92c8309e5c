import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';

const BODY_LIMIT = '1mb';
const WEBHOOKS = '/webhooks/';

function isWebhook(request: IncomingMessage): boolean {
  return request.url?.startsWith(WEBHOOKS) === true;
}

/**
 * Lets a server that was told to close come to its end. Node closes connections that are idle at that moment; one that
 * a proxy or a vendor keeps busy would stay open for ever, and the process with it.
 */
function drain(
  server: Server,
): (request: IncomingMessage, response: ServerResponse, next: () => void) => void {
  return (_request, response, next) => {
    if (!server.listening) response.setHeader('Connection', 'close');
    next();
  };
}

/** What holds for all requests. Webhooks keep their body as it came, byte by byte: signatures are over that. */
export function setUpHttp(app: NestExpressApplication): void {
  app.use(drain(app.getHttpServer()));
  app.use(helmet());
  app.useBodyParser('raw', { limit: BODY_LIMIT, inflate: false, type: isWebhook });
  app.useBodyParser('json', {
    limit: BODY_LIMIT,
    type: (request: IncomingMessage) => !isWebhook(request) && isJson(request),
  });
}

function isJson(request: IncomingMessage): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? '');
}
