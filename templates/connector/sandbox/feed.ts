/** What changed, as those hear it who listen: numbered, kept until it is forgotten. */
import type { Change, ObjectName } from './store.js';

export interface FeedEvent {
  readonly number: number;
  readonly object: ObjectName;
  /** Null for an overflow: changes of the object were left out. */
  readonly id: string | null;
  readonly kind: Change['kind'] | 'overflow';
  readonly at: string;
  /** Who wrote by the API; null for a user. */
  readonly client: string | null;
}

export class Feed {
  private events: FeedEvent[] = [];
  private last = 0;
  private forgotten = 0;
  private news = Promise.withResolvers<undefined>();

  add(event: Omit<FeedEvent, 'number' | 'at'>): void {
    this.last += 1;
    this.events.push({ ...event, number: this.last, at: new Date().toISOString() });
    this.news.resolve(undefined);
    this.news = Promise.withResolvers<undefined>();
  }

  /** As if all of it were too old to be kept. */
  forget(): void {
    this.events = [];
    this.forgotten = this.last;
  }

  /** Events after a number, none of them without one; undefined when some of them are forgotten. */
  since(
    after: number | undefined,
  ): { readonly events: readonly FeedEvent[]; readonly last: number } | undefined {
    if (after === undefined) return { events: [], last: this.last };
    if (after < this.forgotten) return undefined;
    return { events: this.events.filter(({ number }) => number > after), last: this.last };
  }

  /** Until something is added, or the time is up. */
  async wait(seconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, seconds * 1_000);
      timer.unref();
    });
    await Promise.race([this.news.promise, late]);
    clearTimeout(timer);
  }
}
