import { randomUUID } from 'node:crypto';
import type { Params } from 'nestjs-pino';
import type { Logger } from './logger.js';

interface Incoming {
  readonly id?: unknown;
  readonly method?: string;
  readonly url?: string;
}

/** Where a request went; its query may hold a person's name or address. */
function path(url: string | undefined): string | undefined {
  return url?.split('?', 1)[0];
}

/** One line for each request: what was asked and how it ended, never who asked nor with what. */
export function httpLogging(logger: Logger): Params {
  return {
    pinoHttp: {
      logger,
      genReqId: () => randomUUID(),
      serializers: {
        req: (request: Incoming) => ({ id: request.id, method: request.method, path: path(request.url) }),
        res: (response: { statusCode?: number }) => ({ status: response.statusCode }),
      },
      customLogLevel: (request, response, error) => {
        if (error !== undefined || response.statusCode >= 500) return 'error';
        // Probes come every few seconds.
        const isProbe = request.url?.startsWith('/health/') === true || request.url === '/metrics';
        return isProbe ? 'debug' : 'info';
      },
    },
  };
}
