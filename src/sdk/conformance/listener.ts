import type { StreamBatch, StreamEvent, StreamGap } from '../index.js';
import type { Bench } from './bench.js';
import type { Memory } from './copy.js';
import { must, RuleBroken } from './rule.js';

/** What is told within seconds is waited for; what does not come by then never does. */
const PATIENCE_MS = 5_000;

export interface ListenOptions {
  /** JSON of the last stored position; null at the beginning, and unless told. */
  readonly position?: string | null;
  /** Of the process that listens; one that has just started unless told. */
  readonly memory?: Memory;
}

/** A hub that listens: batches are stored with their position, and the position as JSON. */
export class Listener {
  readonly events: StreamEvent[] = [];
  readonly gaps: StreamGap[] = [];
  /** How often a batch came. */
  private batches = 0;
  /** JSON; as it was given until the first batch comes. */
  position: string | null;
  private end: { readonly error?: unknown } | undefined;
  private news = Promise.withResolvers<undefined>();
  private readonly wish = new AbortController();
  private readonly signal: AbortSignal;

  constructor(
    private readonly bench: Bench,
    private readonly options: ListenOptions = {},
  ) {
    this.position = options.position ?? null;
    this.signal = AbortSignal.any([bench.signal, this.wish.signal]);
    must(
      bench.connector.stream?.wanted(bench.settings) === true,
      () => '`stream.wanted` says no to the settings of the harness',
    );
    void this.listen();
  }

  /** The subscription stands. */
  async stands(): Promise<void> {
    await this.expect(
      () => this.batches > 0,
      () => 'no first batch came, so nobody knows whether the subscription stands',
    );
  }

  /** Waits until it is so. Throws what the stream ended with, or {@link RuleBroken} when it never is. */
  async expect(isSo: () => boolean, cause: () => string): Promise<void> {
    const late = setTimeout(() => {
      this.tell();
    }, PATIENCE_MS);
    const until = performance.now() + PATIENCE_MS;
    try {
      while (!isSo()) {
        if (this.end !== undefined) this.explainEnd(this.end);
        must(performance.now() < until - 1, cause);
        await this.news.promise;
      }
    } finally {
      clearTimeout(late);
    }
  }

  has(id: string): boolean {
    return this.events.some((event) => event.object === this.bench.object && event.id === id);
  }

  /** A gap is told: the hub reads the object from its cursor. */
  tellsGap(reason?: StreamGap['reason']): boolean {
    return this.gaps.some(
      (gap) => gap.objects.includes(this.bench.object) && (reason === undefined || gap.reason === reason),
    );
  }

  /** Asks it to end. */
  stop(): void {
    this.wish.abort(new Error('nobody listens any more'));
  }

  /** Asks it to end, and waits for it. */
  async stopped(): Promise<void> {
    this.stop();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new RuleBroken('it goes on although `ctx.signal` has aborted'));
    }, PATIENCE_MS);
    try {
      while (this.end === undefined) await Promise.race([late.promise, this.news.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async listen(): Promise<void> {
    try {
      const { bench, options, signal } = this;
      const { stream } = bench.connector;
      if (stream === undefined) throw new RuleBroken('there is no `stream`');
      const objects = [{ object: bench.object, properties: bench.properties() }];
      const request = { objects, position: this.storedPosition() };
      const context = bench.context(undefined, options.memory, signal);
      for await (const batch of stream.open(context, request)) {
        if (signal.aborted) break;
        this.store(batch);
      }
      this.end = {};
    } catch (error) {
      this.end = { error };
    }
    this.tell();
  }

  private store(batch: StreamBatch<unknown>): void {
    this.batches += 1;
    this.events.push(...batch.events);
    if (batch.gap !== undefined) this.gaps.push(batch.gap);
    this.position = JSON.stringify(batch.position);
    this.tell();
  }

  private storedPosition(): unknown {
    const { bench, position } = this;
    if (position === null) return null;
    const parsed = bench.connector.stream?.position.safeParse(JSON.parse(position));
    if (parsed?.success === true) return parsed.data;
    throw new RuleBroken(
      `the position of a batch does not pass the stream's own schema when it is read back from JSON: ${String(parsed?.error.message)}`,
      'Keep only JSON in the position, and describe exactly that in its schema.',
    );
  }

  private explainEnd(end: { readonly error?: unknown }): never {
    if ('error' in end) throw end.error as Error;
    throw new RuleBroken(
      'the stream ended by itself, without an error',
      'Go on until `ctx.signal` aborts; throw a ConnectorError when that is not possible.',
    );
  }

  private tell(): void {
    this.news.resolve(undefined);
    this.news = Promise.withResolvers<undefined>();
  }
}
