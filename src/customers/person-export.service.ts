import { Injectable } from '@nestjs/common';
import { recordAction } from '../access/audit.repository.js';
import type { FieldStates } from '../core/claims/index.js';
import { opened } from '../sync/source-record.js';
import { ConnectionsService } from '../connections/connections.service.js';
import { Database, rows, sql, type Queryable } from '../platform/database/index.js';
import type { JsonValue } from '../sdk/index.js';
import { detailOf, type CustomerDetail } from './detail.js';
import { needGolden } from './golden.repository.js';
import { historyOf, type HistoryEntry } from './history.js';
import { MAX_PAGE } from './paging.js';

/** One record as a system holds it, with all that was ever claimed by it and is kept. */
export interface ExportedRecord {
  readonly connection: string;
  readonly object: string;
  readonly externalId: string;
  readonly url: string | null;
  readonly createdAt: Date;
  readonly modifiedAt: Date | null;
  readonly deletedAt: Date | null;
  readonly linkedBy: string | null;
  /** Field → claim (value, time in ms, origin), what the system holds, what was pushed. */
  readonly fields: FieldStates;
  /** What the record is recognised by. */
  readonly identifiers: readonly { readonly kind: string; readonly value: string }[];
}

export interface ExportedDecision {
  readonly kind: 'decision' | 'candidate' | 'merge';
  readonly at: Date;
  /** Who said so, or the rule. */
  readonly by: string;
  /** `same`, `notSame`, or what the question or merge was. */
  readonly what: string;
}

export interface ExportedReceipt {
  readonly connection: string;
  readonly object: string;
  readonly externalId: string | null;
  readonly operation: string;
  readonly at: Date;
  readonly fields: JsonValue;
}

/** All that the hub holds of one person; the shape is told in docs/operations.md. */
export interface PersonExport {
  readonly format: 'rapport-person-1';
  readonly exportedAt: string;
  /** The golden record with provenance, links, duplicates, merges, deals and issues. */
  readonly customer: CustomerDetail;
  readonly records: readonly ExportedRecord[];
  /** Newest first. */
  readonly history: readonly HistoryEntry[];
  readonly decisions: readonly ExportedDecision[];
  readonly receipts: readonly ExportedReceipt[];
}

/** Everything that is held of a person, for whoever asks what it is. */
@Injectable()
export class PersonExportService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
  ) {}

  /**
   * That it was asked for, and by whom, is noted.
   *
   * @throws RequestError when there is no such customer
   */
  async exportPerson({ id, by }: { readonly id: string; readonly by: string }): Promise<PersonExport> {
    const db = this.database;
    const golden = await needGolden(db, id, 'customer');
    const customer = await detailOf(this.database, { id: golden.id }, await this.connections.directory());
    const ids = [golden.id, ...customer.aliases];
    const exported: PersonExport = {
      format: 'rapport-person-1',
      exportedAt: new Date().toISOString(),
      customer,
      records: await recordsOf(db, ids),
      history: await this.historyOf(golden.id),
      decisions: await decisionsOf(db, ids),
      receipts: await receiptsOf(db, ids),
    };
    await this.database.transaction((tx) =>
      recordAction(tx, { by, action: 'export person', subject: golden.id, details: {} }),
    );
    return exported;
  }

  private async historyOf(id: string): Promise<HistoryEntry[]> {
    const entries: HistoryEntry[] = [];
    let cursor: string | undefined;
    do {
      const page = await historyOf(this.database, id, { cursor, limit: MAX_PAGE });
      entries.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return entries;
  }
}

async function recordsOf(db: Queryable, ids: readonly string[]): Promise<ExportedRecord[]> {
  const found = await rows<ExportedRecord>(
    db,
    sql`select c.name as connection, s.object, s.external_id as "externalId", s.url, s.created_at as "createdAt",
            s.modified_at as "modifiedAt", s.deleted_at as "deletedAt", s.link_rule as "linkedBy", s.fields,
            coalesce((select json_agg(json_build_object('kind', i.kind, 'value', i.value) order by i.kind, i.value)
                        from identifier i where i.record_id = s.id), '[]') as identifiers
       from source_record s join connection c on c.id = s.connection_id
      where s.golden_id = any(${ids}::uuid[]) order by c.position, c.name, s.id`,
  );
  return opened(found);
}

async function decisionsOf(db: Queryable, ids: readonly string[]): Promise<ExportedDecision[]> {
  return rows(
    db,
    sql`with mine as (select id from source_record where golden_id = any(${ids}::uuid[]))
     select 'decision' as kind, at, by, verdict as what from match_decision
      where record_a in (select id from mine) or record_b in (select id from mine)
     union all
     select 'candidate', at, rule, reason from match_candidate
      where record_a in (select id from mine) or record_b in (select id from mine)
     union all
     select 'merge', at, by, rule || case when undone_at is null then '' else ' (undone)' end from merge
      where survivor_id = any(${ids}::uuid[]) or merged_id = any(${ids}::uuid[])
      order by at desc, kind`,
  );
}

async function receiptsOf(db: Queryable, ids: readonly string[]): Promise<ExportedReceipt[]> {
  return rows(
    db,
    sql`select c.name as connection, w.object, w.external_id as "externalId", w.operation, w.at, w.fields
       from write_receipt w join connection c on c.id = w.connection_id
      where w.golden_id = any(${ids}::uuid[]) order by w.id desc`,
  );
}
