/** Listening to changes: where to look, as it happens. Values in events are never used. */
import { z } from 'zod';
import type {
  ConnectorStream,
  StreamBatch,
  StreamEvent,
  StreamGap,
  StreamRequest,
} from '../../src/sdk/index.js';
import { answered, CLIENT, get, isOk, parsed } from './client.js';
import { positionSchema, type Context, type Credentials, type Position, type Settings } from './config.js';
import { failureOf } from './errors.js';

/** The system answers after so many seconds at the latest. */
const WAIT_S = 30;
const MARGIN_MS = 15_000;

const eventSchema = z.object({
  number: z.int(),
  object: z.string(),
  /** Null where the system left changes of the object out. */
  id: z.string().nullable(),
  kind: z.enum(['changed', 'deleted', 'merged', 'overflow']),
  at: z.iso.datetime(),
  client: z.string().nullable(),
});
const answerSchema = z.object({ events: z.array(eventSchema), last: z.int() });
type Answer = z.output<typeof answerSchema>;

export const stream: ConnectorStream<Settings, Credentials, Position> = {
  position: positionSchema,
  wanted: () => true,
  open,
};

async function* open(
  ctx: Context,
  { objects, position }: StreamRequest<Position>,
): AsyncGenerator<StreamBatch<Position>> {
  const names = objects.map(({ object }) => object);
  let after = position?.after;
  // The first call does not wait: its answer says that the position is good.
  for (let wait = 0; ; wait = WAIT_S) {
    const answer = after === undefined ? undefined : await eventsAfter(ctx, after, wait);
    if (answer === undefined) {
      const reason = after === undefined ? 'began' : 'expired';
      after = (await get(ctx, '/events', answerSchema)).last;
      yield { events: [], position: { after }, gap: { objects: names, reason } };
      continue;
    }
    after = answer.last;
    if (answer.events.length > 0 || wait === 0) yield { ...batchOf(answer, names), position: { after } };
  }
}

/** undefined when the system no longer has what came after this number. */
async function eventsAfter(ctx: Context, after: number, wait: number): Promise<Answer | undefined> {
  const path = `/events?after=${String(after)}&wait=${String(wait)}`;
  const timeoutMs = wait * 1_000 + MARGIN_MS;
  const response = await answered(ctx, { method: 'GET', path, bucket: 'stream', timeoutMs });
  if (response.status === 410) return undefined;
  if (!isOk(response)) throw failureOf(response, ctx.clock.now());
  return parsed(response, answerSchema);
}

function batchOf(
  { events }: Answer,
  names: readonly string[],
): { readonly events: readonly StreamEvent[]; readonly gap?: StreamGap } {
  const heard = events.filter(({ object }) => names.includes(object));
  const lost = heard.filter(({ id }) => id === null).map(({ object }) => object);
  return {
    events: heard.flatMap(({ number, object, id, kind, at, client }) =>
      id === null
        ? []
        : [
            {
              dedupeKey: `${String(number)}:${object}:${id}`,
              object,
              id,
              kind: kind === 'changed' ? 'changed' : 'deleted',
              occurredAt: at,
              own: client === CLIENT,
            },
          ],
    ),
    ...(lost.length > 0 && { gap: { objects: [...new Set(lost)], reason: 'overflow' } }),
  };
}
