import type { Clock, HttpClient, RateLimit } from '../../sdk/index.js';
import { createHttpClient, type FinishedCall } from '../../sdk/http-client.js';
import type { HttpSender } from '../../sdk/http-sender.js';
import { createRateLimiter } from '../../sdk/rate-limiter.js';
import { ClockOffset } from './clock-offset.js';

/** One call as it is counted. */
export interface MeteredCall {
  readonly bucket: string;
  /** null when no complete answer came. */
  readonly status: number | null;
  /** From sending to the end of the answer; time spent waiting for the rate limit is not in it. */
  readonly ms: number;
}

/** The HTTP of one connection. Its limits and its clock offset outlive a run: keep one per connection and process. */
export interface MeteredHttp {
  /** A client for one run; it stops with the signal. `onCall` hears of each call made, for the run's count. */
  client(options: {
    readonly signal: AbortSignal;
    readonly onCall?: (call: MeteredCall) => void;
  }): HttpClient;
  /** The system's clock minus the hub's, ms; 0 until measured. */
  offsetMs(): number;
}

export interface MeteredHttpOptions {
  readonly limits: readonly RateLimit[];
  readonly clock: Clock;
  /** May be shared by all connections: it pools sockets per origin. */
  readonly sender: HttpSender;
}

export function createMeteredHttp(options: MeteredHttpOptions): MeteredHttp {
  const { clock, sender } = options;
  const limiter = createRateLimiter(options.limits, clock);
  const offset = new ClockOffset();
  return {
    client: ({ signal, onCall }) =>
      createHttpClient({
        sender,
        limiter,
        clock,
        signal,
        onCall: (call) => {
          measure(offset, call);
          onCall?.({
            bucket: call.bucket,
            status: call.response?.status ?? null,
            ms: call.endedAt - call.startedAt,
          });
        },
      }),
    offsetMs: () => offset.ms(),
  };
}

function measure(offset: ClockOffset, call: FinishedCall): void {
  if (call.response === undefined) return;
  const { date, age } = call.response.headers;
  offset.add({ sentAt: call.startedAt, receivedAt: call.endedAt, date, age });
}
