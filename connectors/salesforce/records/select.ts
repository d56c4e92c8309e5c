/** The SELECT of an object's rows, and rows by id. */
import type { Row, SalesforceClient } from '../client.js';
import { describe, type Column } from './describe.js';
import type { SObject } from '../objects.js';
import { queriesIn } from '../api/soql.js';

/** What identifies and dates a row, and the columns asked for: nothing else. */
export async function selectOf(
  client: SalesforceClient,
  target: SObject,
  columns: readonly Column[],
): Promise<string> {
  const shape = await describe(client, target.type);
  const system = target.system.filter((name) => shape.fields.has(name.toLowerCase()));
  const names = new Set([...system, ...columns.map((column) => column.field.name)]);
  return `SELECT ${[...names].join(', ')} FROM ${target.type}`;
}

/** Rows by id, deleted ones included. Ids must be well-formed. */
export async function rowsById(
  client: SalesforceClient,
  target: SObject,
  request: { readonly ids: readonly string[]; readonly columns: readonly Column[] },
): Promise<ReadonlyMap<string, Row>> {
  const select = await selectOf(client, target, request.columns);
  const rows = new Map<string, Row>();
  for (const soql of queriesIn(select, (list) => `Id IN (${list})`, request.ids))
    for (const row of await client.queryRows(soql, { all: true })) rows.set(String(row['Id']), row);
  return rows;
}
