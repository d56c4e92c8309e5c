/** Reads that fail in passing are tried again at once; what lasts is the hub's to wait for. */
import { ConnectorError, TransportError, type ConnectorContext } from '../../../src/sdk/index.js';
import { ApiFailure } from './api-failure.js';

const WAITS_MS = [300, 1500];

/** Only for calls that change nothing. */
export async function patiently<T>(
  ctx: Pick<ConnectorContext, 'clock' | 'log'>,
  read: () => Promise<T>,
): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await read();
    } catch (error) {
      if (!passes(error)) throw error;
      ctx.log.debug('salesforce read failed, trying again', { waitMs: wait });
      await ctx.clock.sleep(wait);
    }
  }
  return read();
}

function passes(error: unknown): boolean {
  if (error instanceof TransportError) return error.code !== 'aborted';
  if (error instanceof ConnectorError) return false;
  return error instanceof ApiFailure && (error.status >= 500 || (error.unreadable && error.status < 400));
}
