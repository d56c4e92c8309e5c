/** The event bus: what changed, kept for 72 hours, under replay ids that rise and skip numbers. */
import { randomUUID } from 'node:crypto';
import { objectDef } from '../fields.js';
import type { StoredRow, Writer } from '../store.js';
import { bodyOf, pathOf } from './payload.js';

export interface Change {
  readonly type: string;
  readonly row: StoredRow;
  readonly kind: 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE';
  /** Names of the fields whose values are others now. */
  readonly changed: readonly string[];
  readonly writer: Writer;
}

export interface BusEvent {
  readonly type: string;
  readonly replayId: number;
  readonly at: number;
  readonly data: unknown;
}

const RETENTION_MS = 72 * 3_600_000;
const NO_RECORD = '000000000000000AAA';

export class ChangeEvents {
  private events: BusEvent[] = [];
  private replayId = 4_000;
  private commit = 72_000_000_000;
  private pending: Change[] | undefined;
  private trouble: { readonly kind: 'gap' | 'drop'; left: number } | undefined;
  private readonly listeners = new Set<() => void>();

  /** @param selected types that change data capture is switched on for; all unless told */
  constructor(
    private readonly now: () => number,
    readonly selected: readonly string[] | undefined,
  ) {}

  /** Changes made within are of one transaction: alike ones become one event with several records. */
  transaction<T>(work: () => T): T {
    this.pending = [];
    try {
      return work();
    } finally {
      const changes = this.pending;
      this.pending = undefined;
      this.publish(changes);
    }
  }

  add(change: Change): void {
    if (this.pending === undefined) this.publish([change]);
    else this.pending.push(change);
  }

  /** The next changes come as gap events, or not at all. */
  disturb(kind: 'gap' | 'drop', times: number): void {
    this.trouble = { kind, left: times };
  }

  overflow(type: string): void {
    this.put(type, { ...this.header(type), changeType: 'GAP_OVERFLOW', recordIds: [NO_RECORD] }, {});
    this.tell();
  }

  /** As 72 hours later. */
  purge(): void {
    this.events = [];
  }

  /** @returns undefined when the replay id is none of a kept event */
  after(replayId: number): number | undefined {
    this.events = this.events.filter((event) => event.at > this.now() - RETENTION_MS);
    if (replayId === -1) return this.replayId;
    if (replayId === -2) return 0;
    return this.events.some((event) => event.replayId === replayId) ? replayId : undefined;
  }

  since(type: string, replayId: number): readonly BusEvent[] {
    return this.events.filter((event) => event.type === type && event.replayId > replayId);
  }

  /** The replay id before the last `count` events. */
  back(count: number): number {
    return (this.events.at(-count)?.replayId ?? 1) - 1;
  }

  /** Called after each publication, until the function returned is. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private publish(changes: readonly Change[]): void {
    for (const group of alike(changes)) {
      const [first] = group;
      if (first === undefined || this.selected?.includes(first.type) === false) continue;
      if (this.trouble !== undefined && this.trouble.left > 0) {
        this.trouble.left -= 1;
        if (this.trouble.kind === 'gap') this.gap(group, first);
      } else this.whole(group, first);
    }
    this.tell();
  }

  private whole(group: readonly Change[], first: Change): void {
    const def = objectDef(first.type);
    if (def === undefined) return;
    const { kind } = first;
    const changed = [...first.changed, 'LastModifiedDate'];
    const set = Object.keys(first.row).filter((name) => (first.row[name] ?? null) !== null);
    const names = kind === 'UPDATE' ? changed : kind === 'DELETE' ? [] : set;
    const header = {
      ...this.header(first.type, first.writer),
      changeType: kind,
      recordIds: group.map(({ row }) => row['Id']),
      changedFields: kind === 'UPDATE' ? changed.map((name) => pathOf(def, name).join('.')) : [],
    };
    this.put(first.type, header, bodyOf(def, first.row, names));
  }

  private gap(group: readonly Change[], first: Change): void {
    const recordIds = group.map(({ row }) => row['Id']);
    this.put(first.type, { ...this.header(first.type), changeType: `GAP_${first.kind}`, recordIds }, {});
  }

  private header(entityName: string, writer?: Writer): Record<string, unknown> {
    this.commit += 1;
    return {
      entityName,
      changeOrigin: writer?.origin ?? '',
      transactionKey: randomUUID(),
      sequenceNumber: 1,
      // No transaction ends before it stamps what it changes.
      commitTimestamp: writer?.committed ?? Math.max(this.now(), writer?.at ?? 0),
      commitUser: writer?.userId ?? '',
      commitNumber: this.commit,
      changedFields: [],
    };
  }

  private put(type: string, header: Record<string, unknown>, body: Record<string, unknown>): void {
    this.replayId += 1 + (this.replayId % 3);
    const { replayId } = this;
    const data = {
      schema: 'sandbox-change-event',
      payload: { ChangeEventHeader: header, ...body },
      event: { replayId },
    };
    this.events.push({ type, replayId, at: this.now(), data });
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Creations and restorations stand alone; updates and deletions that say the same are put together. */
function alike(changes: readonly Change[]): readonly (readonly Change[])[] {
  const groups = new Map<string, Change[]>();
  for (const [index, change] of changes.entries()) {
    const { type, kind, changed, row } = change;
    const merges = kind === 'UPDATE' || kind === 'DELETE';
    const values = changed.map((name) => [name, row[name]]);
    const key = JSON.stringify([type, kind, values, merges ? '' : index]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()];
}
