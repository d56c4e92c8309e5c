/** Looks for texts in every column of every table there is, those of the job queue included. */
import { Prisma } from '../../../src/platform/database/database.js';
import { rows, sql, type Database } from '../../../src/platform/database/index.js';

interface Column {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
}

/** `table.column: text` for each that is found anywhere, whatever its case. */
export async function tracesOf(database: Database, texts: readonly string[]): Promise<readonly string[]> {
  const columns = await rows<Column>(
    database.prisma,
    sql`select c.table_schema as schema, c.table_name as "table", c.column_name as "column"
       from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema')`,
  );
  if (!columns.some(({ table }) => table.includes('jobs')))
    throw new Error('The job queue was not looked at.');
  const found: string[] = [];
  for (const { schema, table, column } of columns) {
    const from = Prisma.raw(`"${schema}"."${table}"`);
    const cell = Prisma.raw(`"${column}"`);
    const held = await rows<{ text: string }>(
      database.prisma,
      sql`select distinct wanted as text from ${from} cross join unnest(${texts}::text[]) wanted
        where position(lower(wanted) in lower(${cell}::text)) > 0`,
    );
    found.push(...held.map(({ text }) => `${table}.${column}: ${text}`));
  }
  return found;
}
