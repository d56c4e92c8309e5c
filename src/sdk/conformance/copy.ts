import type { Connector, ConnectorContext, PropertyValues, PullPage, Tombstone } from '../index.js';
import { RuleBroken, must, same } from './rule.js';

export interface HeldRecord {
  readonly values: PropertyValues;
  readonly version: string | null;
}

export interface PullOptions {
  /** Of the process that reads; one that has just started unless told: then nothing is known but what the hub stores. */
  readonly memory?: Memory;
  /** Stops, as a crash would, when so many pages are stored. */
  readonly pages?: number;
  /** After a page is stored; number from 1 on. */
  readonly onPage?: (page: PullPage<unknown>, number: number) => Promise<void> | void;
}

export interface CopyParts {
  readonly connector: Connector;
  readonly object: string;
  readonly properties: readonly string[];
  readonly context: (copy: Copy, memory: Memory) => ConnectorContext;
}

/** What a process keeps from one call to the next. */
export type Memory = ConnectorContext['cache'];

/** More pages than any rule can bring about: a read that goes on so long never ends. */
const ENDLESS = 500;

/** What a hub would hold of one object: pages are stored with their cursor, and the cursor as JSON. */
export class Copy {
  readonly records = new Map<string, HeldRecord>();
  readonly tombstones = new Map<string, Tombstone>();
  readonly unreadable = new Map<string, string>();
  /** JSON; null before the first page. */
  private cursor: string | null = null;

  constructor(readonly parts: CopyParts) {}

  /** The same state in another place. */
  clone(): Copy {
    const copy = new Copy(this.parts);
    for (const [id, record] of this.records) copy.records.set(id, record);
    for (const [id, tombstone] of this.tombstones) copy.tombstones.set(id, tombstone);
    copy.cursor = this.cursor;
    return copy;
  }

  /** Reads on from the stored cursor; answers with the number of pages stored. */
  async pull(options: PullOptions = {}): Promise<number> {
    const { connector, object, properties } = this.parts;
    const context = this.parts.context(this, options.memory ?? new Map<string, unknown>());
    const cursor = this.storedCursor();
    let pages = 0;
    for await (const page of connector.pull(context, { object, properties, cursor })) {
      pages += 1;
      must(pages <= ENDLESS, () => `the read did not end after ${String(ENDLESS)} pages`);
      await this.store(page, context);
      await options.onPage?.(page, pages);
      if (pages === options.pages) break;
    }
    return pages;
  }

  /** Reads `ids` as the hub does before it overwrites them, or after a webhook named them. */
  async read(ids: readonly string[]): Promise<void> {
    await this.readInto(ids, this.parts.context(this, new Map<string, unknown>()));
  }

  value(id: string, property: string): unknown {
    return this.records.get(id)?.values[property];
  }

  private storedCursor(): unknown {
    if (this.cursor === null) return null;
    const parsed = this.parts.connector.cursor.safeParse(JSON.parse(this.cursor));
    if (parsed.success) return parsed.data;
    throw new RuleBroken(
      `the cursor of a page does not pass the connector's own schema when it is read back from JSON: ${parsed.error.message}`,
      'Keep only JSON in the cursor, and describe exactly that in its schema.',
    );
  }

  private async store(page: PullPage<unknown>, context: ConnectorContext): Promise<void> {
    const differing: string[] = [];
    for (const { id } of page.tombstones) this.bury(id, page.tombstones);
    for (const record of page.records) {
      const held = this.records.get(record.id);
      // The hub passes over what has the version it holds.
      if (record.version !== undefined && record.version === held?.version) continue;
      if (record.partial === true) {
        const differs = Object.entries(record.values).some(
          ([name, value]) => !same(held?.values[name], value),
        );
        if (differs) differing.push(record.id);
        continue;
      }
      this.keep(record);
    }
    for (const { id, message } of page.unreadable ?? []) this.unreadable.set(id, message);
    this.cursor = JSON.stringify(page.cursor);
    if (differing.length > 0) await this.readInto(differing, context);
  }

  private async readInto(ids: readonly string[], context: ConnectorContext): Promise<void> {
    const { connector, object, properties } = this.parts;
    if (connector.read === undefined)
      throw new RuleBroken('records are to be read again, and there is no `read`');
    const { records, tombstones } = await connector.read(context, { object, ids, properties });
    for (const id of ids) {
      const record = records.find((one) => one.id === id);
      if (record === undefined) this.bury(id, tombstones);
      else this.keep(record);
    }
  }

  private keep(record: {
    readonly id: string;
    readonly values: PropertyValues;
    readonly version?: string;
  }): void {
    this.tombstones.delete(record.id);
    this.unreadable.delete(record.id);
    const values = { ...this.records.get(record.id)?.values, ...record.values };
    this.records.set(record.id, { values, version: record.version ?? null });
  }

  private bury(id: string, tombstones: readonly Tombstone[]): void {
    this.records.delete(id);
    this.tombstones.set(id, tombstones.find((one) => one.id === id) ?? { id });
  }
}
