import type { RateLimit } from '../connector.js';
import type { Clock, HttpClient, HttpRequest, HttpResponse } from '../context.js';
import { createHttpSender } from '../http-sender.js';
import { createRateLimiter, DEFAULT_BUCKET } from '../rate-limiter.js';

/** A call a connector made, with what became of it. */
export interface RecordedCall {
  readonly request: HttpRequest;
  /** Undefined when no complete answer came. */
  readonly response: HttpResponse | undefined;
  /** What the call was rejected with. */
  readonly error: unknown;
}

export interface RecordedPause {
  readonly bucket: string;
  readonly until: number;
}

export interface TestHttp extends HttpClient {
  readonly calls: readonly RecordedCall[];
  readonly pauses: readonly RecordedPause[];
}

/** Real HTTP for tests: same sender and same limiter as the hub's, and a record of all that was sent. */
export function createTestHttp(options: {
  readonly limits: readonly RateLimit[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): TestHttp {
  const sender = createHttpSender();
  const limiter = createRateLimiter(options.limits, options.clock);
  const calls: RecordedCall[] = [];
  const pauses: RecordedPause[] = [];
  return {
    calls,
    pauses,
    send: async (request) => {
      const release = await limiter.acquire(request.bucket ?? DEFAULT_BUCKET, options.signal);
      try {
        const response = await sender.send(request, options.signal);
        calls.push({ request, response, error: undefined });
        return response;
      } catch (error) {
        calls.push({ request, response: undefined, error });
        throw error;
      } finally {
        release();
      }
    },
    pause: (bucket, until) => {
      pauses.push({ bucket, until });
      limiter.pause(bucket, until);
    },
  };
}
