import { Injectable } from '@nestjs/common';
import { ConnectionsService } from '../connections/connections.service.js';
import { findIssue } from '../issues/issue-list.repository.js';
import { Database } from '../platform/database/index.js';
import type { JsonValue } from '../sdk/index.js';
import { loadRecordsOfGolden } from '../sync/resolve.repository.js';
import { isLive } from '../sync/source-record.js';
import { EditService } from './edit.service.js';
import { RequestError } from './request-error.js';

/** A person's word on a field that systems swing between: a value, or that of one connection. */
export type FrozenDecision =
  | { readonly issueId: string; readonly by: string; readonly value: JsonValue }
  | { readonly issueId: string; readonly by: string; readonly connection: string };

export interface Decided {
  /** Of the customer or account. */
  readonly id: string;
  readonly field: string;
  readonly value: JsonValue;
}

/** Decides what a frozen field is: the decision is an edit in the hub, and the field is pushed again. */
@Injectable()
export class FrozenFieldService {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionsService,
    private readonly edits: EditService,
  ) {}

  /** @throws RequestError when the issue asks for no such decision, or the connection says nothing of the field */
  async decide(decision: FrozenDecision): Promise<Decided> {
    const { issueId, by } = decision;
    const issue = /^\d{1,18}$/.test(issueId) ? await findIssue(this.database, issueId) : undefined;
    if (issue === undefined) throw refuse('unknown', `There is no sync issue ${issueId.slice(0, 40)}.`);
    const { customerId: id, field } = issue;
    if (issue.code !== 'FIELD_FROZEN' || id === null || field === null)
      throw refuse('conflict', `Issue ${issueId} asks for no decision on a value.`);
    const value = 'value' in decision ? decision.value : await this.wordOf(decision.connection, id, field);
    await this.edits.edit({ id, values: { [field]: value }, by });
    return { id, field, value };
  }

  private async wordOf(name: string, goldenId: string, field: string): Promise<JsonValue> {
    const connection = (await this.connections.directory()).named(name);
    const records = await this.database.transaction((tx) => loadRecordsOfGolden(tx, [goldenId]));
    const states = records
      .filter((record) => isLive(record) && record.connectionId === connection?.id)
      .flatMap((record) => record.fields[field] ?? []);
    const [state] = states;
    if (state !== undefined) return state.held;
    throw refuse('invalid', `${name} holds no ${field} of this customer.`);
  }
}

function refuse(kind: 'unknown' | 'conflict' | 'invalid', message: string): RequestError {
  return new RequestError({
    kind,
    message,
    remedy: 'See `rapport issues` for what waits, and `rapport customer` for what each system holds.',
  });
}
