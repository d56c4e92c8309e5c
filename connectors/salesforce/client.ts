/** Calls to one org through jsforce: queries, collections of records, describes, limits. */
import { SoapApi } from 'jsforce/lib/api/soap.js';
import { Connection } from 'jsforce/lib/connection.js';
import type { DescribeSObjectResult, OrganizationLimitsInfo } from 'jsforce/lib/types/index.js';
import type { HttpRequest, HttpResponse } from '../../src/sdk/index.js';
import { ApiFailure, failureOf, isObject, unreadableAnswer } from './api/api-failure.js';
import { saveAnswers, type SaveAnswer } from './api/save-answer.js';
import { keepSession, type Context, type SessionKeeper } from './session/session.js';
import type { Session } from './session/sign-in.js';
import { patiently } from './api/patience.js';
import { utc } from './records/decode.js';
import { HubTransport } from './api/transport.js';
import { CLIENT_NAME } from './streaming/change-event.js';

export type Row = Readonly<Record<string, unknown>>;

export interface QueryAnswer {
  readonly rows: readonly Row[];
  readonly totalSize: number;
  /** False when the answer holds only the first of the rows. */
  readonly done: boolean;
  readonly next: string | undefined;
  /** Hub's clock just before the request. */
  readonly readAt: number;
}

/** What became of one record in the recycle bin. */
export interface BinAnswer {
  readonly success: boolean;
  /** Of the first error; empty without one. */
  readonly code: string;
}

/** Fields to write; `Id` and `attributes` are added by jsforce. */
export type Fields = Readonly<Record<string, unknown>>;

/** Tables of thousands of lines take their time. */
const TABLE_TIMEOUT_MS = 120_000;

/** Opens a client with the session at hand; signs in when there is none. */
export async function openClient(ctx: Context): Promise<SalesforceClient> {
  const keeper = keepSession(ctx);
  return new SalesforceClient(ctx, keeper, await keeper.current());
}

export class SalesforceClient {
  private readonly connection: Connection;

  constructor(
    readonly ctx: Context,
    private readonly keeper: SessionKeeper,
    private session: Session,
  ) {
    this.connection = new Connection({
      version: ctx.settings.apiVersion,
      instanceUrl: session.instanceUrl,
      accessToken: session.accessToken,
      callOptions: { client: CLIENT_NAME },
    });
    this.connection._transport = new HubTransport((request) => this.send(request));
  }

  get userId(): string | undefined {
    return this.session.userId;
  }

  get instanceUrl(): string {
    return this.session.instanceUrl;
  }

  /** Used and allowed calls of the last 24 hours, as the last answer said. */
  get apiUsage(): { readonly used: number; readonly limit: number } | undefined {
    return this.connection.limitInfo.apiUsage;
  }

