import {
  Budget,
  DEFAULT_PERCENT,
  SLOT_MS,
  type CallSlot,
  type QuotaState,
  type Urgency,
} from '../core/quota/budget.js';
import type { FinishedCall, RateLimiter } from '../platform/http/index.js';
import type { CallQuota, QuotaAnswer, QuotaReading } from '../sdk/index.js';
import { addSlots, type Ledger, type LedgerEntry } from './call-ledger.repository.js';

/** What this process does is told to the others, and what they did is heard, so often while calls are made. */
const EXCHANGE_MS = 1_000;
/** … or after so many calls; the closer to the end of the budget, the fewer. */
const MOST_CALLS = 50;

export interface MeterParts {
  readonly connectionId: string;
  readonly quota: CallQuota | undefined;
  readonly limiter: RateLimiter;
  readonly now: () => number;
  readonly exchange: (entry: Omit<LedgerEntry, 'processId'>) => Promise<Ledger>;
  /** An exchange that nobody waited for went wrong; the next one makes up for it. */
  readonly onError: (error: unknown) => void;
}

type Seen = NonNullable<LedgerEntry['seen']>;

/**
 * Counts the calls to one system, and says whether one more may be made. All processes share what they know through the
 * database: one statement a second, not one a call.
 */
export class CallMeter {
  private known: Ledger | undefined;
  private knownAt = -Infinity;
  private slots: readonly CallSlot[] = [];
  private seen: Seen | null = null;
  private timeZone: string | null = null;
  private unfinished = 0;
  private exchanging: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: MeterParts) {}

  /** The budget as known now; asks what others know if that was long ago. */
  async budget(percent: number | null): Promise<Budget> {
    if (this.isStale()) await this.exchange();
    return this.present(percent);
  }

  /** What others know by now, and not a moment ago: before something is put off. */
  async latest(percent: number | null): Promise<Budget> {
    await this.exchanging;
    await this.exchange();
    return this.present(percent);
  }

  get waits(): Ledger['waits'] {
    return this.known?.waits ?? {};
  }

  /** One call is about to be made; gives what is to hear its answer, or that it was not made. */
  begin(urgency: Urgency): (call: FinishedCall | undefined) => void {
    const at = Math.floor(this.parts.now() / SLOT_MS) * SLOT_MS;
    const count = (calls: number): void => {
      this.slots = addSlots(this.slots, [{ at, urgent: 0, backfill: 0, [urgency]: calls }]);
      this.unfinished += calls;
    };
    count(1);
    this.exchangeSoon();
    return (call) => {
      if (call === undefined) count(-1);
      else this.end(call);
    };
  }

  private end({ request, response }: FinishedCall): void {
    this.unfinished -= 1;
    const reading = response && this.read({ url: request.url, ...response });
    if (reading === undefined) return;
    const at = this.parts.now();
    const { day, exhausted = false } = reading;
    this.timeZone = reading.timeZone ?? this.timeZone;
    if (day === undefined && !exhausted) return;
    const others = day === undefined ? 0 : Math.max(0, day.used - this.present(null).ours());
    this.seen = { at, limit: day?.limit ?? null, others, exhausted };
  }

  /** A connector that cannot read an answer's headers does not break the call. */
  private read(answer: QuotaAnswer): QuotaReading | undefined {
    try {
      return this.parts.quota?.read(answer);
    } catch (error) {
      this.parts.onError(error);
      return undefined;
    }
  }

  /** All that is known is put together, and heard of. */
  async exchange(): Promise<void> {
    this.exchanging ??= this.makeExchange().finally(() => {
      this.exchanging = undefined;
    });
    return this.exchanging;
  }

  /** Nothing is left untold. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.exchanging;
    if (this.slots.length > 0 || this.seen !== null) await this.exchange();
    clearTimeout(this.timer);
  }

  private async makeExchange(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { slots, seen } = this;
    [this.slots, this.seen] = [[], null];
    const now = this.parts.now();
    const use = this.parts.limiter.use();
    try {
      const { connectionId } = this.parts;
      this.known = await this.parts.exchange({
        connectionId,
        now,
        slots,
        seen,
        timeZone: this.timeZone,
        use,
      });
      this.knownAt = now;
      this.parts.limiter.heed(this.known.peers);
    } catch (error) {
      this.slots = addSlots(slots, this.slots);
      this.seen ??= seen;
      throw error;
    }
    if (this.unfinished > 0 || slots.length > 0) this.exchangeSoon();
  }

  private exchangeSoon(): void {
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.exchange().catch(this.parts.onError);
    }, EXCHANGE_MS).unref();
  }

  private isStale(): boolean {
    if (this.parts.now() - this.knownAt > 2 * EXCHANGE_MS) return true;
    const untold = this.slots.reduce((sum, slot) => sum + slot.urgent + slot.backfill, 0);
    return untold >= Math.min(MOST_CALLS, Math.max(1, Math.floor(this.present(null).left('urgent') / 20)));
  }

  /** What all knew at the last exchange, and what happened here since. */
  private present(percent: number | null): Budget {
    const { known, seen } = this;
    const newer = seen !== null && (known?.seenAt ?? 0) <= seen.at ? seen : null;
    const state: QuotaState = {
      day: this.parts.quota?.day ?? 'calendar',
      timeZone: this.timeZone ?? known?.timeZone ?? null,
      limit: newer?.limit ?? known?.limit ?? null,
      others: newer?.limit == null ? (known?.others ?? 0) : newer.others,
      seenAt: newer?.at ?? known?.seenAt ?? null,
      exhaustedAt: newer === null ? (known?.exhaustedAt ?? null) : newer.exhausted ? newer.at : null,
      slots: addSlots(known?.slots ?? [], this.slots),
    };
    return new Budget(state, { percent: percent ?? DEFAULT_PERCENT, now: this.parts.now() });
  }
}
