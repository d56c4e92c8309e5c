/** Limits as HubSpot counts them: a rolling window, the day, and search by itself. */
import { ApiError } from './answers.js';

export interface LimitOptions {
  /** Calls in ten seconds. */
  readonly burst: number;
  readonly daily: number;
  readonly searchPerSecond: number;
}

export const DEFAULT_LIMITS: LimitOptions = { burst: 190, daily: 650_000, searchPerSecond: 5 };

const WINDOW_MS = 10_000;

export class Limits {
  private calls: number[] = [];
  private searches: number[] = [];
  private today = 0;

  constructor(private readonly options: LimitOptions | undefined) {}

  /** Headers for the answer; throws the 429, which uses nothing up. */
  take(isSearch: boolean): Readonly<Record<string, string>> {
    if (this.options === undefined) return {};
    const now = Date.now();
    const { burst, daily, searchPerSecond } = this.options;
    this.calls = this.calls.filter((at) => at > now - WINDOW_MS);
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
    const { burst, daily } = this.options ?? DEFAULT_LIMITS;
    return {
      'X-HubSpot-RateLimit-Max': String(burst),
      'X-HubSpot-RateLimit-Remaining': String(burst - this.calls.length),
      'X-HubSpot-RateLimit-Interval-Milliseconds': String(WINDOW_MS),
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
