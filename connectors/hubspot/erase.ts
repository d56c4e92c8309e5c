/** Erasing people: HubSpot takes one contact a call, and forgets it within 30 days. */
import {
  ConnectorError,
  type EraseOperation,
  type EraseOutcome,
  type EraseRequest,
} from '../../src/sdk/index.js';
import { mapAtOnce } from './chunks.js';
import type { HubSpotContext } from './config.js';
import { purgeContact } from './contacts-client.js';
import { isGone } from './errors.js';
import { RefusedError } from './failures.js';
import { factsOf } from './objects.js';

const AT_ONCE = 3;

/** Only contacts stand for people. */
export async function erase(ctx: HubSpotContext, request: EraseRequest): Promise<readonly EraseOutcome[]> {
  if (factsOf(request.object).object !== 'contact')
    throw new TypeError(`HubSpot erases contacts, not "${request.object}".`);
  const results = await mapAtOnce(request.operations, AT_ONCE, (operation) => eraseOne(ctx, operation));
  const failures = results.flatMap((result) => result.failure ?? []);
  const [first] = failures;
  if (first !== undefined && failures.length === results.length) throw first;
  return results.map((result) => result.outcome);
}

interface Tried {
  readonly outcome: EraseOutcome;
  /** Nothing can be said of this record: it has nothing to do with the record. */
  readonly failure?: ConnectorError;
}

async function eraseOne(ctx: HubSpotContext, { key, id }: EraseOperation): Promise<Tried> {
  try {
    await purgeContact(ctx, id);
    return { outcome: { key, status: 'erased' } };
  } catch (error) {
    if (error instanceof RefusedError) return { outcome: refused(key, error) };
    if (!(error instanceof ConnectorError)) throw error;
    const { code, message, retryAt } = error;
    const wait = retryAt === undefined ? {} : { retryAt };
    return { outcome: { key, status: 'retry', code, message, ...wait }, failure: error };
  }
}

function refused(key: string, { status, error }: RefusedError): EraseOutcome {
  if (status === 404 || isGone(error)) return { key, status: 'gone' };
  return {
    key,
    status: 'rejected',
    code: error.subCategory ?? error.category ?? `HTTP_${String(status)}`,
    message: 'HubSpot refuses to erase the contact.',
    remedy: 'Erase it there by hand (the contact, Actions, Delete, permanently), or see why HubSpot refuses.',
  };
}
