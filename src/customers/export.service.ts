import { Injectable } from '@nestjs/common';
import { FIELDS } from '../core/model/fields.js';
import { Database, rows, sql } from '../platform/database/index.js';
import type { Entity, JsonValue } from '../sdk/index.js';
import { csvLine, type LineEnd } from './csv.js';

export type ExportFormat = 'csv' | 'json';

/** Which source record stands for which customer or account. */
export interface LinkRow {
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
  readonly customerId: string;
}

export interface GoldenRow {
  readonly id: string;
  readonly entity: Entity;
  readonly fields: Readonly<Record<string, JsonValue>>;
}

export interface ExportOptions {
  readonly entity?: Entity | undefined;
  /** Of CSV; CRLF unless told. */
  readonly lineEnd?: LineEnd | undefined;
}

const PAGE = 2_000;

const LINK_COLUMNS = ['connection', 'object', 'external_id', 'customer_id'];

/** All links, or all golden records, page by page: memory is bounded by the page. */
@Injectable()
export class ExportService {
  constructor(private readonly database: Database) {}

  /** The links of live records, in the order the hub came to know them; the hub's own records are left out. */
  async *links(filter: { readonly entity?: Entity | undefined } = {}): AsyncGenerator<readonly LinkRow[]> {
    const entity = filter.entity ?? null;
    let after = '0';
    for (;;) {
      const page = await rows<LinkRow & { id: string }>(
        this.database,
        sql`select s.id::text as id, c.name as connection, s.object, s.external_id as "externalId",
                s.golden_id::text as "customerId"
           from source_record s join connection c on c.id = s.connection_id
          where s.id > ${after}::bigint and s.golden_id is not null and s.deleted_at is null and c.connector <> 'hub'
            and (${entity}::text is null or s.entity = ${entity})
          order by s.id limit ${PAGE}::int`,
      );
      if (page.length > 0) yield page.map(({ id: _, ...link }) => link);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.id;
    }
  }

  /** Golden records with their fields, by id. */
  async *customers(
    filter: { readonly entity?: Entity | undefined } = {},
  ): AsyncGenerator<readonly GoldenRow[]> {
    const entity = filter.entity ?? 'customer';
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const page = await rows<GoldenRow>(
        this.database,
        sql`select id::text as id, entity, fields from golden
          where id > ${after}::uuid and entity = ${entity} and merged_into is null order by golden.id limit ${PAGE}::int`,
      );
      if (page.length > 0) yield page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.id;
    }
  }

  /** The same as text, in pieces to be written one after the other. */
  async *linksText(format: ExportFormat, options: ExportOptions = {}): AsyncGenerator<string> {
    const pages = this.links(options);
    if (format === 'json') {
      yield* jsonArray(pages, linkObject);
      return;
    }
    yield csvLine(LINK_COLUMNS, options.lineEnd);
    for await (const page of pages) {
      yield page
        .map((link) =>
          csvLine([link.connection, link.object, link.externalId, link.customerId], options.lineEnd),
        )
        .join('');
    }
  }

  /** In CSV every canonical field is a column; fields of your own follow, as JSON in one. */
  async *customersText(format: ExportFormat, options: ExportOptions = {}): AsyncGenerator<string> {
    const pages = this.customers(options);
    if (format === 'json') {
      yield* jsonArray(pages, ({ id, entity, fields }) => ({ id, entity, fields: { ...fields } }));
      return;
    }
    const names = FIELDS[options.entity ?? 'customer'].map((field) => field.name);
    yield csvLine(['id', ...names, 'custom'], options.lineEnd);
    for await (const page of pages) {
      yield page.map((row) => csvLine(goldenCells(row, names), options.lineEnd)).join('');
    }
  }
}

function linkObject(link: LinkRow): JsonValue {
  return {
    connection: link.connection,
    object: link.object,
    external_id: link.externalId,
    customer_id: link.customerId,
  };
}

function goldenCells({ id, fields }: GoldenRow, names: readonly string[]): JsonValue[] {
  const custom = Object.entries(fields).filter(([name]) => name.startsWith('custom.'));
  return [
    id,
    ...names.map((name) => fields[name] ?? null),
    custom.length === 0 ? null : JSON.stringify(Object.fromEntries(custom)),
  ];
}

async function* jsonArray<Row>(
  pages: AsyncIterable<readonly Row[]>,
  print: (row: Row) => JsonValue,
): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const page of pages) {
    yield separator + page.map((row) => JSON.stringify(print(row))).join(',\n');
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}
