/** Answers a query from the store. */
import { fullId } from '../api/ids.js';
import { objectDef, type FieldDef, type ObjectDef } from './fields.js';
import { Problem } from './problem.js';
import type { Condition, Literal, Query } from './soql-parser.js';
import { noColumn } from './save-rules.js';
import type { Store, StoredRow } from './store.js';
import { shown, wholeSeconds, type Value } from './values.js';

export interface QueryResult {
  readonly totalSize: number;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

export function runQuery(
  store: Store,
  query: Query,
  options: { readonly all: boolean; readonly version: string },
): QueryResult {
  const def = objectDef(query.from);
  if (def === undefined)
    throw new Problem(400, 'INVALID_TYPE', `sObject type '${query.from}' is not supported.`);
  const test = query.where === undefined ? () => true : compile(store, def, query.where);
  const rows = [...store.rows(def.type).values()].filter(
    (row) => (options.all || row['IsDeleted'] !== true) && test(row),
  );
  if (query.select[0]?.toLowerCase() === 'count()') return { totalSize: rows.length, records: [] };
  const fields = query.select.map((name) => visible(store, def, name));
  const order = query.orderBy.map((name) => visible(store, def, name).name);
  if (order.length > 0) rows.sort((a, b) => compareRows(a, b, order));
  const page = query.limit === undefined ? rows : rows.slice(0, query.limit);
  const url = `/services/data/v${options.version}/sobjects/${def.type}/`;
  const records = page.map((row) => ({
    attributes: { type: def.type, url: url + String(row['Id']) },
    ...Object.fromEntries(fields.map((field) => [field.name, shown(field, row[field.name])])),
  }));
  return { totalSize: records.length, records };
}

function visible(store: Store, def: ObjectDef, name: string): FieldDef {
  const field = def.fields.get(name.toLowerCase());
  if (field === undefined || store.hides(field.name)) throw noColumn(def, name);
  return field;
}

function compile(store: Store, def: ObjectDef, condition: Condition): (row: StoredRow) => boolean {
  if ('parts' in condition) {
    const tests = condition.parts.map((part) => compile(store, def, part));
    return condition.op === 'and'
      ? (row) => tests.every((test) => test(row))
      : (row) => tests.some((test) => test(row));
  }
  const field = visible(store, def, condition.field);
  const wanted = new Set(condition.values.map((literal) => comparable(field, valueOf(field, literal))));
  const [first] = [...wanted];
  const { op } = condition;
  return (row) => {
    const value = comparable(field, row[field.name] ?? null);
    if (op === 'in' || op === '=') return wanted.has(value);
    if (op === '!=') return !wanted.has(value);
    return value !== null && first !== undefined && first !== null && ordered(op, value, first);
  };
}

function ordered(op: '<' | '<=' | '>' | '>=', a: NonNullable<Value>, b: NonNullable<Value>): boolean {
  if (op === '<') return a < b;
  if (op === '<=') return a <= b;
  return op === '>' ? a > b : a >= b;
}

/** Literals stand in quotes or not by the field's type; milliseconds of an instant are ignored. */
function valueOf(field: FieldDef, literal: Literal): Value {
  const { kind, text } = literal;
  if (kind === 'word' && text.toLowerCase() === 'null') return null;
  if (field.type === 'datetime' && kind === 'instant') return wholeSeconds(Date.parse(text));
  if (field.type === 'boolean' && kind === 'word') return text.toLowerCase() === 'true';
  if ((field.type === 'int' || field.type === 'currency') && kind === 'number') return Number(text);
  if (kind !== 'text' || ['datetime', 'boolean', 'int', 'currency'].includes(field.type))
    throw new Problem(
      400,
      'INVALID_FIELD',
      `value of filter criterion for field '${field.name}' must be of type ${field.type}`,
    );
  if (field.type !== 'id' && field.type !== 'reference') return text;
  const id = fullId(text);
  if (id === undefined) throw new Problem(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${text}`);
  return id;
}

function comparable(field: FieldDef, value: Value): Value {
  const exact = field.type === 'id' || field.type === 'reference';
  return typeof value === 'string' && !exact ? value.toLowerCase() : value;
}

function compareRows(a: StoredRow, b: StoredRow, order: readonly string[]): number {
  for (const name of order) {
    const [x, y] = [a[name] ?? '', b[name] ?? ''];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
