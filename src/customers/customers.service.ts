import { Injectable } from '@nestjs/common';
import { ConnectionsService } from '../connections/connections.service.js';
import { Database } from '../platform/database/index.js';
import { RulesService } from '../rules/rules.service.js';
import type { Entity } from '../sdk/index.js';
import { detailOf, recordViews, type CustomerDetail } from './detail.js';
import { explainField, type Explanation } from './explain.js';
import { needGolden } from './golden.repository.js';
import { historyOf, type HistoryEntry } from './history.js';
import type { Page, PageRequest } from './paging.js';
import type { RecordView } from './record-view.js';
import { linkedRecords } from './records.repository.js';
import { searchGolden, type CustomerSummary } from './search.repository.js';

/** Which golden record is meant: by its id, or by that of one it took in. */
export interface CustomerKey {
  readonly id: string;
  /** Only of this kind. */
  readonly entity?: Entity | undefined;
}

/** Customers and accounts, as people and programs look at them. */
@Injectable()
export class CustomersService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly rules: RulesService,
  ) {}

  /**
   * By title. A query is an e-mail, a phone number in any form, a handle, a domain, an id here (those merged away
   * included) or in a system, or beginnings of words of the name.
   */
  async search(
    request: PageRequest & { readonly entity: Entity; readonly query?: string | undefined },
  ): Promise<Page<CustomerSummary>> {
    return searchGolden(this.database, request, request);
  }

  /** @throws RequestError of kind unknown */
  async find({ id, entity }: CustomerKey): Promise<CustomerDetail> {
    return detailOf(this.database, { id, entity }, await this.connections.directory());
  }

  /** The source records alone. */
  async records({ id, entity }: CustomerKey): Promise<RecordView[]> {
    const golden = await needGolden(this.database, id, entity);
    const records = await linkedRecords(this.database, golden.id);
    return recordViews(this.database, golden, records, await this.connections.directory());
  }

  /** What changed and what was overridden, newest first, each with the writes it caused. */
  async history({ id, entity, ...page }: CustomerKey & PageRequest): Promise<Page<HistoryEntry>> {
    const golden = await needGolden(this.database, id, entity);
    return historyOf(this.database, golden.id, page);
  }

  /** Why a field has the value it has. */
  async explain({ id, entity, field }: CustomerKey & { readonly field: string }): Promise<Explanation> {
    const golden = await needGolden(this.database, id, entity);
    const directory = await this.connections.directory();
    const { survivorship } = await this.rules.current();
    return explainField(this.database, { id: golden.id, field }, { directory, rules: survivorship });
  }
}
