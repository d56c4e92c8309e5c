import { createReadStream } from 'node:fs';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Batch } from './ingest.js';

/** A page as it was read, with the clock offset measured by then. */
export type SpooledPage = Batch & { readonly clockOffsetMs: number };

/** Pages kept in a file of this user's own, so that memory is bounded by the page; removed after use. */
export class PageSpool {
  private constructor(private readonly folder: string) {}

  static async create(): Promise<PageSpool> {
    const spool = new PageSpool(await mkdtemp(join(tmpdir(), 'rapport-dry-run-')));
    await writeFile(spool.file, '', { mode: 0o600 });
    return spool;
  }

  async add(page: SpooledPage): Promise<void> {
    await appendFile(this.file, `${JSON.stringify(page)}\n`);
  }

  async *pages(): AsyncGenerator<SpooledPage> {
    const lines = createInterface({ input: createReadStream(this.file), crlfDelay: Infinity });
    for await (const line of lines) yield JSON.parse(line) as SpooledPage;
  }

  private get file(): string {
    return join(this.folder, 'pages.ndjson');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
