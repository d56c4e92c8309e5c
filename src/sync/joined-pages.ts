import type { PullPage } from '../sdk/index.js';
import type { Batch } from './ingest.js';

/**
 * Pages that follow each other as one: of a record that is in several of them the last word counts. Systems with small
 * pages would else pay for each page what the database asks for a large one. Where only a part of a record was read,
 * what came before is needed too: such pages stay alone.
 */
export function joinedPages<Cursor>(pages: readonly PullPage<Cursor>[]): JoinedPage<Cursor>[] {
  const last = pages.at(-1);
  if (last === undefined) return [];
  if (pages.length === 1 || pages.some(({ records }) => records.some((record) => record.partial === true)))
    return pages.map((page) => ({ ...page }));
  const lastWord = new Map<string, PullPage<Cursor>>();
  const readAts = new Map<string, number>();
  for (const page of pages) {
    for (const { id } of [...page.tombstones, ...page.records]) lastWord.set(id, page);
    for (const { id } of page.records) readAts.set(id, page.readAt);
  }
  const current = <T extends { readonly id: string }>(page: PullPage<Cursor>, list: readonly T[]): T[] =>
    list.filter(({ id }) => lastWord.get(id) === page);
  return [
    {
      records: pages.flatMap((page) => current(page, page.records)),
      tombstones: pages.flatMap((page) => current(page, page.tombstones)),
      unreadable: pages.flatMap((page) => page.unreadable ?? []),
      readAt: Math.min(...pages.map((page) => page.readAt)),
      readAts,
      cursor: last.cursor,
      total: pages.findLast((page) => page.total !== undefined)?.total,
    },
  ];
}

/** A batch with the cursor after it, and the records expected in all where the system said so. */
export type JoinedPage<Cursor> = Batch & { readonly cursor: Cursor; readonly total?: number | undefined };
