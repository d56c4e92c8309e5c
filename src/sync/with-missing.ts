import type { ReadResult } from '../sdk/index.js';

/** An id that the system knows nothing of any more is gone. */
export function withMissing(ids: readonly string[], result: ReadResult): ReadResult {
  const seen = new Set([...result.records, ...result.tombstones].map((record) => record.id));
  const missing = ids.filter((id) => !seen.has(id)).map((id) => ({ id }));
  return { ...result, tombstones: [...result.tombstones, ...missing] };
}
