/** Reading what changed, oldest first: by time and id together, so that no page's edge falls between two equal times. */
import { z } from 'zod';
import type { PullPage, PullRequest } from '../../src/sdk/index.js';
import { get } from './client.js';
import type { Context, Cursor } from './config.js';
import { readRows } from './read.js';
import { decodeRows } from './record.js';

const PAGE = 50;

const changesSchema = z.object({
  rows: z.array(z.looseObject({ id: z.string(), changedAt: z.string() })),
  more: z.boolean(),
});
const linksSchema = z.object({
  changes: z.array(z.object({ number: z.int(), id: z.string() })),
  last: z.int(),
});

export async function* pull(ctx: Context, request: PullRequest<Cursor>): AsyncGenerator<PullPage<Cursor>> {
  const { object, properties } = request;
  let cursor = request.cursor ?? (await beginning(ctx, object));
  for (;;) {
    const readAt = ctx.clock.now();
    const query = new URLSearchParams({ since: cursor.changedAt, id: cursor.id, limit: String(PAGE) });
    const { rows, more } = await get(ctx, `/${object}?${query.toString()}`, changesSchema);
    const last = rows.at(-1);
    if (last !== undefined) cursor = { ...cursor, changedAt: last.changedAt, id: last.id };
    yield { ...decodeRows(rows, properties), cursor, readAt };
    if (!more) break;
  }
  yield* linked(ctx, request, cursor);
}

/** Links that change while the first read is under way are looked at behind it. */
async function beginning(ctx: Context, object: string): Promise<Cursor> {
  const { last } = await get(ctx, `/${object}/links`, linksSchema);
  return { changedAt: '', id: '', links: last };
}

/** A link that changes does not move the time of its record; the system keeps a list of them. */
async function* linked(
  ctx: Context,
  { object, properties }: PullRequest<Cursor>,
  cursor: Cursor,
): AsyncGenerator<PullPage<Cursor>> {
  const readAt = ctx.clock.now();
  const { changes, last } = await get(ctx, `/${object}/links?after=${String(cursor.links)}`, linksSchema);
  if (changes.length === 0) return;
  const ids = [...new Set(changes.map(({ id }) => id))];
  yield { ...(await readRows(ctx, { object, ids, properties })), cursor: { ...cursor, links: last }, readAt };
}
