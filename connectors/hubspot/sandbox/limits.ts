/** Limits as HubSpot counts them: a rolling window, the day of the account, and search by itself. */
import { dayOf } from '../../../src/sdk/index.js';
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

/** Of the account: its days begin there at midnight. */
export const TIME_ZONE = 'Europe/Berlin';

export class Limits {
  private calls: number[] = [];
  private searches: number[] = [];
  private today = { start: 0, calls: 0 };

  /** @param now the portal's clock, ms */
  constructor(
    private readonly options: LimitOptions | undefined,
    private readonly now: () => number,
  ) {}

  /** Calls of today, by whatever program. */
  used(): number {
    const { start } = dayOf(this.now(), TIME_ZONE);
    if (this.today.start !== start) this.today = { start, calls: 0 };
    return this.today.calls;
  }

  newDay(): void {
    this.today = { ...this.today, calls: 0 };
  }

  /** Calls of this or another program. */
  count(calls: number): void {
    const used = this.used();
    this.today = { ...this.today, calls: used + calls };
  }

  /**
   * Headers for the answer; throws the 429, which uses nothing up. A public app's calls do not count against the day, and
   * its answers do not tell of it.
   */
  take(isSearch: boolean, isPublicApp = false): Readonly<Record<string, string>> {
    if (this.options === undefined) return {};
    const now = Date.now();
    const { burst, windowMs, daily, searchPerSecond } = this.options;
    this.calls = this.calls.filter((at) => at > now - windowMs);
    this.searches = this.searches.filter((at) => at > now - 1000);
    if (!isPublicApp && this.used() >= daily) throw limited('DAILY', 'You have reached your daily limit.');
    if (isSearch) {
      if (this.searches.length >= searchPerSecond)
        throw limited('SECONDLY', 'You have reached your secondly limit.');
      this.searches.push(now);
      if (!isPublicApp) this.count(1);
      return {};
    }
    if (this.calls.length >= burst)
      throw limited(
        'TEN_SECONDLY_ROLLING',
        'You have reached your ten_secondly_rolling limit.',
        this.headers(isPublicApp),
      );
    this.calls.push(now);
    if (!isPublicApp) this.count(1);
    return this.headers(isPublicApp);
  }

  private headers(isPublicApp: boolean): Readonly<Record<string, string>> {
    const { burst, windowMs, daily } = this.options ?? DEFAULT_LIMITS;
    return {
      'X-HubSpot-RateLimit-Max': String(burst),
      'X-HubSpot-RateLimit-Remaining': String(burst - this.calls.length),
      'X-HubSpot-RateLimit-Interval-Milliseconds': String(windowMs),
      ...(!isPublicApp && {
        'X-HubSpot-RateLimit-Daily': String(daily),
        'X-HubSpot-RateLimit-Daily-Remaining': String(Math.max(0, daily - this.used())),
      }),
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
