/** A row as a source record, or as one that cannot be understood. Pure. */
import { hash } from 'node:crypto';
import type { JsonValue, SourceRecord, UnreadableRecord } from '../../src/sdk/index.js';
import type { Columns } from './columns.js';
import type { Settings } from './config.js';
import { cellKind, idColumnsOf } from './objects.js';
import type { Fault, Row } from './parser.js';
import { readInstant, readOrderedDate } from './dates.js';

export interface RowReading {
  readonly settings: Settings;
  readonly columns: Columns;
  /** Cells a row must have. */
  readonly width: number;
  readonly properties: readonly string[];
  /** ISO 8601: of rows that do not say themselves. */
  readonly modifiedAt: string;
}

export type ReadRow =
  | { readonly kind: 'record'; readonly record: SourceRecord & { readonly version: string } }
  /** `id` where it could be read: that record is not gone. `lost`: it may be any record. */
  | {
      readonly kind: 'unreadable';
      readonly problem: UnreadableRecord;
      readonly id?: string;
      readonly lost: boolean;
    }
  /** Not one of the rows asked for. */
  | { readonly kind: 'other' }
  /** Nothing in it, as spreadsheets leave rows behind. */
  | { readonly kind: 'blank' };

export function readRow(row: Row, reading: RowReading): ReadRow {
  const cell = (name: string): string => row.cells[reading.columns.get(name) ?? -1] ?? '';
  const id = idOf(reading.settings, cell);
  if (row.fault !== undefined) return unreadable(row, id, true, FAULTS[row.fault]);
  if (row.cells.every((text) => text === '')) return { kind: 'blank' };
  const miscounted = wrongWidth(row.cells, reading.width);
  if (miscounted !== undefined) return unreadable(row, id, true, miscounted);
  if (!isWanted(reading.settings, cell)) return { kind: 'other' };
  if (id === undefined) return unreadable(row, id, false, noId(reading.settings));
  const damaged = reading.properties.find((name) => isDamaged(cell(name)));
  if (damaged !== undefined || isDamaged(id)) return unreadable(row, id, true, undecoded(reading, damaged));
  if (id.length > LONGEST_ID) return unreadable(row, undefined, false, LONG_ID);
  const modifiedAt = modifiedAtOf(reading, cell);
  if (modifiedAt === undefined) return unreadable(row, id, false, noTime(reading.settings));
  const values = Object.fromEntries(
    reading.properties.map((name) => [name, valueOf(reading.settings, name, cell(name))]),
  );
  const version = hash('sha256', JSON.stringify(values), 'base64url').slice(0, 22);
  return { kind: 'record', record: { id, values, modifiedAt, version } };
}

/** Ids serve as keys; no system's are longer. */
const LONGEST_ID = 500;

/** U+FFFD is what decoders put in the place of bytes that mean nothing; NUL comes of the wrong encoding. */
function isDamaged(text: string): boolean {
  return text.includes('\ufffd') || text.includes('\0') || !text.isWellFormed();
}

interface Complaint {
  readonly message: string;
  readonly remedy: string;
  readonly property?: string | undefined;
}

const FAULTS: Readonly<Record<Fault, Complaint>> = {
  quote: {
    message: 'has a quote that is not closed, or text behind a closing quote',
    remedy:
      'Double each quote within a cell and close the cell with one, or set "quote" to what the file uses.',
  },
  length: {
    message: 'is longer than a million characters',
    remedy: 'Look whether line ends are missing, and whether delimiter and encoding are right.',
  },
};

const LONG_ID: Complaint = {
  message: `has an id longer than ${String(LONGEST_ID)} characters`,
  remedy: 'Choose another id column.',
};

/** More cells than the header are borne if they are empty: some programs end each row with a delimiter. */
function wrongWidth(cells: readonly string[], width: number): Complaint | undefined {
  if (cells.length >= width && cells.slice(width).every((cell) => cell === '')) return undefined;
  return {
    message: `has ${String(cells.length)} cells where the header has ${String(width)}`,
    remedy: 'Quote cells that hold the delimiter or a line end, and write empty cells too.',
  };
}

function noId(settings: Settings): Complaint {
  const names = idColumnsOf(settings);
  return {
    message: `has no id in ${names.map((name) => `"${name}"`).join(', ')}`,
    remedy: 'Give the row an id.',
    property: names[0],
  };
}

function undecoded(reading: RowReading, property: string | undefined): Complaint {
  return {
    message: `has bytes that are no text in ${reading.settings.encoding ?? 'utf-8'}`,
    remedy: 'Set "encoding" to what the file is written in, or export it again.',
    property,
  };
}

function noTime({ modifiedColumn }: Settings): Complaint {
  return {
    message: `has a time in "${modifiedColumn ?? ''}" that cannot be read`,
    remedy: 'Write it as ISO 8601: 2026-01-31T14:30:00Z.',
    property: modifiedColumn,
  };
}

function unreadable(row: Row, id: string | undefined, mayHideId: boolean, complaint: Complaint): ReadRow {
  const { message, remedy, property } = complaint;
  const place = `line ${String(row.line)}`;
  const problem = {
    id: id ?? place,
    message: `The row at ${place} ${message}.`,
    remedy,
    ...(property !== undefined && { property }),
  };
  return {
    kind: 'unreadable',
    problem,
    ...(id !== undefined && { id }),
    lost: id === undefined && mayHideId,
  };
}

/** A row whose id another row has too: the first stands. */
export function repeated(row: Row, settings: Settings): UnreadableRecord {
  return {
    id: `line ${String(row.line)}`,
    message: `The row at line ${String(row.line)} has the id of an earlier row.`,
    remedy: 'Give each row an id of its own, or keep one of the two.',
    ...(settings.idColumn !== undefined && { property: settings.idColumn }),
  };
}

function idOf(settings: Settings, cell: (name: string) => string): string | undefined {
  const parts = idColumnsOf(settings).map((name) => cell(name).trim());
  return parts.includes('') ? undefined : parts.join(':');
}

function isWanted(settings: Settings, cell: (name: string) => string): boolean {
  return Object.entries(settings.where).every(([name, values]) =>
    [values].flat().includes(cell(name).trim()),
  );
}

function modifiedAtOf(reading: RowReading, cell: (name: string) => string): string | undefined {
  const { modifiedColumn } = reading.settings;
  const text = modifiedColumn === undefined ? '' : cell(modifiedColumn).trim();
  return text === '' ? reading.modifiedAt : readInstant(text);
}

function valueOf(settings: Settings, column: string, text: string): JsonValue {
  if (text.trim() === '') return null;
  switch (cellKind(settings, column)) {
    case 'list': {
      const parts = text.split(settings.separator).map((part) => part.trim());
      return parts.filter((part) => part !== '');
    }
    case 'date':
      return readOrderedDate(text, settings.dateOrder) ?? text;
    case 'text':
      return text;
  }
}
