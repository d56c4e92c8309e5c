import type { RateLimit } from '../connector.js';
import type { Clock, HttpClient } from '../context.js';
import { ClockOffset } from '../clock-offset.js';
import { createHttpClient, type FinishedCall } from '../http-client.js';
import { createHttpSender } from '../http-sender.js';
import { createRateLimiter } from '../rate-limiter.js';

export interface RecordedPause {
  readonly bucket: string;
  readonly until: number;
}

export interface TestHttp extends HttpClient {
  /** Each call made, answered or not, in the order they ended. */
  readonly calls: readonly FinishedCall[];
  readonly pauses: readonly RecordedPause[];
}

/** Real HTTP for tests: same sender and same limiter as the hub's, and a record of all that was sent. */
export function createTestHttp(options: {
  readonly limits: readonly RateLimit[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): TestHttp {
  const { clock, signal } = options;
  const calls: FinishedCall[] = [];
  const pauses: RecordedPause[] = [];
  const client = createHttpClient({
    sender: createHttpSender(),
    limiter: createRateLimiter(options.limits, clock),
    offset: new ClockOffset(),
    clock,
    signal,
    onCall: (call) => {
      calls.push(call);
    },
  });
  return {
    calls,
    pauses,
    send: (request) => client.send(request),
    pause: (bucket, until) => {
      pauses.push({ bucket, until });
      client.pause(bucket, until);
    },
    serverTime: (at) => client.serverTime(at),
  };
}
