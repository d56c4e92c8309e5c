/** A connector as it is, but for one thing: how the suite's tests make broken ones. */
import type {
  Connector,
  ConnectorContext,
  HttpRequest,
  HttpResponse,
  PullPage,
  PushOperation,
  PushOutcome,
  ReadResult,
  WebhookEvent,
} from '../../src/sdk/index.js';
import connector from '../../templates/connector/index.js';

export const good = connector as Connector;
type Context = ConnectorContext;
type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** Changes each page of a pull. */
export function pages(change: (page: PullPage<unknown>, ctx: Context) => PullPage<unknown>): Connector {
  return {
    ...good,
    pull: async function* (ctx, request) {
      for await (const page of good.pull(ctx, request)) yield change(page, ctx);
    },
  };
}

/** Changes what a pull throws. */
export function pullFailure(change: (error: unknown) => unknown): Connector {
  return {
    ...good,
    pull: async function* (ctx, request) {
      try {
        yield* good.pull(ctx, request);
      } catch (error) {
        throw change(error) as Error;
      }
    },
  };
}

/** Puts something between the connector and the system; one for each call of the connector. */
export function wire(
  part: 'pull' | 'push',
  make: () => (request: HttpRequest, send: Send) => Promise<HttpResponse>,
): Connector {
  const bent = (ctx: Context): Context => {
    const between = make();
    return {
      ...ctx,
      http: { ...ctx.http, send: (request) => between(request, (next) => ctx.http.send(next)) },
    };
  };
  if (part === 'pull') return { ...good, pull: (ctx, request) => good.pull(bent(ctx), request) };
  return { ...good, push: async (ctx, request) => (await good.push?.(bent(ctx), request)) ?? [] };
}

export function operations(change: (operation: PushOperation) => PushOperation): Connector {
  return {
    ...good,
    push: async (ctx, request) =>
      (await good.push?.(ctx, { ...request, operations: request.operations.map(change) })) ?? [],
  };
}

export function outcomes(change: (outcome: PushOutcome, operation: PushOperation) => PushOutcome): Connector {
  return {
    ...good,
    push: async (ctx, request) => {
      const all = (await good.push?.(ctx, request)) ?? [];
      const byKey = new Map(request.operations.map((operation) => [operation.key, operation]));
      return all.map((outcome) => change(outcome, byKey.get(outcome.key) as PushOperation));
    },
  };
}

export function read(change: (result: ReadResult, ctx: Context) => ReadResult): Connector {
  return {
    ...good,
    read: async (ctx, request) => change((await good.read?.(ctx, request)) as ReadResult, ctx),
  };
}

export function events(
  change: (event: WebhookEvent, settings: unknown) => readonly WebhookEvent[],
): Connector {
  return {
    ...good,
    webhook: (request, secrets, settings) => {
      const verdict = good.webhook?.(request, secrets, settings);
      if (verdict?.accepted !== true) return verdict as NonNullable<typeof verdict>;
      return { ...verdict, events: verdict.events.flatMap((event) => change(event, settings)) };
    },
  };
}
