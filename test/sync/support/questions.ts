/** What a person would ask the hub. */
import type { Type } from '@nestjs/common';
import { CustomersService } from '../../../src/customers/customers.service.js';
import type { CustomerDetail } from '../../../src/customers/detail.js';
import type { Explanation } from '../../../src/customers/explain.js';
import type { HistoryLine } from '../../../src/customers/history.js';
import type { IssueView } from '../../../src/issues/issue-list.repository.js';
import { IssuesService } from '../../../src/issues/issues.service.js';
import type { Database } from '../../../src/platform/database/index.js';
import { RunsService } from '../../../src/runs/runs.service.js';
import type { Unsynced } from '../../../src/runs/run-report.js';
import type { Entity, JsonValue } from '../../../src/sdk/index.js';

export class Questions {
  constructor(
    private readonly get: <T>(service: Type<T>) => T,
    private readonly database: Database,
  ) {}

  /** The customer, or account, that a record stands for: by its id in its system. */
  async behind(externalId: string): Promise<CustomerDetail> {
    const records = await this.database.prisma.sourceRecord.findMany({ where: { externalId } });
    const [record] = records;
    if (record?.goldenId == null || records.length > 1)
      throw new Error(`${String(records.length)} records are called ${externalId}.`);
    return this.get(CustomersService).find({ id: record.goldenId });
  }

  /** One field of the golden record that a record stands for. */
  async golden(externalId: string, field: string): Promise<JsonValue> {
    const { fields } = await this.behind(externalId);
    return fields.find((one) => one.field === field)?.value ?? null;
  }

  /** How many customers, or accounts, there are; aliases do not count. */
  async howMany(entity: Entity): Promise<number> {
    return this.database.prisma.golden.count({ where: { entity, mergedInto: null } });
  }

  /** What became of a field, newest first. */
  async history(externalId: string, field: string): Promise<readonly HistoryLine[]> {
    const { id } = await this.behind(externalId);
    const { items } = await this.get(CustomersService).history({ id, limit: 100 });
    return items.flatMap((entry) => entry.changes).filter((change) => change.field === field);
  }

  /** Why a field of a golden record is as it is. */
  async explain(id: string, field: string): Promise<Explanation> {
    return this.get(CustomersService).explain({ id, field });
  }

  async issues(): Promise<readonly IssueView[]> {
    return (await this.get(IssuesService).list({ limit: 100 })).items;
  }

  async unsynced(): Promise<Unsynced> {
    return this.get(RunsService).unsynced();
  }
}

/** Nothing is left that does not agree. */
export const NOTHING: Unsynced = { issues: 0, writes: 0, events: 0, unresolved: 0 };
