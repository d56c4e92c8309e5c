/** One collection call and what became of each of its records. */
import { TransportError, type JsonValue } from '../../../src/sdk/index.js';
import { ApiFailure, type ApiErrorItem } from '../api/api-failure.js';
import type { Writer } from '../bulk/writers.js';
import type { SalesforceClient } from '../client.js';
import type { Column } from '../records/describe.js';
import type { SObject } from '../objects.js';
import type { SaveAnswer } from '../api/save-answer.js';

/** What all writes of one push have in common. */
export interface Desk {
  readonly client: SalesforceClient;
  readonly writer: Writer;
  readonly target: SObject;
  /** What a create reports back as stored. */
  readonly columns: readonly Column[];
}

export interface Create {
  readonly key: string;
  readonly hubId: string;
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly columns: readonly Column[];
  readonly uncertainSince?: string;
}

export interface Update {
  readonly key: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, JsonValue>>;
  readonly columns: readonly Column[];
}

export interface Archive {
  readonly key: string;
  readonly id: string;
}

/** Sent, and no telling answer. `ended`: whatever the call did, it has done; nothing of it is under way any more. */
export interface Lost {
  readonly success: 'lost';
  readonly ended: boolean;
}

export interface Written<T> {
  readonly item: T;
  readonly answer: SaveAnswer | Lost;
}

/**
 * Sends the records in one call. Where Salesforce refuses the call for one record's sake, halves find that record
 * and let the others through. Throws when the call was refused for another reason, or not sent: nothing is changed.
 */
export async function write<T>(
  items: readonly T[],
  send: (items: readonly T[]) => Promise<readonly (SaveAnswer | Lost)[]>,
): Promise<readonly Written<T>[]> {
  try {
    const answers = await send(items);
    return items.flatMap((item, index) => {
      const answer = answers[index];
      return answer === undefined ? [] : [{ item, answer }];
    });
  } catch (error) {
    const lost = lostAnswer(error);
    if (lost !== undefined) return items.map((item) => ({ item, answer: lost }));
    if (!(error instanceof ApiFailure) || error.status !== 400) throw error;
    const [first] = error.items;
    if (first === undefined) throw error;
    if (items.length === 1) return items.map((item) => ({ item, answer: { success: false, error: first } }));
    const middle = Math.ceil(items.length / 2);
    return [...(await write(items.slice(0, middle), send)), ...(await afterSome(items.slice(middle), send))];
  }
}

/** The other half is written already, so a failure may not be thrown any more. */
async function afterSome<T>(
  items: readonly T[],
  send: (items: readonly T[]) => Promise<readonly (SaveAnswer | Lost)[]>,
): Promise<readonly Written<T>[]> {
  try {
    return await write(items, send);
  } catch (error) {
    if (!(error instanceof ApiFailure || error instanceof TransportError)) throw error;
    const code = error instanceof ApiFailure ? error.code : 'SERVER_UNAVAILABLE';
    const refusal = {
      code: RETRIED.has(code) ? code : 'SERVER_UNAVAILABLE',
      message: error.message,
      fields: [],
      existingIds: [],
    };
    return items.map((item) => ({ item, answer: { success: false, error: refusal } }));
  }
}

const RETRIED: ReadonlySet<string> = new Set(['REQUEST_LIMIT_EXCEEDED', 'INVALID_SESSION_ID']);

/** Gateways that give up waiting answer in these: what stands behind them may still be at work. */
const GATEWAY: ReadonlySet<number> = new Set([502, 504]);

function lostAnswer(error: unknown): Lost | undefined {
  if (error instanceof TransportError) return error.sent ? { success: 'lost', ended: false } : undefined;
  if (!(error instanceof ApiFailure)) return undefined;
  if (error.status >= 500) return { success: 'lost', ended: !GATEWAY.has(error.status) };
  return error.unreadable && error.status < 400 ? { success: 'lost', ended: true } : undefined;
}

export interface Sorted<T> {
  readonly stored: readonly { readonly item: T; readonly answer: SaveAnswer & { readonly success: true } }[];
  readonly failed: readonly { readonly item: T; readonly error: ApiErrorItem }[];
  readonly lost: readonly { readonly item: T; readonly answer: Lost }[];
}

export function sorted<T>(written: readonly Written<T>[]): Sorted<T> {
  return {
    stored: written.flatMap(({ item, answer }) => (answer.success === true ? [{ item, answer }] : [])),
    failed: written.flatMap(({ item, answer }) =>
      answer.success === false ? [{ item, error: answer.error }] : [],
    ),
    lost: written.flatMap(({ item, answer }) => (answer.success === 'lost' ? [{ item, answer }] : [])),
  };
}
