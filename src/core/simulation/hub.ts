import type { ModelClock } from './clock.js';
import { ingest, type Reading } from './hub-ingest.js';
import { pushStep, type Fault } from './hub-push.js';
import { resolve } from './hub-resolve.js';
import type { HubSetup } from './hub-setup.js';
import { HubStore } from './hub-store.js';
import type { ModelSystem, Page } from './model-system.js';

const LONGEST_WAIT_MS = 10 * 60_000;

/** How a feed hands its records over. */
export type Delivery = 'plain' | 'reversed' | 'doubled';

/** The shell around the core, in memory. Work on one system never races with other work on it. */
export class ModelHub {
  readonly store = new HubStore();
  /** Write operations sent to systems. */
  writes = 0;
  /** Pages that were read and are not stored yet; lost in a crash. */
  private readonly held = new Map<number, Page>();

  constructor(
    readonly setup: HubSetup,
    readonly systems: readonly ModelSystem[],
    readonly clock: ModelClock,
  ) {}

  /** Reads to the end, or dies after some pages. */
  pull(system: number, how: { delivery: Delivery; full?: boolean; pages?: number }): void {
    if (!this.settleUncertain(system)) return;
    this.readToEnd(system, how);
  }

  readToEnd(system: number, how: { delivery: Delivery; full?: boolean; pages?: number }): void {
    const startedAt = this.clock.now();
    let at = how.full === true ? 0 : this.cursorOf(system);
    for (let pages = 0; ; pages += 1) {
      if (pages === how.pages) return;
      const page = this.systemAt(system).page(at);
      this.storePage(system, page, how.delivery);
      at = page.cursor;
      if (!page.more) break;
    }
    this.store.tables.cursors.set(system, { at, completeAt: startedAt });
  }

  /** Reads a page now, to be stored some time later. */
  readAhead(system: number): void {
    if (this.settleUncertain(system))
      this.held.set(system, this.systemAt(system).page(this.cursorOf(system)));
  }

  storeAhead(system: number): void {
    const page = this.held.get(system);
    this.held.delete(system);
    if (page !== undefined) this.storePage(system, page, 'plain');
  }

  /** A webhook names a record; where to look is kept, nothing else. */
  webhook(system: number, id: string): void {
    this.store.tables.inbox.add(`${String(system)}|${id}`);
  }

  fetch(system: number): void {
    const prefix = `${String(system)}|`;
    const events = [...this.store.tables.inbox].filter((event) => event.startsWith(prefix));
    if (events.length === 0 || !this.settleUncertain(system)) return;
    const reading = this.systemAt(system).read(events.map((event) => event.slice(prefix.length)));
    for (const event of events) this.store.tables.inbox.delete(event);
    this.take(system, reading);
  }

  resolve(): void {
    resolve(this.store.tables, { setup: this.setup, store: this.store, now: this.clock.now() });
  }

  /** One run of the push job; false when there was nothing to do. */
  push(system: number, fault: Fault): boolean {
    if (this.setup.habits.looksUpFirst && !this.settleUncertain(system)) return false;
    const behind = [...this.store.tables.intents.values()].some(
      (intent) =>
        intent.system === system &&
        intent.recordId === null &&
        intent.sentAt === null &&
        intent.createdAt > this.completeAt(system),
    );
    if (behind) this.readToEnd(system, { delivery: 'plain' });
    return this.step(system, { uncertainOnly: false, fault });
  }

  /** What the process had in memory is gone. */
  die(): void {
    this.held.clear();
  }

  take(system: number, reading: Reading): readonly string[] {
    return ingest(this.store.tables, { setup: this.setup, store: this.store, system, reading });
  }

  systemAt(system: number): ModelSystem {
    const found = this.systems[system];
    if (found === undefined) throw new Error('no such system');
    return found;
  }

  completeAt(system: number): number {
    return this.store.tables.cursors.get(system)?.completeAt ?? -1;
  }

  /** Whether the system may be read: no create is left of which nobody knows whether it happened. */
  private settleUncertain(system: number): boolean {
    while (this.step(system, { uncertainOnly: true, fault: 'none' }));
    const since = this.clock.now() - LONGEST_WAIT_MS;
    return ![...this.store.tables.intents.values()].some(
      (intent) => intent.system === system && intent.sentAt !== null && intent.sentAt > since,
    );
  }

  private step(system: number, options: { readonly uncertainOnly: boolean; readonly fault: Fault }): boolean {
    return pushStep(this, { system, ...options });
  }

  private storePage(system: number, page: Page, delivery: Delivery): void {
    const rows = delivery === 'reversed' ? [...page.rows].reverse() : page.rows;
    this.take(system, { rows, readAt: page.readAt });
    const completeAt = this.completeAt(system);
    this.store.tables.cursors.set(system, { at: page.cursor, completeAt });
    if (delivery === 'doubled') this.take(system, { rows, readAt: page.readAt });
  }

  private cursorOf(system: number): number {
    return this.store.tables.cursors.get(system)?.at ?? 0;
  }
}
