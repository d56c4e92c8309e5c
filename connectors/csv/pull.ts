import { hash } from 'node:crypto';
import type {
  PullPage,
  PullRequest,
  SourceRecord,
  Tombstone,
  UnreadableRecord,
} from '../../src/sdk/index.js';
import { findColumns } from './columns.js';
import type { Cursor, Settings } from './config.js';
import { fileEmpty } from './errors.js';
import type { Row } from './parser.js';
import { readRow, repeated, type RowReading } from './record.js';
import { assertUnchanged, hashOf, openSource, type CsvContext, type Source } from './source.js';
import { openTable, type Table } from './table.js';

/** Records, or rows that cannot be read, on one page; ids looked up or looked through at once. */
const PAGE = 1000;

/**
 * Rows whose content is another than the one stored, then the records whose rows are gone. An unchanged file brings
 * no page. A stopped read goes on behind its last page as long as the file is the same, else starts anew.
 */
export async function* pull(ctx: CsvContext, request: PullRequest<Cursor>): AsyncGenerator<PullPage<Cursor>> {
  const readAt = ctx.clock.now();
  const setup = setupOf(ctx.settings, request.properties);
  const before = request.cursor?.setup === setup ? request.cursor : undefined;
  const source = await openSource(ctx, before?.done === true ? before.mark : undefined);
  if (source === null) return;
  try {
    const content = await hashOf(source, ctx.signal);
    const same = before?.hash === content ? before : undefined;
    if (same?.done === true) return;
    const start: Cursor = {
      hash: content,
      setup,
      mark: source.mark,
      row: same?.row ?? 0,
      full: same?.full ?? request.cursor === null,
      done: false,
    };
    yield* new FileRead(ctx, request, source, start, readAt).pages(same?.gone);
  } finally {
    await source.close();
  }
}

/** Another way to read the same file makes it another one. */
function setupOf(settings: Settings, properties: readonly string[]): string {
  return hash('sha256', JSON.stringify([settings, [...properties].sort()]), 'base64url');
}

/** One read of one content. */
class FileRead {
  /** Ids of all rows that can be read: for repetitions, and for what is gone. */
  private readonly ids = new Set<string>();
  /** Ids of rows that can't, but are there. */
  private readonly brokenIds = new Set<string>();
  /** A row cannot be read so far as to tell whose it is: nothing can be said to be gone. */
  private isSomeLost = false;
  private row = 0;
  private isFilled = false;
  private records: SourceRecord[] = [];
  private unreadable: UnreadableRecord[] = [];
  private waiting: (SourceRecord & { readonly version: string })[] = [];

  constructor(
    private readonly ctx: CsvContext,
    private readonly request: PullRequest<Cursor>,
    private readonly source: Source,
    private readonly start: Cursor,
    private readonly readAt: number,
  ) {}

  async *pages(gone: string | null | undefined): AsyncGenerator<PullPage<Cursor>> {
    const table = await openTable(this.source, this.ctx.settings, this.ctx.signal);
    yield* this.rows(table);
    await assertUnchanged(this.source);
    if (!this.isFilled && (await this.known(null, 1)).length > 0) throw fileEmpty();
    if (this.isSomeLost) {
      this.ctx.log.warn(
        'Rows without a readable id: no record of this file counts as gone until they are corrected.',
      );
      yield this.page([], { done: true });
    } else yield* this.tombstones(gone ?? null);
  }

  private async *rows(table: Table): AsyncGenerator<PullPage<Cursor>> {
    const { settings } = this.ctx;
    const reading: RowReading = {
      settings,
      columns: findColumns(table.header, settings, this.request.properties),
      // Names that are left out at the end name nothing that a row must have.
      width: table.header.findLastIndex((name) => name !== '') + 1,
      properties: [...this.request.properties].sort(),
      modifiedAt: this.source.modifiedAt,
    };
    for await (const lot of table.lots) {
      for (const row of lot) {
        this.take(row, reading);
        if (this.waiting.length < PAGE && this.unreadable.length < PAGE) continue;
        await this.sift();
        if (this.records.length + this.unreadable.length >= PAGE) yield this.page([], {});
      }
    }
    await this.sift();
    if (this.records.length + this.unreadable.length > 0) yield this.page([], {});
  }

  private take(row: Row, reading: RowReading): void {
    this.row += 1;
    // What an earlier run has stored is looked at again for its id only.
    const isStored = this.row <= this.start.row;
    const read = readRow(row, reading);
    this.isFilled ||= read.kind !== 'blank';
    if (read.kind === 'other' || read.kind === 'blank') return;
    if (read.kind === 'unreadable') {
      if (read.id !== undefined) this.brokenIds.add(read.id);
      this.isSomeLost ||= read.lost;
      if (!isStored) this.unreadable.push(read.problem);
      return;
    }
    const isRepeated = this.ids.has(read.record.id);
    this.ids.add(read.record.id);
    if (isStored) return;
    if (isRepeated) this.unreadable.push(repeated(row, this.ctx.settings));
    else this.waiting.push(read.record);
  }

  /** Keeps, of the records waiting, those that are not stored as they are. */
  private async sift(): Promise<void> {
    if (this.waiting.length === 0) return;
    const { object } = this.request;
    const ids = this.waiting.map((record) => record.id);
    const versions = this.start.full ? undefined : await this.ctx.known.versions(object, ids);
    this.records.push(...this.waiting.filter((record) => versions?.get(record.id) !== record.version));
    this.waiting = [];
  }

  private async *tombstones(gone: string | null): AsyncGenerator<PullPage<Cursor>> {
    let after = gone;
    for (;;) {
      const ids = await this.known(after, PAGE);
      const tombstones = ids
        .filter((id) => !this.ids.has(id) && !this.brokenIds.has(id))
        .map((id): Tombstone => ({ id }));
      const isLast = ids.length < PAGE;
      after = ids.at(-1) ?? after;
      if (isLast || tombstones.length > 0) yield this.page(tombstones, { gone: after, done: isLast });
      if (isLast) return;
    }
  }

  private known(after: string | null, limit: number): Promise<readonly string[]> {
    return this.ctx.known.ids(this.request.object, after, limit);
  }

  private page(tombstones: readonly Tombstone[], progress: Partial<Cursor>): PullPage<Cursor> {
    const { records, unreadable } = this;
    this.records = [];
    this.unreadable = [];
    return {
      records,
      tombstones,
      ...(unreadable.length > 0 && { unreadable }),
      cursor: { ...this.start, row: Math.max(this.row, this.start.row), ...progress },
      readAt: this.readAt,
    };
  }
}
