/** Set-based SQL through Prisma: one statement for a page of rows, whose values travel as one JSON parameter. */
import { Prisma, type Queryable } from './database.js';

/** Tagged template: a statement, or a part of one. Values become parameters, never text. */
export const sql = Prisma.sql;

export type Sql = Prisma.Sql;

/** Parts of a statement, with commas between them. */
export function join(parts: readonly Sql[]): Sql {
  return Prisma.join([...parts]);
}

/** Rows of a query. `Row` is the caller's word for what the statement selects; it is not checked. */
export async function rows<Row extends object>(db: Queryable, statement: Sql): Promise<Row[]> {
  return await db.$queryRaw<Row[]>(statement);
}

/** The first row, if any. */
export async function firstRow<Row extends object>(db: Queryable, statement: Sql): Promise<Row | undefined> {
  const found = await rows<Row>(db, statement);
  return found[0];
}

/** Runs a statement; returns how many rows it touched. */
export async function execute(db: Queryable, statement: Sql): Promise<number> {
  return await db.$executeRaw(statement);
}

const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? storableText(value) : value;
}

/** A text as it can be stored: see {@link json}. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/**
 * A value as one `jsonb` parameter; a page of objects becomes rows by
 * `jsonb_to_recordset(${json(items)}) as item(id bigint, name text)`. PostgreSQL stores neither the character U+0000 nor half a surrogate pair; the one
 * is left out and the other becomes U+FFFD, since no system shows them anyway.
 */
export function json(value: unknown): Sql {
  return storableJson(value).parameter;
}

/** The same, with the value as it will be stored: for whoever goes on working with it. */
export function storableJson<T>(value: T): { readonly parameter: Sql; readonly stored: T } {
  const text = JSON.stringify(value);
  // Escapes are rare: most texts are told by a plain search.
  if (!text.includes('\\u') || !UNSTORABLE.test(text))
    return { parameter: sql`${text}::jsonb`, stored: value };
  const clean = JSON.stringify(value, storable);
  return { parameter: sql`${clean}::jsonb`, stored: JSON.parse(clean) as T };
}
