import { z } from 'zod';
import type { JsonValue } from '../sdk/index.js';

const values: z.ZodType<Readonly<Record<string, JsonValue>>> = z.record(z.string(), z.json());

/** What is kept, sealed, of a record that is still to be erased: its id, or what may have made it. */
export const eraseTarget = z.union([
  z.object({ id: z.string() }),
  z.object({ lookUp: z.object({ hubId: z.string(), sentAt: z.number(), values }) }),
]);

export type EraseTarget = z.infer<typeof eraseTarget>;

/** A sealed target opens only for its own erasure. */
export function targetContext(erasureId: string): string {
  return `erasure:${erasureId}`;
}
