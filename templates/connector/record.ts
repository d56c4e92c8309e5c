/** Between the system's rows and the hub's records. Pure. */
import { z } from 'zod';
import type {
  JsonValue,
  PropertyValues,
  SourceRecord,
  Tombstone,
  UnreadableRecord,
} from '../../src/sdk/index.js';
import { LINKS } from './objects.js';

const valueSchema = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

export const rowSchema = z.object({
  id: z.string(),
  changedAt: z.iso.datetime(),
  deleted: z.boolean(),
  mergedInto: z.string().nullable(),
  values: z.record(z.string(), valueSchema),
});
export type Row = z.output<typeof rowSchema>;

/** Rows as they come: each is judged by itself, so that a bad one does not take the others with it. */
export const rowsSchema = z.array(z.looseObject({ id: z.string() }));

export interface Decoded {
  readonly records: readonly SourceRecord[];
  readonly tombstones: readonly Tombstone[];
  readonly unreadable: readonly UnreadableRecord[];
}

export function decodeRows(rows: z.output<typeof rowsSchema>, properties: readonly string[]): Decoded {
  const records: SourceRecord[] = [];
  const tombstones: Tombstone[] = [];
  const unreadable: UnreadableRecord[] = [];
  for (const raw of rows) {
    const row = rowSchema.safeParse(raw);
    if (!row.success) unreadable.push(unreadableOf(raw.id, row.error));
    else if (row.data.deleted) tombstones.push(tombstoneOf(row.data));
    else records.push(recordOf(row.data, properties));
  }
  return { records, tombstones, unreadable };
}

/** The time of a row is its version too: it moves with each change. */
export function recordOf({ id, changedAt, values }: Row, properties: readonly string[]): SourceRecord {
  return { id, modifiedAt: changedAt, values: decodeValues(values, properties) };
}

/** Blank is null, a link is a reference; all else is as JSON has it. */
export function decodeValues(values: Row['values'], properties: readonly string[]): PropertyValues {
  return Object.fromEntries(
    properties.map((property): [string, JsonValue] => {
      const value = values[property] ?? null;
      const object = LINKS[property];
      if (value === '' || value === null) return [property, null];
      return [property, object === undefined ? value : { ref: { object, id: String(value) } }];
    }),
  );
}

export function encodeValues(values: PropertyValues): PropertyValues {
  return Object.fromEntries(
    Object.entries(values).map(([property, value]): [string, JsonValue] => {
      const isLink = property in LINKS && typeof value === 'object' && value !== null && 'ref' in value;
      return [property, isLink ? (value.ref as { readonly id: string }).id : value];
    }),
  );
}

function tombstoneOf({ id, changedAt, mergedInto }: Row): Tombstone {
  return { id, deletedAt: changedAt, ...(mergedInto !== null && { mergedInto }) };
}

function unreadableOf(id: string, { issues }: z.ZodError): UnreadableRecord {
  const place = issues[0]?.path ?? [];
  const property = place[0] === 'values' ? String(place[1]) : undefined;
  return {
    id,
    message: `The record has something in ${property ?? 'it'} that is no value of that kind.`,
    remedy: 'Open the record in Example CRM and save it again.',
    ...(property !== undefined && { property }),
  };
}
