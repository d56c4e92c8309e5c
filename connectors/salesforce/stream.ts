/** Listening to change events: which records to look at, as it happens, from the last replay id on. */
import {
  ConnectorError,
  type ConnectorStream,
  type StreamBatch,
  type StreamEvent,
  type StreamGap,
  type StreamRequest,
  type Unheard,
} from '../../src/sdk/index.js';
import { streamPositionSchema, type Credentials, type Settings, type StreamPosition } from './config.js';
import { toHubError } from './errors.js';
import type { Context } from './session/session.js';
import { Bayeux, BayeuxRefusal, SessionOver, type Delivery } from './streaming/bayeux.js';
import { heard } from './streaming/change-event.js';
import { channelOf, FROM_NOW } from './streaming/channel.js';
import { isExpired, streamError } from './streaming/errors.js';

type Request = StreamRequest<StreamPosition>;
type Batch = StreamBatch<StreamPosition>;

export const stream: ConnectorStream<Settings, Credentials, StreamPosition> = {
  position: streamPositionSchema,
  wanted: (settings) => settings.changeEvents,
  open,
};

/** Sessions in a row that end this soon, before it is given up. */
const PATIENCE = 3;
const SOON_MS = 30_000;

async function* open(ctx: Context, request: Request): AsyncGenerator<Batch> {
  try {
    yield* listen(ctx, request);
  } catch (error) {
    if (error instanceof BayeuxRefusal) throw streamError(error, ctx.clock.now());
    throw toHubError(error, ctx.clock.now());
  }
}

/** A session ends now and then (sign-in renewed, client forgotten): the next goes on where it stopped. */
async function* listen(ctx: Context, request: Request): AsyncGenerator<Batch> {
  const bayeux = await Bayeux.open(ctx);
  let replay = request.position?.replay ?? {};
  for (let short = 0; ; short += 1) {
    const began = ctx.clock.now();
    try {
      await bayeux.handshake();
      const first = await subscribe(bayeux, request, replay, ctx.clock.now());
      replay = first.position.replay;
      yield first;
      for (;;) {
        const deliveries = await bayeux.poll();
        if (deliveries.length === 0) continue;
        const batch = batchOf(deliveries, request, replay);
        replay = batch.position.replay;
        yield batch;
      }
    } catch (error) {
      if (!(error instanceof SessionOver)) throw error;
      if (ctx.clock.now() - began > SOON_MS) short = 0;
      if (short >= PATIENCE) throw endless(error);
      ctx.log.info('salesforce streaming session renewed', { reason: error.message });
    }
  }
}

async function subscribe(
  bayeux: Bayeux,
  { objects }: Request,
  known: StreamPosition['replay'],
  now: number,
): Promise<Batch> {
  const replay: Record<string, number> = {};
  const lost: { object: string; reason: StreamGap['reason'] }[] = [];
  const unheard: Unheard[] = [];
  let refusal: ConnectorError | undefined;
  for (const { object } of objects) {
    const last = known[object];
    try {
      if (await subscribeTo(bayeux, object, last)) {
        if (last !== undefined) replay[object] = last;
        else lost.push({ object, reason: 'began' });
      } else lost.push({ object, reason: 'expired' });
    } catch (error) {
      if (!(error instanceof BayeuxRefusal)) throw error;
      refusal = streamError(error, now);
      if (refusal.kind !== 'permission') throw refusal;
      unheard.push({ object, message: refusal.message, remedy: refusal.remedy });
    }
  }
  if (refusal !== undefined && unheard.length === objects.length) throw refusal;
  return {
    events: [],
    position: { v: 1, replay },
    ...gapOf(lost),
    ...(unheard.length === 0 ? {} : { unheard }),
  };
}

/** Whether all since the last event will come; if not, only new ones will. */
async function subscribeTo(bayeux: Bayeux, object: string, last: number | undefined): Promise<boolean> {
  try {
    await bayeux.subscribe(channelOf(object), last ?? FROM_NOW);
    return true;
  } catch (error) {
    if (!(error instanceof BayeuxRefusal) || last === undefined || !isExpired(error)) throw error;
    await bayeux.subscribe(channelOf(object), FROM_NOW);
    return false;
  }
}

function batchOf(
  deliveries: readonly Delivery[],
  { objects }: Request,
  known: StreamPosition['replay'],
): Batch {
  const byChannel = new Map(objects.map((one) => [channelOf(one.object), one]));
  const replay = { ...known };
  const events: StreamEvent[] = [];
  const lost: { object: string; reason: StreamGap['reason'] }[] = [];
  for (const { channel, data } of deliveries) {
    const of = byChannel.get(channel);
    const message = of && heard(data, of);
    if (of === undefined || message === undefined) continue;
    replay[of.object] = message.replayId;
    events.push(...message.events);
    if (message.overflow) lost.push({ object: of.object, reason: 'overflow' });
  }
  return { events, position: { v: 1, replay }, ...gapOf(lost) };
}

function gapOf(lost: readonly { object: string; reason: StreamGap['reason'] }[]): { gap?: StreamGap } {
  if (lost.length === 0) return {};
  const reason = lost.find((one) => one.reason !== 'began')?.reason ?? 'began';
  return { gap: { objects: [...new Set(lost.map(({ object }) => object))], reason } };
}

function endless(cause: SessionOver): ConnectorError {
  return new ConnectorError({
    kind: 'transient',
    code: 'STREAM_BROKEN',
    message: 'Salesforce ends each streaming session right after it began.',
    remedy: 'It is tried again by itself; until then changes come with the scheduled reads.',
    detail: cause.message,
    cause,
  });
}
