import { z } from 'zod';
import { RequestError } from './request-error.js';

/** One page of a list; `next` is null at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Hand it back as `cursor` for the next page. */
  readonly next: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Largest page anybody may ask for. */
export const MAX_PAGE = 200;

type Position = readonly (string | number)[];

/** Positions of lists ordered by one ever-growing id. */
export const ID_POSITION = z.tuple([z.string().regex(/^\d{1,19}$/)]);

/**
 * Where a page starts: after the position that its cursor holds, from the beginning without one.
 *
 * @throws RequestError when the cursor was not made by such a list
 */
export function startOf<T extends Position>(cursor: string | undefined, shape: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined;
  const parsed = shape.safeParse(decode(cursor));
  if (parsed.success) return parsed.data;
  throw new RequestError({
    kind: 'invalid',
    field: 'cursor',
    message: 'The cursor is not one that this list gave out.',
    remedy: 'Give back `next` of the page before, unchanged, or leave the cursor out to begin again.',
  });
}

/** A page from one row more than it may hold: the extra row tells that there are more. */
export function pageOf<Item>(
  found: readonly Item[],
  limit: number,
  positionOf: (item: Item) => Position,
): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const more = found.length > limit && last !== undefined;
  return { items, next: more ? encode(positionOf(last)) : null };
}

function encode(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
