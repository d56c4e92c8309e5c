/** An answer that is no, or that can't be read. Turned into the hub's own error by `errors.ts`. */
import type { HttpResponse } from '../../../src/sdk/index.js';

/** One error as Salesforce words it: of a whole call, or of one record of a collection. */
export interface ApiErrorItem {
  readonly code: string;
  readonly message: string;
  readonly fields: readonly string[];
  /** Records that a duplicate rule found in the way. */
  readonly existingIds: readonly string[];
}

export class ApiFailure extends Error {
  readonly status: number;
  readonly items: readonly ApiErrorItem[];
  /** The answer was no JSON though it should have been: cut off, or a page for humans. */
  readonly unreadable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(init: {
    readonly status: number;
    readonly items: readonly ApiErrorItem[];
    readonly unreadable?: boolean;
    readonly retryAfterMs?: number | undefined;
  }) {
    super(init.items[0]?.message ?? `Salesforce answered with HTTP ${String(init.status)}`);
    this.name = 'ApiFailure';
    this.status = init.status;
    this.items = init.items;
    this.unreadable = init.unreadable ?? false;
    this.retryAfterMs = init.retryAfterMs;
  }

  get code(): string {
    return this.items[0]?.code ?? `HTTP_${String(this.status)}`;
  }
}

/** A complete answer whose body is not what the call answers with. */
export function unreadableAnswer(status: number): ApiFailure {
  return new ApiFailure({ status, items: [], unreadable: true });
}

/** Reads the error array of an answer with status 400 or above; a page in HTML leaves no items. */
export function failureOf(response: HttpResponse): ApiFailure {
  const { status } = response;
  const retryAfterMs = retryAfter(response.headers['retry-after']);
  const content = new TextDecoder().decode(response.body);
  const fault = soapFault(content);
  if (fault !== undefined) return new ApiFailure({ status, items: [fault], retryAfterMs });
  try {
    const body: unknown = JSON.parse(content);
    const items = (Array.isArray(body) ? body : [body]).map(errorItem);
    return new ApiFailure({ status, items, retryAfterMs });
  } catch {
    return new ApiFailure({ status, items: [], unreadable: true, retryAfterMs });
  }
}

/**
 * SOAP says no with HTTP 500 whatever the reason, and with a code after `sf:`.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
 */
function soapFault(content: string): ApiErrorItem | undefined {
  const code = /<faultcode>(?:\w+:)?(\w+)<\/faultcode>/.exec(content)?.[1];
  if (code === undefined) return undefined;
  const message = /<faultstring>([^<]*)<\/faultstring>/.exec(content)?.[1] ?? '';
  return { code, message, fields: [], existingIds: [] };
}

/** `errorCode` in the answer to a call, `statusCode` in a collection's. */
export function errorItem(value: unknown): ApiErrorItem {
  const item = isObject(value) ? value : {};
  return {
    code: text(item['errorCode']) ?? text(item['statusCode']) ?? text(item['error']) ?? 'UNKNOWN',
    message: text(item['message']) ?? text(item['error_description']) ?? '',
    fields: Array.isArray(item['fields']) ? item['fields'].filter((one) => typeof one === 'string') : [],
    // The first spelling is what the REST API sends.
    existingIds: duplicateIds(item['duplicateResut'] ?? item['duplicateResult']),
  };
}

function duplicateIds(result: unknown): readonly string[] {
  const matches = list(isObject(result) ? result['matchResults'] : undefined);
  const records = matches.flatMap((match) => list(isObject(match) ? match['matchRecords'] : undefined));
  return records.flatMap((one) => {
    const record = isObject(one) ? one['record'] : undefined;
    const id = isObject(record) ? text(record['Id']) : undefined;
    return id === undefined ? [] : [id];
  });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Seconds only: Salesforce sends no dates there. */
function retryAfter(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return header === undefined || !Number.isFinite(seconds) || seconds < 0 ? undefined : seconds * 1000;
}