  /** One answer, with `queryAll` deleted records included. Tried again when it fails in passing. */
  async query(soql: string, options: { readonly all: boolean }): Promise<QueryAnswer> {
    const url = `/${options.all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
    return this.fetchRows(url);
  }

  /** All rows of a query, for those whose number is bounded by an IN list. */
  async queryRows(soql: string, options: { readonly all: boolean }): Promise<readonly Row[]> {
    let answer = await this.query(soql, options);
    const rows = [...answer.rows];
    while (answer.next !== undefined) {
      answer = await this.fetchRows(answer.next);
      rows.push(...answer.rows);
    }
    return rows;
  }

  private async fetchRows(url: string): Promise<QueryAnswer> {
    return patiently(this.ctx, async () => {
      const readAt = this.ctx.clock.now();
      const body: unknown = await this.connection.request({ method: 'GET', url });
      if (!isObject(body) || !Array.isArray(body['records'])) throw unreadableAnswer(200);
      const { nextRecordsUrl, totalSize, done } = body;
      return {
        rows: body['records'].filter(isObject),
        totalSize: typeof totalSize === 'number' ? totalSize : 0,
        done: done !== false,
        next: done === false && typeof nextRecordsUrl === 'string' ? nextRecordsUrl : undefined,
        readAt,
      };
    });
  }

  async describe(type: string): Promise<DescribeSObjectResult> {
    return patiently(this.ctx, async () => {
      const described: unknown = await this.connection.describe(type);
      if (!isObject(described) || !Array.isArray(described['fields'])) throw unreadableAnswer(200);
      return described as unknown as DescribeSObjectResult;
    });
  }

  /** Any resource under the version's path. */
  async get(path: string): Promise<unknown> {
    return patiently(this.ctx, async () => {
      const answer: unknown = await this.connection.request({ method: 'GET', url: path });
      return answer;
    });
  }

  /** How many records of a type were deleted between two instants, and from when to when the log tells (ms). */
  async deletedBetween(
    type: string,
    start: number,
    end: number,
  ): Promise<{ readonly count: number; readonly earliest: number; readonly covered: number }> {
    return patiently(this.ctx, async () => {
      const answer: unknown = await this.connection.deleted(type, new Date(start), new Date(end));
      if (!isObject(answer) || !Array.isArray(answer['deletedRecords'])) throw unreadableAnswer(200);
      const at = (name: string, otherwise: number): number =>
        Date.parse(utc(answer[name]) ?? '') || otherwise;
      return {
        count: answer['deletedRecords'].length,
        earliest: at('earliestDateAvailable', start),
        covered: at('latestDateCovered', end),
      };
    });
  }

  async limits(): Promise<OrganizationLimitsInfo> {
    return patiently(this.ctx, async () => {
      const limits: unknown = await this.connection.limits();
      if (!isObject(limits)) throw unreadableAnswer(200);
      return limits as OrganizationLimitsInfo;
    });
  }

  /**
   * Entities that change data capture is switched on for (`ContactChangeEvent`), in Setup or by a channel of its own;
   * undefined where the user may not see that. Tooling API, PlatformEventChannelMember.
   */
  async changeEventEntities(): Promise<ReadonlySet<string> | undefined> {
    const soql = 'SELECT SelectedEntity FROM PlatformEventChannelMember';
    try {
      const { rows } = await this.fetchRows(`/tooling/query?q=${encodeURIComponent(soql)}`);
      return new Set(rows.flatMap(({ SelectedEntity: name }) => (typeof name === 'string' ? [name] : [])));
    } catch (error) {
      if (error instanceof ApiFailure && error.status < 500) return undefined;
      throw error;
    }
  }

  /** Versions the instance serves, like `62.0`. */
  async versions(): Promise<readonly string[]> {
    return patiently(this.ctx, async () => {
      const list: unknown = await this.connection.request('/services/data');
      if (!Array.isArray(list)) throw unreadableAnswer(200);
      return list.flatMap((one: unknown) =>
        isObject(one) && typeof one['version'] === 'string' ? [one['version']] : [],
      );
    });
  }

  // Jobs of Bulk API 2.0. Paths follow the version.

  async json(call: {
    readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
    readonly path: string;
    readonly body?: Readonly<Record<string, string>>;
  }): Promise<unknown> {
    const { method, path, body } = call;
    return this.connection.request({
      method,
      url: path,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  }

  /** A table in CSV, as it comes; its headers say where it goes on. */
  async csv(path: string): Promise<HttpResponse> {
    return this.send({
      ...this.table('GET', path),
      headers: { accept: 'text/csv', 'accept-encoding': 'gzip' },
    });
  }

  async upload(path: string, csv: string): Promise<void> {
    await this.send({ ...this.table('PUT', path), body: csv, headers: { 'content-type': 'text/csv' } });
  }

  private table(method: string, path: string): HttpRequest {
    const { instanceUrl, version } = this.connection;
    return { method, url: `${instanceUrl}/services/data/v${version}${path}`, timeoutMs: TABLE_TIMEOUT_MS };
  }

  // The writes: up to 200 records of one type a call, one answer each, in order; never tried again from here.

  async create(type: string, records: readonly Fields[]): Promise<readonly SaveAnswer[]> {
    const answer: unknown = await this.connection.create(type, [...records], { allOrNone: false });
    return saveAnswers(answer, records.length);
  }

  /** Lets duplicate rules of the kind that only warns pass: the record is there already. */
  async update(
    type: string,
    records: readonly (Fields & { readonly Id: string })[],
  ): Promise<readonly SaveAnswer[]> {
    const headers = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' };
    const answer: unknown = await this.connection.update(type, [...records], { allOrNone: false, headers });
    return saveAnswers(answer, records.length);
  }

  async upsert(
    type: string,
    records: readonly Fields[],
    externalIdField: string,
  ): Promise<readonly SaveAnswer[]> {
    const answer: unknown = await this.connection.upsert(type, [...records], externalIdField, {
      allOrNone: false,
    });
    return saveAnswers(answer, records.length);
  }

  async destroy(type: string, ids: readonly string[]): Promise<readonly SaveAnswer[]> {
    const answer: unknown = await this.connection.destroy(type, [...ids]);
    return saveAnswers(answer, ids.length);
  }

  /** Takes records out of the recycle bin for good: up to 200 a call, one answer each, in order. No harm when repeated. */
  async emptyRecycleBin(ids: readonly string[]): Promise<readonly BinAnswer[]> {
    const empty = async (): Promise<unknown> => new SoapApi(this.connection).emptyRecycleBin([...ids]);
    const used = this.session;
    const answer = await empty().catch(async (error: unknown) => {
      // SOAP carries the session within the call and refuses it with HTTP 500: nothing was done.
      if (!(error instanceof ApiFailure) || error.code !== 'INVALID_SESSION_ID') throw error;
      await this.renew(used);
      return empty();
    });
    const results: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
    return results.map((result) => {
      const { success, errors } = isObject(result) ? result : {};
      const [error] = (Array.isArray(errors) ? errors : [errors]) as readonly unknown[];
      const code = isObject(error) && typeof error['statusCode'] === 'string' ? error['statusCode'] : '';
      return { success: success === true, code };
    });
  }

  /**
   * A refused session is renewed and the call sent again, once: Salesforce refuses before it does anything, so this
   * is as safe for writes as for reads.
   */
  private async send(request: HttpRequest): Promise<HttpResponse> {
    const used = this.session;
    const first = await this.exchange(request);
    if (first.status !== 401) return accepted(first);
    await this.renew(used);
    return accepted(await this.exchange(request));
  }

  private async renew(used: Session): Promise<void> {
    this.session = await this.keeper.renew(used);
    this.connection.accessToken = this.session.accessToken;
    this.ctx.log.info('salesforce session renewed');
  }

  private async exchange(request: HttpRequest): Promise<HttpResponse> {
    const { accessToken, instanceUrl } = this.session;
    const path = request.url.slice(this.connection.instanceUrl.length);
    return this.ctx.http.send({
      ...request,
      url: instanceUrl + path,
      headers: { ...request.headers, Authorization: `Bearer ${accessToken}` },
    });
  }
}

/** jsforce's own errors forget the status and the text of a page in HTML; ours keep them. */
function accepted(response: HttpResponse): HttpResponse {
  if (response.status >= 300) throw failureOf(response);
  return response;
}
