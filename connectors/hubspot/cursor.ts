/** How far a pull has read. Stored as JSON with each page; one that does not fit any more starts a full read. */
import { z } from 'zod';

/** A rotation through all archived records, a bounded number of pages at each read. */
const archivedSchema = z.strictObject({
  after: z.string().nullable(),
  /** Only records archived since then are news (ms, HubSpot's clock); null: all are. */
  since: z.int().nullable(),
  /** When the rotation under way began (ms, HubSpot's clock). */
  begun: z.int(),
});

const fullSchema = z.strictObject({
  phase: z.literal('full'),
  /** HubSpot's own token for the next page; null for the first. */
  after: z.string().nullable(),
  /** HubSpot's clock when the read began: changes made since then are searched for afterwards. */
  begun: z.int(),
  /** Newest modified date met so far (ms); 0 when none. */
  newest: z.int(),
});

const changesSchema = z.strictObject({
  phase: z.literal('changes'),
  /** Search begins with records modified at or after this (ms, HubSpot's clock). */
  from: z.int(),
  /** Newest modified date ever met (ms). */
  newest: z.int(),
  /** A search under way: it goes by record id within the time window. */
  scan: z.strictObject({ afterId: z.string(), begun: z.int(), newest: z.int() }).nullable(),
  archived: archivedSchema,
  /** Last contact whose association was looked at; null: begin with the first. */
  sweptTo: z.string().nullable(),
  /**
   * Calls that a read under way may still spend on archived records and on associations: it may be stopped and resumed
   * at any page, and must not begin them anew each time. null: none is under way.
   */
  left: z
    .strictObject({ archived: z.int().min(0), associations: z.int().min(0) })
    .nullable()
    .default(null),
});

export const cursorSchema = z.discriminatedUnion('phase', [fullSchema, changesSchema]);
export type Cursor = z.infer<typeof cursorSchema>;
export type FullCursor = z.infer<typeof fullSchema>;
export type ChangesCursor = z.infer<typeof changesSchema>;
export type CallsLeft = NonNullable<ChangesCursor['left']>;
export type ArchivedPosition = z.infer<typeof archivedSchema>;

/** The read is over once nothing is left of either. */
export function spent(left: CallsLeft): CallsLeft | null {
  return left.archived === 0 && left.associations === 0 ? null : left;
}

/**
 * Where the next search must begin. Search shows changes late, so it reaches `overlapMs` back from the moment the
 * last one began; once that is over, what was already met need not be listed again.
 */
export function nextFrom(input: { begun: number; newest: number; overlapMs: number }): number {
  return Math.max(0, Math.min(input.begun - input.overlapMs, input.newest + 1));
}
