import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { ConnectorContext } from '../../src/sdk/index.js';
import type { Credentials, Cursor, Settings } from './config.js';
import { download } from './download.js';
import { fileChanged, fileError, notAFile } from './errors.js';

export type CsvContext = ConnectorContext<Settings, Credentials>;
export type Mark = Cursor['mark'];

/** A file held open, whose content stays what it is until it is closed. */
export interface Source {
  readonly handle: FileHandle;
  readonly name: string;
  readonly mark: Mark;
  /** ISO 8601: when the file was last written. */
  readonly modifiedAt: string;
  close(): Promise<void>;
}

/** A file whose last writing is this close may be written again within the same tick of its clock. */
const TICK_MS = 2000;

/** The file of the settings, loaded first where it lies elsewhere. `null`: the same as at `before`. */
export async function openSource(ctx: CsvContext, before: Mark | undefined): Promise<Source | null> {
  const { path, url } = ctx.settings;
  if (url !== undefined) return download(ctx, url, before);
  const handle = await open(path ?? '', 'r').catch(rethrow);
  try {
    const stats = await handle.stat().catch(rethrow);
    if (!stats.isFile()) throw notAFile();
    const { size, mtimeMs } = stats;
    if (before?.size === size && before.mtimeMs === mtimeMs) {
      await handle.close();
      return null;
    }
    // A mark too fresh to be trusted is one that never fits again.
    const mark = { size, mtimeMs: ctx.clock.now() - mtimeMs < TICK_MS ? -1 : mtimeMs };
    const modifiedAt = new Date(mtimeMs).toISOString();
    return { handle, name: path ?? '', mark, modifiedAt, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The content, piece by piece, from the start. */
export async function* contentOf(source: Source, signal: AbortSignal): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(256 * 1024);
  let position = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await source.handle.read(buffer, 0, buffer.length, position).catch(rethrow);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

export async function hashOf(source: Source, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of contentOf(source, signal)) hash.update(piece);
  return hash.digest('base64url');
}

/** Throws when somebody wrote into the file since it was opened. */
export async function assertUnchanged(source: Source): Promise<void> {
  const { size, mtimeMs } = await source.handle.stat().catch(rethrow);
  const isSame = size === source.mark.size && new Date(mtimeMs).toISOString() === source.modifiedAt;
  if (source.mark.mtimeMs !== undefined && !isSame) throw fileChanged();
}

function rethrow(error: unknown): never {
  throw fileError(error);
}
