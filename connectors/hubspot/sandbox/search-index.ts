/** What search knows of each record: the truth of a while ago. */
import type { StoredRecord } from './types.js';

export class SearchIndex {
  private readonly lagging: { readonly due: number; readonly record: StoredRecord }[] = [];

  constructor(
    private readonly delayMs: number,
    private readonly isLive: (record: StoredRecord) => boolean,
  ) {}

  /** The record changed. */
  note(record: StoredRecord): void {
    if (this.delayMs === 0) this.take(record);
    else this.lagging.push({ due: Date.now() + this.delayMs, record });
  }

  catchUp(all: boolean): void {
    const now = Date.now();
    const waiting = this.lagging.findIndex(({ due }) => due > now);
    for (const { record } of this.lagging.splice(0, all || waiting < 0 ? this.lagging.length : waiting))
      this.take(record);
  }

  private take(record: StoredRecord): void {
    record.indexed = this.isLive(record)
      ? { properties: record.properties, updatedAt: record.updatedAt }
      : null;
  }
}
