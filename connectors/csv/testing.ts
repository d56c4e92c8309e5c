import type { PullPage, SourceRecord, Tombstone, UnreadableRecord } from '../../src/sdk/index.js';
import { createTestContext, type TestContext } from '../../src/sdk/testing/index.js';
import type { z } from 'zod';
import csv from './index.js';
import type { Credentials, Cursor, Settings, settingsSchema } from './config.js';

export type SettingsInput = z.input<typeof settingsSchema>;
type Context = TestContext<Settings, Credentials>;

/** A hub that holds what pulls bring it, as far as this connector can see one. */
export class TestHub {
  readonly stored = new Map<string, string | null>();
  readonly context: Context;
  readonly object: string;
  readonly properties: readonly string[];
  cursor: Cursor | null = null;

  constructor(
    settings: SettingsInput,
    options: { readonly credentials?: Credentials; readonly signal?: AbortSignal } = {},
  ) {
    const parsed = csv.settings.parse(settings);
    const { credentials = {}, ...rest } = options;
    this.object = parsed.object;
    this.context = createTestContext({
      settings: parsed,
      credentials,
      known: { [parsed.object]: this.stored },
      clock: 'real',
      ...rest,
    });
    this.properties = Object.keys(parsed.columns);
  }

  /** Pulls until the end, or until so many pages are stored. */
  async pull(options: { readonly pages?: number } = {}): Promise<Pulled> {
    const pages: PullPage<Cursor>[] = [];
    const { object, properties, cursor } = this;
    for await (const page of csv.pull(this.context, { object, properties, cursor })) {
      pages.push(page);
      for (const record of page.records) this.stored.set(record.id, record.version ?? null);
      for (const { id } of page.tombstones) this.stored.delete(id);
      this.cursor = csv.cursor.parse(JSON.parse(JSON.stringify(page.cursor)));
      if (pages.length === options.pages) break;
    }
    return {
      pages: pages.length,
      records: pages.flatMap((page) => page.records),
      tombstones: pages.flatMap((page) => page.tombstones),
      unreadable: pages.flatMap((page) => page.unreadable ?? []),
    };
  }
}

export interface Pulled {
  readonly pages: number;
  readonly records: readonly SourceRecord[];
  readonly tombstones: readonly Tombstone[];
  readonly unreadable: readonly UnreadableRecord[];
}

export const idsOf = (records: readonly { readonly id: string }[]): readonly string[] =>
  records.map(({ id }) => id);
