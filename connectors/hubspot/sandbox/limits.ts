/** Limits as HubSpot counts them: a rolling window, the day, and search by itself. */
import { ApiError } from './answers.js';

export interface LimitOptions {
  /** Calls in one window. */
  readonly burst: number;
  readonly windowMs: number;
  readonly daily: number;
  readonly searchPerSecond: number;
}

export const DEFAULT_LIMITS: LimitOptions = {
  burst: 190,
  windowMs: 10_000,
  daily: 650_000,
  searchPerSecond: 5,
};

export class Limits {
  private calls: number[] = [];
  private searches: number[] = [];
  private today = 0;

  constructor(private readonly options: LimitOptions | undefined) {}

  /** Headers for the answer; throws the 429, which uses nothing up. */
  take(isSearch: boolean): Readonly<Record<string, string>> {
    if (this.options === undefined) return {};
    const now = Date.now();
    const { burst, windowMs, daily, searchPerSecond } = this.options;
    this.calls = this.calls.filter((at) => at > now - windowMs);
    this.searches = this.searches.filter((at) => at > now - 1000);
    if (this.today >= daily) throw limited('DAILY', 'You have reached your daily limit.');
    if (isSearch) {
      if (this.searches.length >= searchPerSecond)
        throw limited('SECONDLY', 'You have reached your secondly limit.');
      this.searches.push(now);
      this.today += 1;
      return {};
    }
    if (this.calls.length >= burst)
      throw limited(
        'TEN_SECONDLY_ROLLING',
        'You have reached your ten_secondly_rolling limit.',
        this.headers(),
      );
    this.calls.push(now);
    this.today += 1;
    return this.headers();
  }

  private headers(): Readonly<Record<string, string>> {
    const { burst, windowMs, daily } = this.options ?? DEFAULT_LIMITS;
    return {
      'X-HubSpot-RateLimit-Max': String(burst),
      'X-HubSpot-RateLimit-Remaining': String(burst - this.calls.length),
      'X-HubSpot-RateLimit-Interval-Milliseconds': String(windowMs),
      'X-HubSpot-RateLimit-Daily': String(daily),
      'X-HubSpot-RateLimit-Daily-Remaining': String(daily - this.today),
    };
  }
}

function limited(
  policyName: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ApiError {
  return new ApiError(429, { message, policyName, errorType: 'RATE_LIMIT' }, headers);
}
