/**
 * Associations: a change of them moves no date of the record. So the links of known records are looked up, 1,000 a
 * call, a bounded number of calls at each read, round after round. The hub compares, and reads the records that differ:
 * an archived one has no links either.
 */
import type { PullPage, SourceRecord } from '../../src/sdk/index.js';
import { ASSOCIATION_BATCH, linksOfRecords } from './associations.js';
import { spent, type CallsLeft, type ChangesCursor, type Cursor } from './cursor.js';
import { linkValue } from './links.js';
import type { Session } from './session.js';
import { serverNow } from './state.js';

export async function* sweptPages(
  session: Session,
  from: ChangesCursor,
  given: CallsLeft,
): AsyncGenerator<PullPage<Cursor>, void, undefined> {
  const { ctx, facts, wanted } = session;
  const callsEach = Math.max(1, wanted.links.length);
  let cursor = from;
  let left = given;
  while (left.associations > 0) {
    const ids = await ctx.known.ids(facts.object, cursor.sweptTo, ASSOCIATION_BATCH);
    const last = ids.at(-1);
    const over = last === undefined || ids.length < ASSOCIATION_BATCH;
    left = { ...left, associations: over ? 0 : Math.max(0, left.associations - callsEach) };
    cursor = { ...cursor, sweptTo: over ? null : last, left: spent(left) };
    const readAt = ctx.clock.now();
    const found = await linksOfRecords(session, ids);
    // When the link changed nobody says; by now it has.
    const modifiedAt = new Date(serverNow(ctx)).toISOString();
    const records = [...found].map(([id, links]): SourceRecord => ({
      id,
      values: Object.fromEntries(
        wanted.links.flatMap((link) => {
          const to = links[link.property];
          return to === undefined ? [] : [[link.property, linkValue(link, to)]];
        }),
      ),
      modifiedAt,
      partial: true,
    }));
    yield { records, tombstones: [], cursor, readAt };
  }
}
