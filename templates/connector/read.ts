/** Reading records by id. */
import { z } from 'zod';
import type { ReadRequest, ReadResult } from '../../src/sdk/index.js';
import { ask } from './client.js';
import type { Context } from './config.js';
import { decodeRows, rowsSchema, type Decoded } from './record.js';

/** The system takes so many ids in one call. */
const IDS = 100;

const answerSchema = z.object({ rows: rowsSchema });

/** Ids that the system does not know are nowhere in the answer: they are gone. */
export async function read(ctx: Context, request: ReadRequest): Promise<ReadResult> {
  const readAt = ctx.clock.now();
  const { records, tombstones } = await readRows(ctx, request);
  return { records, tombstones, readAt };
}

export async function readRows(ctx: Context, { object, ids, properties }: ReadRequest): Promise<Decoded> {
  const found: z.output<typeof rowsSchema> = [];
  for (let start = 0; start < ids.length; start += IDS) {
    const { rows } = await ask(ctx, `/${object}/read`, { ids: ids.slice(start, start + IDS) }, answerSchema);
    found.push(...rows);
  }
  return decodeRows(found, properties);
}
