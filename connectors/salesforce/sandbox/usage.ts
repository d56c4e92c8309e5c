const DAY_MS = 24 * 3_600_000;
/** Calls are kept by the minute. */
const MINUTE_MS = 60_000;

/** API calls of the org in the last 24 hours, by whatever program. */
export class Usage {
  private minutes = new Map<number, number>();

  /** @param now the org's clock, ms */
  constructor(
    readonly limit: number,
    private readonly now: () => number,
  ) {}

  get used(): number {
    const end = this.now() - DAY_MS;
    for (const minute of this.minutes.keys()) if (minute + MINUTE_MS <= end) this.minutes.delete(minute);
    return [...this.minutes.values()].reduce((sum, calls) => sum + calls, 0);
  }

  count(calls: number): void {
    const minute = Math.floor(this.now() / MINUTE_MS) * MINUTE_MS;
    this.minutes.set(minute, (this.minutes.get(minute) ?? 0) + calls);
  }

  /** So many were made until now, all of them just now. */
  set(calls: number): void {
    this.minutes = new Map();
    this.count(calls);
  }
}
