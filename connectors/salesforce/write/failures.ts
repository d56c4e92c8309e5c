/** What becomes of records that Salesforce refused, each for its own reason. */
import type { JsonValue, PushOutcome, Tombstone } from '../../../src/sdk/index.js';
import type { ApiErrorItem } from '../api/api-failure.js';
import type { Row } from '../client.js';
import { existingOf } from './conflicts.js';
import { tombstoneOf } from '../records/decode.js';
import type { Column } from '../records/describe.js';
import { recordError, rejectionsOf } from './record-errors.js';
import { rowsById } from '../records/select.js';
import type { Desk } from './write.js';

export interface Failed {
  readonly item: {
    readonly key: string;
    /** Of the record, unless it was to be made. */
    readonly id?: string;
    readonly fields?: Readonly<Record<string, JsonValue>>;
    readonly columns?: readonly Column[];
  };
  readonly error: ApiErrorItem;
}

const THROTTLED_MS = 15 * 60_000;

export async function failureOutcomes(
  desk: Desk,
  failed: readonly Failed[],
): Promise<readonly PushOutcome[]> {
  const of = (...handlings: readonly string[]): readonly Failed[] =>
    failed.filter(({ error }) => handlings.includes(recordError(error.code).handling));
  return [
    ...of('rejected').map(rejected),
    ...of('retry').map((one) => retried(one)),
    ...of('throttled').map((one) => retried(one, desk.client.ctx.clock.now() + THROTTLED_MS)),
    ...(await missing(desk, of('missing', 'converted'))),
    ...(await conflicts(desk, of('conflict'))),
  ];
}

export function goneOutcome(key: string, tombstone: Tombstone | undefined): PushOutcome {
  const mergedInto = tombstone?.mergedInto;
  return { key, status: 'gone', ...(mergedInto === undefined ? {} : { mergedInto }) };
}

function rejected({ item, error }: Failed): PushOutcome {
  return { key: item.key, status: 'rejected', rejections: rejectionsOf(error, item.columns ?? []) };
}

function retried({ item, error }: Failed, retryAt?: number): PushOutcome {
  const { message } = recordError(error.code);
  return {
    key: item.key,
    status: 'retry',
    code: error.code,
    message,
    ...(retryAt === undefined ? {} : { retryAt }),
  };
}

/** Salesforce says the same of a record that is gone and of one that points at something gone. */
async function missing(desk: Desk, failed: readonly Failed[]): Promise<readonly PushOutcome[]> {
  const ids = failed.flatMap(({ item }) => item.id ?? []);
  if (ids.length === 0) return failed.map(rejected);
  let rows: ReadonlyMap<string, Row>;
  try {
    rows = await rowsById(desk.client, desk.target, { ids, columns: [] });
  } catch {
    return failed.map((one) => retried(one));
  }
  return failed.map((one) => {
    if (one.item.id === undefined) return rejected(one);
    const row = rows.get(one.item.id);
    const tombstone = row && tombstoneOf(row);
    if (row !== undefined && tombstone === undefined) return rejected(one);
    return goneOutcome(one.item.key, tombstone);
  });
}

async function conflicts(desk: Desk, failed: readonly Failed[]): Promise<readonly PushOutcome[]> {
  const existing = await existingOf(desk, failed);
  return failed.map(({ item, error }): PushOutcome => {
    const { message, remedy } = recordError(error.code);
    const other = existing.get(item.key);
    return {
      key: item.key,
      status: 'conflict',
      message,
      remedy,
      detail: `${error.code}: ${error.message}`,
      ...(other === undefined ? {} : { existingId: other.id }),
      ...(other?.property === undefined ? {} : { property: other.property }),
    };
  });
}
