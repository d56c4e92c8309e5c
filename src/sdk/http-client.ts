import {
  TransportError,
  type Clock,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
} from './context.js';
import type { ClockOffset } from './clock-offset.js';
import type { HttpSender } from './http-sender.js';
import { DEFAULT_BUCKET, type RateLimiter, type Release } from './rate-limiter.js';

/** A call that left the queue, with what became of it: a response, or the error it was rejected with. */
export interface FinishedCall {
  readonly request: HttpRequest;
  readonly bucket: string;
  /** Hub's clock, ms; time spent waiting for the rate limit is not in it. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly response: HttpResponse | undefined;
  readonly error: unknown;
}

/** Puts sender and limiter together; `onCall` hears of each call that was made. */
export function createHttpClient(parts: {
  readonly sender: HttpSender;
  readonly limiter: RateLimiter;
  readonly offset: ClockOffset;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Rejects when no call may be made now; else gives what is to hear how it ended, or that it was not made after all. */
  readonly admit?: () => Promise<(call: FinishedCall | undefined) => void>;
  readonly onCall: (call: FinishedCall) => void;
}): HttpClient {
  const { sender, limiter, offset, clock, signal, onCall } = parts;
  return {
    send: async (request) => {
      const bucket = request.bucket ?? DEFAULT_BUCKET;
      const admitted = await parts.admit?.();
      const release = await place(limiter, bucket, signal).catch((error: unknown) => {
        admitted?.(undefined);
        throw error;
      });
      const startedAt = clock.now();
      const finish = (response: HttpResponse | undefined, error: unknown): void => {
        release();
        const call = { request, bucket, startedAt, endedAt: clock.now(), response, error };
        measure(offset, call);
        admitted?.(call);
        onCall(call);
      };
      const response = await sender.send(request, signal).catch((error: unknown) => {
        finish(undefined, error);
        throw error;
      });
      finish(response, undefined);
      return response;
    },
    pause: (bucket, until) => {
      limiter.pause(bucket, until);
    },
    serverTime: (at) => at + offset.least(),
  };
}

function measure(offset: ClockOffset, { response, startedAt, endedAt }: FinishedCall): void {
  if (response === undefined) return;
  const { date, age } = response.headers;
  offset.add({ sentAt: startedAt, receivedAt: endedAt, status: response.status, date, age });
}

async function place(limiter: RateLimiter, bucket: string, signal: AbortSignal): Promise<Release> {
  try {
    return await limiter.acquire(bucket, signal);
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new TransportError({
      code: 'aborted',
      sent: false,
      message: 'stopped while waiting for the rate limit',
      cause,
    });
  }
}
