/** One table from the system's answers to the hub's kinds of failure. */
import { ConnectorError, type FailureKind, type HttpResponse } from '../../src/sdk/index.js';

interface Entry {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

const BY_STATUS: Readonly<Record<number, Entry>> = {
  401: {
    kind: 'credentials',
    code: 'BAD_API_KEY',
    message: 'Example CRM does not take the API key.',
    remedy: 'Make a new key in Example CRM and apply it.',
  },
  403: {
    kind: 'permission',
    code: 'NOT_ALLOWED',
    message: 'The API key may not do this.',
    remedy: 'Give the key the right to read and write contacts.',
  },
  429: {
    kind: 'throttled',
    code: 'TOO_MANY_CALLS',
    message: 'Example CRM asks to wait.',
    remedy: 'Nothing to do: it goes on by itself.',
  },
};

const PASSING = 'Nothing to do: it is tried again.';

/** What an answer that is no success means. */
export function failureOf({ status, headers }: HttpResponse, now: number): ConnectorError {
  const known = BY_STATUS[status];
  if (known !== undefined) {
    const retryAt = now + Number(headers['retry-after'] ?? 5) * 1_000;
    return new ConnectorError({ ...known, ...(known.kind === 'throttled' && { retryAt }) });
  }
  const kind = status >= 500 ? 'transient' : 'system';
  const message = `Example CRM answers with HTTP ${String(status)}.`;
  return new ConnectorError({ kind, code: `HTTP_${String(status)}`, message, remedy: PASSING });
}

/** No complete answer came. */
export function unreachable(cause: unknown): ConnectorError {
  const message = 'Example CRM does not answer.';
  return new ConnectorError({ kind: 'transient', code: 'UNREACHABLE', message, remedy: PASSING, cause });
}

/** An answer that is not whole. */
export function cutOff(cause: unknown): ConnectorError {
  const message = 'Example CRM’s answer was cut off on the way.';
  return new ConnectorError({ kind: 'transient', code: 'CUT_OFF', message, remedy: PASSING, cause });
}

/** An answer, but not one that is documented. */
export function unexpected(cause: unknown): ConnectorError {
  const message = 'Example CRM answers something else than its documentation says.';
  const remedy = 'Update the connector, or tell its authors.';
  return new ConnectorError({ kind: 'system', code: 'UNEXPECTED_ANSWER', message, remedy, cause });
}
