/** Connectors that listen badly, each in one way. */
import { randomUUID } from 'node:crypto';
import type {
  Connector,
  ConnectorContext,
  ConnectorStream,
  StreamBatch,
  StreamGap,
} from '../../src/sdk/index.js';
import { good } from './bend.js';

type Open = ConnectorStream['open'];
type Batches = AsyncIterable<StreamBatch<unknown>>;

const stream = good.stream as ConnectorStream;

export const STREAM_DEFECTS: Readonly<Record<string, Connector>> = {
  stream: batches((batch) => ({
    ...batch,
    events: batch.events.flatMap((event) => [event, { ...event, id: 'person-000005' }]),
  })),
  'stream-kinds': batches((batch) => ({
    ...batch,
    events: batch.events.filter(({ kind }) => kind !== 'deleted'),
  })),
  'stream-begin': batches((batch) => without(batch, 'began')),
  'stream-replay': opening(fromMemory),
  'stream-doubled': batches((batch) => ({
    ...batch,
    events: batch.events.map((event) => ({ ...event, dedupeKey: randomUUID() })),
  })),
  'stream-own': batches((batch) => ({
    ...batch,
    events: batch.events.map((event) => ({ ...event, own: true })),
  })),
  'stream-expired': batches((batch) => without(batch, 'expired')),
  'stream-overflow': batches((batch) => without(batch, 'overflow')),
  'stream-broken': opening(async function* (ctx, request) {
    try {
      yield* stream.open(ctx, request);
    } catch (error) {
      if (ctx.signal.aborted) throw error;
    }
  }),
  'stream-stops': opening(async function* (ctx, request) {
    try {
      yield* stream.open(ctx, request);
    } catch (error) {
      if (ctx.signal.aborted) await new Promise(() => undefined);
      throw error;
    }
  }),
};

function opening(open: Open): Connector {
  return { ...good, stream: { ...stream, open } };
}

function batches(change: (batch: StreamBatch<unknown>) => StreamBatch<unknown>): Connector {
  return opening(async function* (ctx, request) {
    for await (const batch of stream.open(ctx, request)) yield change(batch);
  });
}

/** The position stands in the process's memory; another process begins now, and says nothing of it. */
async function* fromMemory(ctx: ConnectorContext, request: Parameters<Open>[1]): Batches {
  const position = ctx.cache.get('heard') ?? null;
  for await (const batch of stream.open(ctx, { ...request, position })) {
    ctx.cache.set('heard', batch.position);
    yield request.position === null ? batch : without(batch, 'began');
  }
}

function without(batch: StreamBatch<unknown>, reason: StreamGap['reason']): StreamBatch<unknown> {
  const { gap, ...rest } = batch;
  return gap?.reason === reason ? rest : batch;
}
