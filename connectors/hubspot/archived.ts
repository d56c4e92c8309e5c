/**
 * Archived records: archiving moves no date and search never shows them, so their list is gone through, a bounded
 * number of pages at each read, round after round.
 */
import type { PullPage, Tombstone } from '../../src/sdk/index.js';
import { spent, type ArchivedPosition, type CallsLeft, type ChangesCursor, type Cursor } from './cursor.js';
import { RefusedError, refusalError } from './failures.js';
import type { ListPage } from './objects-client.js';
import { oneEach } from './read.js';
import type { Session } from './session.js';
import { serverNow } from './state.js';

const PAGE = 100;

/** Archived while the last round was under way, and perhaps already passed by it; with room for clocks. */
const ROUND_OVERLAP_MS = 10 * 60_000;

export async function* archivedPages(
  session: Session,
  from: ChangesCursor,
  given: CallsLeft,
): AsyncGenerator<PullPage<Cursor>, { readonly cursor: ChangesCursor; readonly left: CallsLeft }, undefined> {
  const { ctx } = session;
  let cursor = from;
  let left = given;
  while (left.archived > 0) {
    const readAt = ctx.clock.now();
    const { archived } = cursor;
    const begun = archived.after === null ? serverNow(ctx) : archived.begun;
    const { records, next } = await list(session, archived.after);
    left = { ...left, archived: next === null ? 0 : left.archived - 1 };
    cursor = { ...cursor, archived: moved({ ...archived, begun }, next), left: spent(left) };
    const tombstones = records
      .filter((record) => isNews(archived, record.archivedAt))
      .map((record): Tombstone =>
        record.archivedAt === undefined ? { id: record.id } : { id: record.id, deletedAt: record.archivedAt },
      );
    yield { records: [], tombstones: latest(tombstones), cursor, readAt };
  }
  return { cursor, left };
}

/** Once a round is over, the next has only to tell what was archived since it began. */
function moved(position: ArchivedPosition, next: string | null): ArchivedPosition {
  return next === null
    ? { after: null, since: Math.max(0, position.begun - ROUND_OVERLAP_MS), begun: position.begun }
    : { ...position, after: next };
}

function isNews({ since }: ArchivedPosition, archivedAt: string | undefined): boolean {
  return since === null || archivedAt === undefined || Date.parse(archivedAt) >= since;
}

/** A record archived, restored and archived again is listed twice. */
function latest(tombstones: readonly Tombstone[]): readonly Tombstone[] {
  return oneEach([...tombstones].sort((a, b) => ((a.deletedAt ?? '') < (b.deletedAt ?? '') ? 1 : -1)));
}

async function list(session: Session, after: string | null): Promise<ListPage> {
  const { facts, api } = session;
  try {
    return await api.objects.list(facts, {
      after,
      limit: PAGE,
      properties: [facts.modified],
      archived: true,
    });
  } catch (error) {
    if (error instanceof RefusedError) throw refusalError(error, `list archived ${facts.plural}`);
    throw error;
  }
}
