import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Batch } from './ingest.js';

/** A page as it was read, with the clock offset measured by then. */
export type SpooledPage = Batch & { readonly clockOffsetMs: number };

/**
 * Pages kept in a file, so that memory is bounded by the page. The file has no name from the beginning: what people's
 * records say is gone with the process, however that ends.
 */
export class PageSpool {
  private constructor(private readonly file: FileHandle) {}

  static async create(): Promise<PageSpool> {
    const folder = await mkdtemp(join(tmpdir(), 'rapport-dry-run-'));
    try {
      return new PageSpool(await open(join(folder, 'pages.ndjson'), 'ax+', 0o600));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async add(page: SpooledPage): Promise<void> {
    const line = JSON.stringify(page).replaceAll(/[\u2028\u2029]/g, escaped);
    await this.file.appendFile(`${line}\n`);
  }

  async *pages(): AsyncGenerator<SpooledPage> {
    const input = this.file.createReadStream({ start: 0, autoClose: false });
    const lines = createInterface({ input, crlfDelay: Infinity });
    for await (const line of lines) yield JSON.parse(line) as SpooledPage;
  }

  /** The pages are gone. */
  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Whoever reads lines takes these for ends of lines too. */
function escaped(separator: string): string {
  return `\\u${separator.charCodeAt(0).toString(16)}`;
}
