/** A source as rows: decoded, parsed, with its header understood. */
import iconv from 'iconv-lite';
import type { Settings } from './config.js';
import { noHeader, unreadableHeader } from './errors.js';
import { RowParser, type Dialect, type Row } from './parser.js';
import { contentOf, type Source } from './source.js';

export interface Table {
  /** Names of the columns, trimmed. */
  readonly header: readonly string[];
  /** The rows below it, in lots as they come. */
  readonly lots: AsyncIterable<readonly Row[]>;
}

/** Reads the header; rows are read as `lots` is walked. Walk it once, to its end or until it is dropped. */
export async function openTable(source: Source, settings: Settings, signal: AbortSignal): Promise<Table> {
  const lots = rowsOf(source, settings, signal);
  let first = await lots.next();
  while (first.done !== true && first.value.length === 0) first = await lots.next();
  const [top, ...rest] = first.done === true ? [] : first.value;
  if (top === undefined) throw noHeader();
  if (top.fault !== undefined) throw unreadableHeader();
  return { header: top.cells.map((name) => name.trim()), lots: prepended(rest, lots) };
}

async function* prepended(
  first: readonly Row[],
  rest: AsyncIterable<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  yield first;
  yield* rest;
}

async function* rowsOf(
  source: Source,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  const parser = new RowParser(dialectOf(settings, source.name));
  let decoder: iconv.DecoderStream | undefined;
  for await (const piece of contentOf(source, signal)) {
    decoder ??= iconv.getDecoder(settings.encoding ?? encodingByMark(piece), { stripBOM: true });
    const text = decoder.write(piece);
    if (text !== '') yield parser.push(text);
  }
  const tail = decoder?.end() ?? '';
  if (tail !== '') yield parser.push(tail);
  yield parser.end();
}

function dialectOf(settings: Settings, name: string): Dialect {
  const isTabbed = /\.(?:tsv|tab)$/i.test(name);
  return { delimiter: settings.delimiter ?? (isTabbed ? '\t' : ','), quote: settings.quote };
}

/** Unicode Standard, 23.8: the byte order mark at the start of a text. */
function encodingByMark(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : 'utf-8';
}
