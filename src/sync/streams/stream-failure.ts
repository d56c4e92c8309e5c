import { ConnectorError, isRetryable, type FailureKind } from '../../sdk/index.js';
import { backoff } from '../backoff.js';

/** From here on a wait is no hiccup any more. */
export const LONG_MS = 60_000;

/** What a person must mend is tried again after so long. */
const REFUSED_MS = 5 * 60_000;

/** Why a connection is not listened to; for people. */
export interface StreamProblem {
  readonly code: string;
  readonly kind: FailureKind;
  readonly message: string;
  readonly remedy: string;
}

export function problemOf(error: unknown): StreamProblem {
  if (error instanceof ConnectorError) {
    const { code, kind, message, remedy } = error;
    return { code, kind, message, remedy };
  }
  return {
    code: 'STREAM_FAILED',
    kind: 'system',
    message: 'Listening failed inside the hub.',
    remedy: 'It is tried again by itself; report it with the log if it stays so.',
  };
}

/** ms until listening is tried again after so many failures in a row. */
export function waitOf(error: unknown, failures: number): number {
  if (error instanceof ConnectorError) {
    if (error.retryAt !== undefined) return Math.max(error.retryAt - Date.now(), 0);
    if (!isRetryable(error.kind)) return REFUSED_MS;
  }
  return backoff(failures);
}

/** A stream that ends by itself, against its contract. */
export function streamEnded(): ConnectorError {
  return new ConnectorError({
    kind: 'transient',
    code: 'STREAM_ENDED',
    message: 'The stream ended.',
    remedy: 'Nothing to do: it is opened again by itself.',
  });
}
