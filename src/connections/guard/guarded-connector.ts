/**
 * A connector that cannot hurt others: whatever it throws is a failure of its own connection, a call of it ends, and
 * what it answers has the shape of the contract.
 */
import type { z } from 'zod';
import type { Connector, ConnectorContext, PullPage, PullRequest } from '../../sdk/index.js';
import { Activity } from './activity.js';
import { asConnectorError, BrokenConnectorError } from './broken-connector.js';
import { SHAPES } from './shapes.js';
import { onBehalfOf } from './strays.js';

/** Without a call, a wait or a look at the hub's records for so long, nothing will come of it any more. */
const IDLE_MS = 5 * 60_000;

export interface GuardOptions {
  /** Five minutes unless told. */
  readonly idleMs?: number;
}

/** @param source where the connector comes from: its folder, or its npm package */
export function guardConnector(connector: Connector, source: string, options: GuardOptions = {}): Connector {
  const guard = new Guard(source, options.idleMs ?? IDLE_MS);
  const { stream } = connector;
  return {
    ...connector,
    objects: (settings) => guard.now(SHAPES.declared, () => connector.objects(settings)),
    check: (ctx) => guard.call(ctx, SHAPES.checkItems, (own) => connector.check(own)),
    discover: (ctx) => guard.call(ctx, SHAPES.described, (own) => connector.discover(own)),
    pull: (ctx, request) => guard.pages(connector, ctx, request),
    ...(connector.read && {
      read: (ctx, request) =>
        guard.call(ctx, SHAPES.readResult, async (own) => connector.read?.(own, request)),
    }),
    ...(connector.push && {
      push: (ctx, request) => guard.call(ctx, SHAPES.outcomes, async (own) => connector.push?.(own, request)),
    }),
    ...(connector.erase && {
      erase: (ctx, request) => guard.call(ctx, SHAPES.erased, async (own) => connector.erase?.(own, request)),
    }),
    ...(connector.webhook && {
      webhook: (request, secrets, settings) =>
        guard.now(SHAPES.verdict, () => connector.webhook?.(request, secrets, settings)),
    }),
    ...(stream && {
      stream: { ...stream, open: (ctx, request) => guard.events(ctx, (own) => stream.open(own, request)) },
    }),
  };
}

class Guard {
  constructor(
    private readonly source: string,
    private readonly idleMs: number,
  ) {}

  /** What needs no time. */
  now<T>(shape: z.ZodType, work: () => T): NonNullable<T> {
    try {
      return this.shaped(shape, work());
    } catch (error) {
      throw asConnectorError(error, this.source, false);
    }
  }

  async call<T>(
    ctx: ConnectorContext,
    shape: z.ZodType,
    work: (own: ConnectorContext) => PromiseLike<T>,
  ): Promise<NonNullable<T>> {
    const activity = new Activity(this.source, this.idleMs);
    try {
      const answer = await this.owned(ctx, () => activity.settled(() => work(activity.watched(ctx))));
      return this.shaped(shape, answer);
    } catch (error) {
      if (activity.isOfHub(error)) throw error;
      throw asConnectorError(error, this.source, ctx.signal.aborted);
    }
  }

  async *pages(
    connector: Connector,
    ctx: ConnectorContext,
    request: PullRequest<unknown>,
  ): AsyncGenerator<PullPage<unknown>> {
    const activity = new Activity(this.source, this.idleMs);
    const own = activity.watched(ctx);
    let pages: AsyncIterator<PullPage<unknown>, unknown> | undefined;
    let isOver = false;
    try {
      const iterator = this.owned(ctx, () => connector.pull(own, request)[Symbol.asyncIterator]());
      pages = iterator;
      for (;;) {
        const next = await this.owned(ctx, () => activity.settled(() => iterator.next()));
        if (next.done === true) break;
        yield this.shaped(SHAPES.page, next.value);
      }
      isOver = true;
    } catch (error) {
      // It has ended by itself, or never will.
      isOver = true;
      if (activity.isOfHub(error)) throw error;
      throw asConnectorError(error, this.source, ctx.signal.aborted);
    } finally {
      if (!isOver)
        await this.owned(ctx, () => activity.settled(() => pages?.return?.())).catch(() => undefined);
    }
  }

  /** A stream waits for as long as nothing happens; only what it throws is looked at. */
  async *events<T>(
    ctx: ConnectorContext,
    open: (own: ConnectorContext) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const iterator = this.owned(ctx, () => open(ctx)[Symbol.asyncIterator]());
    try {
      for (;;) {
        const next = await this.owned(ctx, () => iterator.next());
        if (next.done === true) return;
        yield next.value;
      }
    } catch (error) {
      throw asConnectorError(error, this.source, ctx.signal.aborted);
    } finally {
      await this.owned(ctx, () => Promise.resolve(iterator.return?.())).catch(() => undefined);
    }
  }

  private owned<T>(ctx: ConnectorContext, work: () => T): T {
    return onBehalfOf({ connection: ctx.connection, source: this.source }, work);
  }

  private shaped<T>(shape: z.ZodType, answer: T): NonNullable<T> {
    const parsed = shape.safeParse(answer);
    if (parsed.success && answer !== null && answer !== undefined) return answer;
    const detail = parsed.error?.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.join('.')}: ${message}`)
      .join('; ');
    const what = 'answers in another shape than the contract has.';
    throw new BrokenConnectorError(this.source, 'CONNECTOR_ANSWER', {
      what,
      detail: detail ?? 'nothing at all',
    });
  }
}
