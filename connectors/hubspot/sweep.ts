/**
 * Associations: changing a contact's company moves no date of the contact. So the companies of known contacts are
 * looked up, 1,000 a call, a bounded number of calls at each read, round after round. The hub compares, and reads
 * the contacts that differ: an archived one has no company either.
 */
import type { PullPage, SourceRecord } from '../../src/sdk/index.js';
import { ASSOCIATION_BATCH, primaryCompanies } from './associations.js';
import type { ChangesCursor, Cursor } from './cursor.js';
import { COMPANY_LINK } from './objects.js';
import type { Session } from './session.js';
import { companyValue } from './source-record.js';
import { serverNow } from './state.js';

export async function* sweptPages(
  session: Session,
  from: ChangesCursor,
): AsyncGenerator<PullPage<Cursor>, void, undefined> {
  const { ctx, facts } = session;
  let cursor = from;
  for (let call = 0; call < ctx.settings.associationCalls; call += 1) {
    const ids = await ctx.known.ids(facts.object, cursor.sweptTo, ASSOCIATION_BATCH);
    const last = ids.at(-1);
    const over = last === undefined || ids.length < ASSOCIATION_BATCH;
    if (over && cursor.sweptTo === null && last === undefined) return;
    cursor = { ...cursor, sweptTo: over ? null : last };
    const readAt = ctx.clock.now();
    const links = await primaryCompanies(session, ids);
    // When the company changed nobody says; by now it has.
    const modifiedAt = new Date(serverNow(ctx)).toISOString();
    const records = [...links].map(([id, link]): SourceRecord => ({
      id,
      values: { [COMPANY_LINK]: companyValue(link) },
      modifiedAt,
      partial: true,
    }));
    yield { records, tombstones: [], cursor, readAt };
    if (over) return;
  }
}
