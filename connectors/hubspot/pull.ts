/** A pull: everything once, then what changed. */
import type { PullPage, PullRequest } from '../../src/sdk/index.js';
import type { HubSpotContext } from './config.js';
import { changedPages } from './changes.js';
import type { ChangesCursor, Cursor, FullCursor } from './cursor.js';
import { fullPages } from './full.js';
import { openSession } from './session.js';
import { serverNow } from './state.js';

export async function* pull(
  ctx: HubSpotContext,
  request: PullRequest<Cursor>,
): AsyncGenerator<PullPage<Cursor>, void, undefined> {
  const session = await openSession(ctx, request.object, request.properties);
  let changes: ChangesCursor;
  const { cursor } = request;
  if (cursor === null || cursor.phase === 'full') {
    changes = yield* fullPages(session, cursor ?? begin(ctx));
    // What was just read needs no second look at its associations.
    yield* changedPages(session, changes, { sweep: false });
  } else {
    yield* changedPages(session, cursor, { sweep: true });
  }
}

function begin(ctx: HubSpotContext): FullCursor {
  return { phase: 'full', after: null, begun: serverNow(ctx), newest: 0 };
}
