/** The HTTP that connections are called with: made of the parts of the SDK, so that tests of connectors use the same. */
export { createHttpSender, type HttpSender } from '../../sdk/http-sender.js';
export { createHttpClient, type FinishedCall } from '../../sdk/http-client.js';
export {
  createRateLimiter,
  DEFAULT_BUCKET,
  type LimiterUse,
  type RateLimiter,
} from '../../sdk/rate-limiter.js';
export { ClockOffset } from '../../sdk/clock-offset.js';
